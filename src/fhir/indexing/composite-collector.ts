import type { CompositeValue } from './composite-value.ts';
import type { IndexSink } from './index-sink.ts';

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
