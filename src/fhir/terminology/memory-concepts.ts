import type { Concept, PropertyNames } from './concept.ts';
import type { ConceptPage, Concepts } from './concepts.ts';
import { type ConceptQuery, meets } from './condition.ts';
import { objectsAt, textAt } from './element.ts';
import { type ConceptSource, numberConcepts } from './hierarchy.ts';
import { hasWords, wordsOf } from './words.ts';

/** By what a concept is found: its code, its display and every other designation. */
export const wordsOfConcept = ({ code, display, content }: Omit<Concept, 'number'>): Set<string> => {
  const texts = [code, display ?? '', ...objectsAt(content, 'designation').map((one) => textAt(one, 'value') ?? '')];
  return wordsOf(texts).add(code.toLowerCase());
};

/** Keeps a code system of some thousand concepts whole. */
export function createMemoryConcepts(
  sources: readonly ConceptSource[],
  names: PropertyNames,
  isCaseSensitive: boolean,
): Concepts {
  const concepts = [...numberConcepts(sources, names, 0)];
  const byCode = new Map(concepts.map((concept) => [concept.code, concept]));
  const byFoldedCode = isCaseSensitive
    ? undefined
    : new Map(concepts.map((concept) => [concept.code.toLowerCase(), concept]));
  const words: (Set<string> | undefined)[] = [];
  const wordsAt = (concept: Concept): Set<string> => {
    const known = words[concept.number] ?? wordsOfConcept(concept);
    words[concept.number] = known;
    return known;
  };
  const isFound = (concept: Concept, query: ConceptQuery): boolean =>
    query.conditions.every((condition) => meets(concept, condition)) &&
    (query.words.length === 0 || hasWords(wordsAt(concept), query.words));
  return {
    size: concepts.length,
    find: async (codes) => codes.map((code) => byCode.get(code) ?? byFoldedCode?.get(code.toLowerCase())),
    numbered: async (numbers) =>
      [...numbers].sort((left, right) => left - right).flatMap((number) => concepts[number] ?? []),
    select: async (query, page) => selectFrom(concepts, page, (concept) => isFound(concept, query)),
    count: async (query) =>
      query.conditions.length + query.words.length === 0
        ? concepts.length
        : concepts.filter((concept) => isFound(concept, query)).length,
  };
}

function selectFrom(
  concepts: readonly Concept[],
  { after, skip = 0, limit }: ConceptPage,
  isFound: (concept: Concept) => boolean,
): Concept[] {
  const found: Concept[] = [];
  let left = skip;
  for (let index = after + 1; index < concepts.length && found.length < limit; index++) {
    const concept = concepts[index];
    if (!concept || !isFound(concept)) continue;
    if (left > 0) left--;
    else found.push(concept);
  }
  return found;
}
