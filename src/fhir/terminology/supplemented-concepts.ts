import type { JsonObject } from '#lib/json/index.ts';
import { mergeContent } from './code-system.ts';
import type { Concept } from './concept.ts';
import type { Concepts } from './concepts.ts';

/**
 * Concepts of a table with what supplements add to them. They are found by what the code system itself says: filters and
 * texts do not look into the supplements.
 */
export function supplementConcepts(concepts: Concepts, additions: ReadonlyMap<string, JsonObject>): Concepts {
  const add = <Found extends Concept | undefined>(concept: Found): Found => {
    const added = concept && additions.get(concept.code);
    return added ? { ...concept, content: mergeContent(concept.content, added) } : concept;
  };
  return {
    size: concepts.size,
    find: async (codes) => (await concepts.find(codes)).map(add),
    numbered: async (numbers) => (await concepts.numbered(numbers)).map(add),
    select: async (query, page) => (await concepts.select(query, page)).map(add),
    count: (query) => concepts.count(query),
  };
}
