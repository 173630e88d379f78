import type { Patient } from 'fhir/r4.js';

/** A Patient as some institution holds it, and whose it is. */
export interface DuplicateRecord {
  /** The same for all records of one person. */
  readonly person: string;
  readonly patient: Patient;
  /** What was done to it. */
  readonly errors: readonly string[];
}
