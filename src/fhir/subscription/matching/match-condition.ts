import type { Condition } from '../../search/condition.ts';
import { hasParts } from './match-composite.ts';
import { isInDates, isQuantity } from './match-range.ts';
import { metresBetween } from './near.ts';
import type { ResourceFacts } from './resource-facts.ts';

type Of<Kind extends Condition['is']> = Extract<Condition, { is: Kind }>;

/** Two formulas for the same distance need not agree to the last digit. */
const millimetre = 0.001;

const wholeRecord = 'it uses a kind of search that needs the whole record';

/** What cannot be told from one resource alone, in words for whoever wrote the criterion; undefined for all else. */
export function unwatchable(condition: Condition): string | undefined {
  switch (condition.is) {
    case 'all':
    case 'any':
      return condition.conditions.map(unwatchable).find((reason) => reason !== undefined);
    case 'not':
      return unwatchable(condition.condition);
    case 'token':
    case 'text':
    case 'reference':
    case 'date':
    case 'quantity':
    case 'string':
    case 'composite':
    case 'near':
    case 'id':
    case 'updated':
    case 'present':
      return undefined;
    case 'chain':
    case 'reverse':
      return 'it follows references to other resources (a chain or _has)';
    default:
      return wholeRecord;
  }
}

/** Whether a version meets a condition, decided in memory as a search would decide it in the index. */
export function matches(condition: Condition, facts: ResourceFacts): boolean {
  switch (condition.is) {
    case 'all':
      return condition.conditions.every((part) => matches(part, facts));
    case 'any':
      return condition.conditions.some((part) => matches(part, facts));
    case 'not':
      return !matches(condition.condition, facts);
    case 'token':
      return hasToken(condition, facts);
    case 'text':
      return facts.texts.some(({ path, text }) => condition.paths.includes(path) && text.includes(condition.text));
    case 'reference':
      return condition.targets.some(({ path, type, id }) => facts.references.has(`${path} ${type}/${id}`));
    case 'date':
      return hasDate(condition, facts);
    case 'quantity':
      return hasQuantity(condition, facts);
    case 'string':
      return hasString(condition, facts);
    case 'composite':
      return facts.composites.some(({ path, parts }) => path === condition.path && hasParts(condition, parts));
    case 'near':
      return facts.positions.some(
        (place) =>
          condition.paths.includes(place.path) && metresBetween(condition, place) <= condition.distance + millimetre,
      );
    case 'id':
      return condition.ids.includes(facts.id) && (condition.types.length === 0 || condition.types.includes(facts.type));
    case 'updated':
      return isInDates(condition.test, facts.updated, facts.updated + 1);
    case 'present':
      return isPresent(condition, facts);
    default:
      throw new Error(`A condition of the kind ${condition.is} was to be refused`);
  }
}

const hasToken = ({ keys, paths, codes, systems }: Of<'token'>, facts: ResourceFacts): boolean =>
  keys.some((key) => facts.keys.has(key)) ||
  facts.codes.some(
    ({ path, system, code }) => paths.includes(path) && (codes.includes(code) || systems.includes(system)),
  );

const hasDate = ({ paths, test }: Of<'date'>, facts: ResourceFacts): boolean =>
  facts.dates.some(({ path, low, high }) => paths.includes(path) && isInDates(test, low, high));

const hasQuantity = ({ paths, test, unit }: Of<'quantity'>, facts: ResourceFacts): boolean =>
  facts.quantities.some((value) => paths.includes(value.path) && isQuantity(test, unit, value));

function hasString({ paths, match, value, written }: Of<'string'>, facts: ResourceFacts): boolean {
  return facts.strings.some((row) => {
    if (!paths.includes(row.path)) return false;
    switch (match) {
      case 'starts':
        return row.value.startsWith(value);
      case 'ends':
        return row.value.endsWith(value);
      case 'contains':
        return row.value.includes(value);
      case 'same':
        return row.value === value;
      case 'equals':
        return row.written === (written ?? value);
      case 'above':
        return value.startsWith(row.value);
    }
    return match satisfies never;
  });
}

function isPresent({ table, paths }: Of<'present'>, facts: ResourceFacts): boolean {
  const isOnPath = ({ path }: { path: number }): boolean => paths.includes(path);
  switch (table) {
    case 'token':
      return paths.some((path) => facts.tokenPaths.has(path)) || facts.composites.some(isOnPath);
    case 'reference':
      return paths.some((path) => facts.referencePaths.has(path));
    case 'date':
      return facts.dates.some(isOnPath);
    case 'quantity':
      return facts.quantities.some(isOnPath);
    case 'string':
      return facts.strings.some(isOnPath);
    case 'position':
      return facts.positions.some(isOnPath);
    default:
      return facts.composites.some(isOnPath);
  }
}
