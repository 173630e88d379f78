import type { CompositeParts, IndexSink } from '../../indexing/index.ts';

/** Lets only some paths through: others have their rows already, by another parameter. */
export class OwnPathsSink implements IndexSink {
  readonly #paths: ReadonlySet<number>;
  readonly #sink: IndexSink;
  /** How much went through. */
  count = 0;

  constructor(paths: ReadonlySet<number>, sink: IndexSink) {
    this.#paths = paths;
    this.#sink = sink;
  }

  #isOwn(path: number): boolean {
    if (!this.#paths.has(path)) return false;
    this.count += 1;
    return true;
  }

  code(path: number, system: string, code: string): void {
    if (this.#isOwn(path)) this.#sink.code(path, system, code);
  }

  codeText(path: number, system: string, code: string, text: string): void {
    if (this.#isOwn(path)) this.#sink.codeText(path, system, code, text);
  }

  identifier(path: number, system: string, value: string): void {
    if (this.#isOwn(path)) this.#sink.identifier(path, system, value);
  }

  reference(path: number, reference: string): void {
    if (this.#isOwn(path)) this.#sink.reference(path, reference);
  }

  date(path: number, low: number, high: number): void {
    if (this.#isOwn(path)) this.#sink.date(path, low, high);
  }

  number(path: number, low: number, high: number): void {
    if (this.#isOwn(path)) this.#sink.number(path, low, high);
  }

  quantity(path: number, low: number, high: number, system: string, code: string, unit: string): void {
    if (this.#isOwn(path)) this.#sink.quantity(path, low, high, system, code, unit);
  }

  string(path: number, value: string): void {
    if (this.#isOwn(path)) this.#sink.string(path, value);
  }

  uri(path: number, value: string): void {
    if (this.#isOwn(path)) this.#sink.uri(path, value);
  }

  composite(path: number, parts: CompositeParts): void {
    if (this.#isOwn(path)) this.#sink.composite(path, parts);
  }

  position(path: number, latitude: number, longitude: number): void {
    if (this.#isOwn(path)) this.#sink.position(path, latitude, longitude);
  }
}
