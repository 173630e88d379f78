import type { CompositeParts } from './composite-value.ts';

/**
 * What an extractor says about one resource. A path is the number of an indexed expression of one resource type
 * (generated/index-paths.json); the store turns calls into rows of the search index.
 */
export interface IndexSink {
  /** A coded value (Coding, CodeableConcept, code, boolean): found by system and code, code alone, system alone. */
  code(path: number, system: string, code: string): void;
  /** A text beside a coded value, for `:text`. An empty code stands for a concept that has a text and no coding. */
  codeText(path: number, system: string, code: string, text: string): void;
  /** A value that is nearly unique (Identifier, ContactPoint, string): found like a code, without a dictionary. */
  identifier(path: number, system: string, value: string): void;
  /** A literal reference or canonical as written: `Patient/1`, `http://...`, `urn:...`. */
  reference(path: number, reference: string): void;
  /** Half-open, in microseconds since 1970 UTC; open ends are -Infinity and Infinity. */
  date(path: number, low: number, high: number): void;
  number(path: number, low: number, high: number): void;
  quantity(path: number, low: number, high: number, system: string, code: string, unit: string): void;
  /** A string or uri as written. */
  string(path: number, value: string): void;
  uri(path: number, value: string): void;
  /** Values of a composite parameter that stand together in one element; every part has some. */
  composite(path: number, parts: CompositeParts): void;
  /** A point on the earth, in degrees north and east. */
  position(path: number, latitude: number, longitude: number): void;
}
