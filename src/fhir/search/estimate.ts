import { resourceTypeNumber } from '../definitions/index.ts';
import type { Condition, RangeTest, ReferenceCondition, StringCondition, TokenCondition } from './condition.ts';
import type { Statistics } from './statistics.ts';

/** How many live resources of these types there are, about. */
export function estimateResources({ resources, resourcesOfType }: Statistics, types: readonly string[]): number {
  if (types.length === 0) return resources;
  if (resourcesOfType.size === 0) return resources;
  return types.reduce((sum, type) => sum + (resourcesOfType.get(resourceTypeNumber(type)) ?? 0), 0) || 1;
}

/** How many resources meet a condition, about: enough to choose where a search begins. */
export function estimateRows(condition: Condition, statistics: Statistics, types: readonly string[]): number {
  const everyone = estimateResources(statistics, types);
  const inner = (part: Condition): number => estimateRows(part, statistics, types);
  switch (condition.is) {
    case 'token':
      return tokenRows(condition, statistics);
    case 'reference':
      return referenceRows(condition, statistics);
    case 'id':
      return condition.ids.length;
    case 'all':
      return Math.min(everyone, ...condition.conditions.map(inner));
    case 'any':
      return condition.conditions.reduce((sum, part) => sum + inner(part), 0);
    case 'not':
      return Math.max(1, everyone - inner(condition.condition));
    case 'string':
      return Math.ceil(everyone * stringShare(condition));
    case 'text':
      return Math.ceil(everyone / 100);
    case 'date':
    case 'updated':
      return Math.ceil(everyone * dateShare(condition.test));
    case 'quantity':
      return Math.ceil(everyone * (condition.test.prefix === 'eq' ? 0.01 : 0.3));
    case 'present':
      return Math.ceil(everyone / 2);
    case 'chain': {
      const targets = estimateResources(statistics, [condition.type]);
      const found = estimateRows(condition.condition, statistics, [condition.type]);
      return Math.ceil((found * everyone) / Math.max(targets, 1));
    }
    case 'reverse':
      return Math.min(everyone, estimateRows(condition.condition, statistics, [condition.type]));
  }
}

function tokenRows({ rare, keys, paths, codes, systems }: TokenCondition, statistics: Statistics): number {
  if (rare) return keys.length;
  const { tokens, tokenDefault } = statistics;
  let rows = 0;
  for (const key of keys) rows += tokens.get(String(key)) ?? tokenDefault;
  for (const path of paths) {
    for (const code of codes) rows += statistics.codes.get(`${path} ${code}`) ?? tokenDefault;
    for (const system of systems) rows += statistics.systems.get(`${path} ${system}`) ?? tokenDefault;
  }
  return rows;
}

function referenceRows({ targets }: ReferenceCondition, { references, referenceDefault }: Statistics): number {
  // An id without type is asked for among many types, of which one has it.
  const rows = targets.map(
    ({ path, type }) => references.get(`${path} ${resourceTypeNumber(type)}`) ?? referenceDefault,
  );
  const ids = new Set(targets.map(({ id }) => id));
  return Math.max(...rows) * ids.size;
}

const shareOfLetter = 1 / 20;

function stringShare({ match, value }: StringCondition): number {
  if (match === 'contains') return 0.01;
  if (match === 'equals' || match === 'above') return 0.0005;
  // A Chinese character tells as much as three letters.
  const letters = [...value].reduce((sum, letter) => sum + (letter > '\u2e80' ? 3 : 1), 0);
  return Math.max(shareOfLetter ** Math.min(letters, 3), 0.0001);
}

const tenYears = 3.2e14;

function dateShare({ prefix, from, to }: RangeTest): number {
  if (prefix !== 'eq' && prefix !== 'ap') return 0.3;
  return Math.min(1, Math.max(0, to - from) / tenYears);
}

/** How many index lookups it takes to see whether a resource meets a condition, about. */
export function probeCost(condition: Condition): number {
  switch (condition.is) {
    case 'token':
      return Math.max(1, condition.keys.length + condition.codes.length + 20 * condition.systems.length);
    case 'reference':
      return condition.targets.length;
    case 'not':
      return probeCost(condition.condition);
    case 'all':
    case 'any':
      return condition.conditions.reduce((sum, part) => sum + probeCost(part), 0);
    case 'chain':
      return condition.paths.length * (2 + probeCost(condition.condition));
    case 'reverse':
      // Everything that refers to the resource may have to be looked at.
      return condition.paths.length * 20 * probeCost(condition.condition);
    case 'present':
      return condition.table === 'token' ? 20 : 1;
    case 'text':
      return 20;
    default:
      return 1;
  }
}
