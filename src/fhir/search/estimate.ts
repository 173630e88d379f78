import { unitScale } from '#lib/ucum/index.ts';
import { resourceTypeNumber } from '../definitions/index.ts';
import { ucumSystem } from '../indexing/index.ts';
import type {
  ChainCondition,
  CompositeCondition,
  Condition,
  QuantityCondition,
  RangeTest,
  ReferenceCondition,
  StringCondition,
  TokenCondition,
} from './condition.ts';
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
    case 'words':
      return Math.ceil(everyone / 100);
    case 'date':
      return Math.ceil(everyone * dateShare(condition.test, statistics.dates));
    case 'updated':
      return Math.ceil(everyone * dateShare(condition.test, []));
    case 'quantity':
      return Math.ceil(quantityRows(condition, statistics, everyone));
    case 'composite':
      return compositeRows(condition, statistics, everyone);
    case 'near':
      return Math.ceil(everyone * Math.min(1, (condition.distance / 1e7) ** 2));
    case 'present':
      return Math.ceil(everyone * 0.9);
    case 'chain':
      return chainRows(condition, statistics, everyone);
    case 'granted':
      return Math.ceil(everyone / 10);
    case 'of-type':
      return estimateRows(condition.condition, statistics, [condition.type]);
    case 'reverse':
      return Math.min(everyone, estimateRows(condition.condition, statistics, [condition.type]));
  }
}

/** How many index rows lead to all that meet a condition, where several may lead to the same resource. */
export function rowsRead(condition: Condition, statistics: Statistics): number | undefined {
  if (condition.is !== 'reverse') return undefined;
  const rows = estimateRows(condition.condition, statistics, [condition.type]);
  return Math.max(rows, rowsRead(condition.condition, statistics) ?? 0);
}

/** Whether an estimate is made without knowing how frequent the value is. */
export function isGuess(condition: Condition): boolean {
  switch (condition.is) {
    case 'token':
    case 'reference':
    case 'id':
      return false;
    case 'not':
      return isGuess(condition.condition);
    case 'all':
    case 'any':
      return condition.conditions.some(isGuess);
    default:
      return true;
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

/** By the share of the targets that meet the condition, or by how often such a target is referred to: whichever is less. */
function chainRows({ paths, type, condition }: ChainCondition, statistics: Statistics, everyone: number): number {
  const found = estimateRows(condition, statistics, [type]);
  const byShare = (found * everyone) / estimateResources(statistics, [type]);
  const { references, referenceDefault } = statistics;
  const perTarget = paths.map((path) => references.get(`${path} ${resourceTypeNumber(type)}`) ?? referenceDefault);
  return Math.ceil(Math.min(byShare, found * perTarget.reduce((sum, rows) => sum + rows, 0)));
}

/** Of the rows of the first key, those that meet the rest. */
function compositeRows(
  { key = [], value, ranges }: CompositeCondition,
  statistics: Statistics,
  everyone: number,
): number {
  const rows = key.reduce(
    (sum, part) => sum + (part.is === 'token' ? tokenRows(part, statistics) : referenceRows(part, statistics)),
    0,
  );
  const share = value ? 0.2 : ranges.reduce((product, { test }) => product * (test.prefix === 'eq' ? 0.05 : 0.3), 1);
  return Math.ceil((key.length === 0 ? everyone : rows) * share);
}

const shareOfLetter = 1 / 20;

function stringShare({ match, value }: StringCondition): number {
  if (match === 'contains' || match === 'ends') return 0.01;
  if (match === 'equals' || match === 'same' || match === 'above') return 0.0005;
  // A Chinese character tells as much as three letters.
  const letters = [...value].reduce((sum, letter) => sum + (letter > '\u2e80' ? 3 : 1), 0);
  return Math.max(shareOfLetter ** Math.min(letters, 3), 0.0001);
}

const tenYears = 3.2e14;

/** Of a unit it is known how many numbers are in it, of others how they are spread. */
function quantityRows({ test, unit }: QuantityCondition, statistics: Statistics, everyone: number): number {
  const { units, numbers } = statistics;
  if (unit?.code === undefined || unit.system === undefined || units.size === 0) {
    return everyone * numberShare(test, numbers);
  }
  const dimension = unit.system === ucumSystem ? unitScale(unit.code)?.dimension : undefined;
  const rows = units.get(dimension ?? `${unit.system}|${unit.code}`) ?? rowsOfRareUnit;
  return Math.min(everyone, rows) * (test.prefix === 'eq' ? 0.05 : 0.3);
}

const rowsOfRareUnit = 100;

function numberShare({ prefix, from, to }: RangeTest, quantiles: readonly number[]): number {
  const isWithin = prefix === 'eq' || prefix === 'ap';
  if (quantiles.length < 2) return isWithin ? 0.01 : 0.3;
  if (isWithin) return Math.max(shareBelow(quantiles, to) - shareBelow(quantiles, from), 0.001);
  if (prefix === 'ne') return 1;
  const share = shareBelow(quantiles, to);
  return Math.max(prefix === 'lt' || prefix === 'le' || prefix === 'eb' ? share : 1 - share, 0.001);
}

/** By the quantiles of all dates, where they are known. */
function dateShare({ prefix, from, to }: RangeTest, quantiles: readonly number[]): number {
  const isWithin = prefix === 'eq' || prefix === 'ap';
  if (quantiles.length < 2) return isWithin ? Math.min(1, Math.max(0, to - from) / tenYears) : 0.3;
  const below = (value: number): number => shareBelow(quantiles, value);
  if (isWithin) return Math.max(below(to) - below(from), 0.0001);
  if (prefix === 'ne') return 1;
  const share = prefix === 'lt' || prefix === 'le' || prefix === 'eb' ? below(to) : 1 - below(from);
  return Math.max(share, 0.0001);
}

/** Values lie evenly between two quantiles. */
function shareBelow(quantiles: readonly number[], value: number): number {
  const next = quantiles.findIndex((quantile) => quantile > value);
  if (next === 0) return 0;
  if (next < 0) return 1;
  const low = quantiles[next - 1] ?? 0;
  const high = quantiles[next] ?? 0;
  return (next - 1 + (value - low) / (high - low)) / (quantiles.length - 1);
}

/** Everything that refers to the resource may have to be looked at, unless there are few with that key in between. */
const costOfReferring = (condition: Condition): number =>
  condition.is === 'token' && condition.keys.length === 1 && condition.paths.length === 0
    ? 6
    : 20 * probeCost(condition);

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
      return condition.paths.length * costOfReferring(condition.condition);
    case 'granted':
      return condition.paths.length * 2;
    case 'of-type':
      return probeCost(condition.condition);
    case 'present':
      return condition.table === 'token' ? 20 : 1;
    case 'text':
      return 20;
    default:
      return 1;
  }
}
