import type { Condition } from '../../search/condition.ts';
import type { ResourceFacts } from './resource-facts.ts';

/** More alternatives are not worth an index of their own. */
const mostAnchors = 100;

/**
 * Facts of which a version must have at least one to meet a condition; undefined when there is no such short list. They
 * are what thousands of subscriptions are found by: one per patient costs each change a look-up, not thousands of tests.
 */
export function anchorsOf(condition: Condition): readonly string[] | undefined {
  const anchors = findAnchors(condition);
  return anchors && anchors.length <= mostAnchors ? anchors : undefined;
}

function findAnchors(condition: Condition): string[] | undefined {
  switch (condition.is) {
    case 'all':
      return condition.conditions
        .flatMap((part) => {
          const found = findAnchors(part);
          return found ? [{ anchors: found, rank: rankOf(part) }] : [];
        })
        .sort((left, right) => left.rank - right.rank || left.anchors.length - right.anchors.length)[0]?.anchors;
    case 'any': {
      const parts = condition.conditions.map(findAnchors);
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case 'token':
      if (condition.systems.length > 0) return undefined;
      return [...condition.keys.map((key) => `k${key}`), ...condition.codes.map((code) => `c${code}`)];
    case 'reference':
      return condition.targets.map(({ path, type, id }) => `r${path} ${type}/${id}`);
    case 'id':
      return condition.ids.map((id) => `i${id}`);
    default:
      return undefined;
  }
}

/** A reference or a rare token singles out; a code such as a status is shared by many. */
function rankOf(condition: Condition): number {
  if (condition.is === 'id' || condition.is === 'reference') return 0;
  if (condition.is === 'token') return condition.rare ? 0 : 1;
  return 2;
}

/** Every anchor that a version has. */
export function* anchorsIn(facts: ResourceFacts): Generator<string> {
  yield `i${facts.id}`;
  for (const reference of facts.references) yield `r${reference}`;
  for (const key of facts.keys) yield `k${key}`;
  for (const code of new Set(facts.codes.map(({ code }) => code))) yield `c${code}`;
}
