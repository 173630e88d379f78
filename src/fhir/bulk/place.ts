import type { InputFile } from './input/find-inputs.ts';

/** Where in the input something stands. */
export interface Place {
  file: InputFile;
  /** Counts the parts of a file that are judged alone (documents, entries of Bundles), from 0. */
  item: number;
  /** Counts the documents of a file, from 0. */
  document: number;
  line: number;
  /** Index in Bundle.entry. */
  entry: number | undefined;
}

/** A part of the input that did not become a resource: refused, or passed over because nothing is to be stored. */
export interface Rejection {
  place: Place;
  outcome: 'rejected' | 'ignored';
  type: string | undefined;
  id: string | undefined;
  reason: string;
}
