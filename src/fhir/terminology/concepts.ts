import type { Concept } from './concept.ts';
import type { ConceptQuery } from './condition.ts';

/** Part of what a query finds: what comes after a number, in the order of the code system. */
export interface ConceptPage {
  readonly after: number;
  /** So many of those are left out. */
  readonly skip?: number;
  readonly limit: number;
}

/** Before the first concept. */
export const beforeAll = -1;

/** The concepts of one version of a code system, in memory or in a table. */
export interface Concepts {
  readonly size: number;
  /** In the order of the codes; undefined for those that are not known. */
  find(codes: readonly string[]): Promise<(Concept | undefined)[]>;
  /** Those of these numbers, in the order of the code system. */
  numbered(numbers: readonly number[]): Promise<Concept[]>;
  select(query: ConceptQuery, page: ConceptPage): Promise<Concept[]>;
  count(query: ConceptQuery): Promise<number>;
}

/** All that a query finds, piece by piece. */
export async function* walkConcepts(concepts: Concepts, query: ConceptQuery, chunk = 500): AsyncGenerator<Concept[]> {
  for (let after = beforeAll; ; ) {
    const found = await concepts.select(query, { after, limit: chunk });
    if (found.length > 0) yield found;
    if (found.length < chunk) return;
    after = found.at(-1)?.number ?? after;
  }
}
