import type { IndexSink } from './index-sink.ts';

/** A value of one part of a composite parameter, as the conversion of its type tells it. */
export type CompositeValue =
  | { readonly is: 'code' | 'identifier'; readonly path: number; readonly system: string; readonly code: string }
  | { readonly is: 'reference'; readonly path: number; readonly reference: string }
  | { readonly is: 'uri'; readonly path: number; readonly uri: string }
  | { readonly is: 'string'; readonly value: string }
  | { readonly is: 'range'; readonly low: number; readonly high: number; readonly unit?: CompositeUnit };

export interface CompositeUnit {
  readonly system: string;
  readonly code: string;
  readonly name: string;
}

/** The values of a composite in one element, part by part: what stands together there. */
export type CompositeParts = readonly (readonly CompositeValue[])[];

/** Takes what conversions say about one part of a composite. */
export class CompositeCollector implements IndexSink {
  #values: CompositeValue[] = [];

  /** What was gathered since the last time. */
  take(): CompositeValue[] {
    const values = this.#values;
    if (values.length > 0) this.#values = [];
    return values;
  }

  code(path: number, system: string, code: string): void {
    this.#values.push({ is: 'code', path, system, code });
  }

  /** A composite asks for codes, never for `:text`. */
  codeText(): void {}

  identifier(path: number, system: string, code: string): void {
    this.#values.push({ is: 'identifier', path, system, code });
  }

  reference(path: number, reference: string): void {
    this.#values.push({ is: 'reference', path, reference });
  }

  date(_path: number, low: number, high: number): void {
    this.#values.push({ is: 'range', low, high });
  }

  number(_path: number, low: number, high: number): void {
    this.#values.push({ is: 'range', low, high });
  }

  quantity(_path: number, low: number, high: number, system: string, code: string, name: string): void {
    this.#values.push({ is: 'range', low, high, unit: { system, code, name } });
  }

  string(_path: number, value: string): void {
    this.#values.push({ is: 'string', value });
  }

  uri(path: number, uri: string): void {
    this.#values.push({ is: 'uri', path, uri });
  }

  composite(): void {}

  position(): void {}
}
