import type { JsonObject } from '#lib/json/index.ts';

export type TerminologyType = 'CodeSystem' | 'ConceptMap' | 'ValueSet';

/** A version of a terminology resource that can be had. */
export interface Entry {
  /** The same for the same text. */
  readonly key: string;
  readonly url: string;
  readonly version: string | undefined;
  /** Undefined when it was removed meanwhile. */
  load(): Promise<JsonObject | undefined>;
  /** Of stored ones. */
  readonly rid?: number;
  readonly resourceVersion?: number;
  /** Characters of its text. */
  readonly length: number;
}
