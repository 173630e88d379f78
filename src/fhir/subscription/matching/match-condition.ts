import type { Condition } from '../../search/condition.ts';
import type { ResourceFacts } from './resource-facts.ts';

type Of<Kind extends Condition['is']> = Extract<Condition, { is: Kind }>;
type RangeTest = Of<'date'>['test'];

const wholeRecord = 'it uses a kind of search that needs the whole record';
const presenceTables: ReadonlySet<string> = new Set(['token', 'reference', 'date', 'quantity', 'string']);

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
    case 'id':
    case 'updated':
      return undefined;
    case 'present':
      return presenceTables.has(condition.table) ? undefined : wholeRecord;
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

function hasQuantity({ paths, test, unit: wanted }: Of<'quantity'>, facts: ResourceFacts): boolean {
  return facts.quantities.some(({ path, low, high, unit }) => {
    if (!paths.includes(path) || !isInNumbers(test, low, high)) return false;
    if (!wanted) return true;
    if (!unit) return false;
    if (wanted.system === undefined) return unit.code === wanted.code || unit.name === wanted.code;
    return unit.system === wanted.system && (wanted.code ?? unit.code) === unit.code;
  });
}

function hasString({ paths, match, value, written }: Of<'string'>, facts: ResourceFacts): boolean {
  return facts.strings.some((row) => {
    if (!paths.includes(row.path)) return false;
    if (match === 'starts') return row.value.startsWith(value);
    if (match === 'contains') return row.value.includes(value);
    if (match === 'ends') return row.value.endsWith(value);
    if (match === 'same') return row.value === value;
    if (match === 'above') return value.startsWith(row.value);
    return row.written === (written ?? value);
  });
}

function isPresent({ table, paths }: Of<'present'>, facts: ResourceFacts): boolean {
  const isOnPath = ({ path }: { path: number }): boolean => paths.includes(path);
  switch (table) {
    case 'token':
      return paths.some((path) => facts.tokenPaths.has(path));
    case 'reference':
      return paths.some((path) => facts.referencePaths.has(path));
    case 'date':
      return facts.dates.some(isOnPath);
    case 'quantity':
      return facts.quantities.some(isOnPath);
    case 'string':
      return facts.strings.some(isOnPath);
    default:
      throw new Error(`Presence in ${table} was to be refused`);
  }
}

/** Half-open ranges. https://hl7.org/fhir/R4/search.html#prefix */
function isInDates({ prefix, from, to }: RangeTest, low: number, high: number): boolean {
  const isEqual = low >= from && high <= to;
  switch (prefix) {
    case 'eq':
      return isEqual;
    case 'ne':
      return !isEqual;
    case 'gt':
      return high > to;
    case 'lt':
      return low < from;
    case 'ge':
      return high > to || isEqual;
    case 'le':
      return low < from || isEqual;
    case 'sa':
      return low >= to;
    case 'eb':
      return low < from && high <= from;
    case 'ap':
      return low < to && high > from;
  }
}

/** Closed values against the half-open bounds of a written precision. */
function isInNumbers({ prefix, from, to }: RangeTest, low: number, high: number): boolean {
  const isEqual = low >= from && high < to;
  switch (prefix) {
    case 'eq':
      return isEqual;
    case 'ne':
      return !isEqual;
    case 'gt':
      return high > to;
    case 'lt':
      return low < from;
    case 'ge':
      return high >= from;
    case 'le':
      return low <= to;
    case 'sa':
      return low > to;
    case 'eb':
      return high < from;
    case 'ap':
      return low <= to && high >= from;
  }
}
