/** A code in its system. */
export interface CodeInSystem {
  readonly system: string;
  readonly code: string;
}

/**
 * What token searches with `:in`, `:not-in`, `:below` and `:above` ask of terminology, before they are planned.
 * https://hl7.org/fhir/R4/search.html#token
 */
export interface TerminologySource {
  /**
   * Every code of a value set, each once, in any order. It is named by its canonical URL, perhaps with `|version`, or as a
   * resource of this server (`ValueSet/1`). Undefined when it is not known; fails with `too-costly` when it has more
   * members than `limit`, or endlessly many.
   */
  membersOf(valueSet: string, limit: number): Promise<readonly CodeInSystem[] | undefined>;
  /** The code itself and all codes that it subsumes. Undefined when the system or the code is not known. */
  descendants(system: string, code: string, limit: number): Promise<readonly string[] | undefined>;
  /** The code itself and all codes that subsume it. Undefined when the system or the code is not known. */
  ancestors(system: string, code: string, limit: number): Promise<readonly string[] | undefined>;
}
