import {
  anySystem,
  anyValue,
  type CompositeParts,
  contentOf,
  type IndexSink,
  indexResource,
  narrativeOf,
  normaliseString,
  type PlacedWord,
  tokenKey,
  wordsOf,
} from '#fhir/indexing/index.ts';
import type { Condition, StringCondition, TokenCondition } from '#fhir/search/condition.ts';
import type { SearchRequest, SortKey } from '#fhir/search/request.ts';
import { parseLiteralReference } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { distanceBetween, hasParts } from './naive-composite.ts';
import { isQuantity, isWithin } from './naive-range.ts';
import { hasWords } from './naive-words.ts';

/**
 * Search without an index, a plan or SQL: every condition is looked up in what the extractors say of every resource. It is
 * the measure that the real search is held against, so it is written to be obvious, not fast.
 */
export interface NaiveResource {
  readonly rid: number;
  readonly type: string;
  readonly id: string;
  /** Microseconds since 1970 UTC. */
  readonly updated: number;
  readonly facts: Facts;
}

/** What the extractors say of one resource. */
export class Facts implements IndexSink {
  readonly codes: { path: number; system: string; code: string }[] = [];
  readonly texts: { path: number; text: string }[] = [];
  readonly keys = new Set<bigint>();
  readonly tokenPaths = new Set<number>();
  readonly references: { path: number; type: string; id: string }[] = [];
  readonly referencePaths = new Set<number>();
  readonly dates: { path: number; low: number; high: number }[] = [];
  readonly quantities: {
    path: number;
    low: number;
    high: number;
    unit?: { system: string; code: string; name: string };
  }[] = [];
  readonly strings: { path: number; value: string; written: string }[] = [];

  readonly identifiers: { path: number; value: string }[] = [];
  readonly composites: { path: number; parts: CompositeParts }[] = [];
  readonly positions: { path: number; latitude: number; longitude: number }[] = [];

  readonly words: Record<'narrative' | 'content', PlacedWord[]> = { narrative: [], content: [] };

  static of(resource: JsonObject): Facts {
    const facts = new Facts();
    indexResource(resource, facts);
    facts.words.narrative = wordsOf(narrativeOf(resource));
    facts.words.content = wordsOf(contentOf(resource));
    return facts;
  }

  code(path: number, system: string, code: string): void {
    this.tokenPaths.add(path);
    this.codes.push({ path, system, code });
    this.keys.add(tokenKey(path, system, code));
  }

  codeText(path: number, _system: string, _code: string, text: string): void {
    this.tokenPaths.add(path);
    this.texts.push({ path, text: normaliseString(text) });
  }

  identifier(path: number, system: string, value: string): void {
    this.tokenPaths.add(path);
    this.identifiers.push({ path, value });
    this.keys.add(tokenKey(path, system, value));
    this.keys.add(tokenKey(path, anySystem, value));
    if (system !== '') this.keys.add(tokenKey(path, system, anyValue));
  }

  reference(path: number, reference: string): void {
    if (reference.startsWith('#')) return;
    this.referencePaths.add(path);
    const target = parseLiteralReference(reference);
    if (target) this.references.push({ path, ...target });
    else this.keys.add(tokenKey(path, '', reference));
  }

  date(path: number, low: number, high: number): void {
    this.dates.push({ path, low, high });
  }

  number(path: number, low: number, high: number): void {
    this.quantities.push({ path, low, high });
  }

  quantity(path: number, low: number, high: number, system: string, code: string, name: string): void {
    this.quantities.push({ path, low, high, unit: { system, code, name } });
  }

  string(path: number, written: string): void {
    this.strings.push({ path, value: normaliseString(written), written });
  }

  uri(path: number, written: string): void {
    this.strings.push({ path, value: written, written });
  }

  composite(path: number, parts: CompositeParts): void {
    this.composites.push({ path, parts });
  }

  position(path: number, latitude: number, longitude: number): void {
    this.positions.push({ path, latitude, longitude });
  }
}

/** Two formulas for the same distance need not agree to the last digit. */
const millimetre = 0.001;

const hasToken = (facts: Facts, { keys, paths, codes, systems }: TokenCondition): boolean =>
  keys.some((key) => facts.keys.has(key)) ||
  facts.codes.some(
    ({ path, system, code }) => paths.includes(path) && (codes.includes(code) || systems.includes(system)),
  );

const hasString = (facts: Facts, { paths, match, value, written }: StringCondition): boolean =>
  facts.strings.some((row) => {
    if (!paths.includes(row.path)) return false;
    if (match === 'starts') return row.value.startsWith(value);
    if (match === 'contains') return row.value.includes(value);
    if (match === 'ends') return row.value.endsWith(value);
    if (match === 'same') return row.value === value;
    if (match === 'above') return value.startsWith(row.value);
    return row.written === (written ?? value);
  });

export class NaiveSearch {
  readonly #resources: readonly NaiveResource[];
  readonly #rids: ReadonlyMap<string, number>;
  readonly #byName: Map<string, NaiveResource>;

  /** `rids` by `Patient/1`, those of references that lead nowhere included. */
  constructor(resources: readonly NaiveResource[], rids: ReadonlyMap<string, number>) {
    this.#resources = resources;
    this.#rids = rids;
    this.#byName = new Map(resources.map((resource) => [`${resource.type}/${resource.id}`, resource]));
  }

  /** All matches, in the order of the pages. */
  find({ types, condition, sort }: SearchRequest): NaiveResource[] {
    const ofTypes = this.#resources.filter(({ type }) => types.length === 0 || types.includes(type));
    const matches = ofTypes.filter((resource) => this.holds(condition, resource));
    return matches.sort((left, right) => this.#compare(sort, left, right));
  }

  holds(condition: Condition, resource: NaiveResource): boolean {
    const { facts } = resource;
    switch (condition.is) {
      case 'all':
        return condition.conditions.every((part) => this.holds(part, resource));
      case 'any':
        return condition.conditions.some((part) => this.holds(part, resource));
      case 'not':
        return !this.holds(condition.condition, resource);
      case 'token':
        return hasToken(facts, condition);
      case 'text':
        return facts.texts.some(({ path, text }) => condition.paths.includes(path) && text.includes(condition.text));
      case 'reference':
        return condition.targets.some((target) =>
          facts.references.some(
            ({ path, type, id }) => path === target.path && type === target.type && id === target.id,
          ),
        );
      case 'date':
        return facts.dates.some(
          ({ path, low, high }) => condition.paths.includes(path) && isWithin(condition.test, low, high),
        );
      case 'quantity':
        return facts.quantities.some(
          ({ path, low, high, unit }) =>
            condition.paths.includes(path) && isQuantity(condition, { low, high, ...(unit && { unit }) }),
        );
      case 'string':
        return hasString(facts, condition);
      case 'words':
        return hasWords(condition.expression, facts.words[condition.source]);
      case 'composite':
        return facts.composites.some(({ path, parts }) => path === condition.path && hasParts(condition, parts));
      case 'near':
        return facts.positions.some(
          (place) =>
            condition.paths.includes(place.path) &&
            distanceBetween(condition, place) <= condition.distance + millimetre,
        );
      case 'id':
        return (
          condition.ids.includes(resource.id) &&
          (condition.types.length === 0 || condition.types.includes(resource.type))
        );
      case 'updated':
        return isWithin(condition.test, resource.updated, resource.updated + 1);
      case 'present':
        return this.#isPresent(condition, facts);
      case 'chain':
        return facts.references.some(({ path, type, id }) => {
          const target = this.#byName.get(`${type}/${id}`);
          return (
            condition.paths.includes(path) &&
            type === condition.type &&
            !!target &&
            this.holds(condition.condition, target)
          );
        });
      case 'reverse':
        return this.#resources.some(
          (source) =>
            source.type === condition.type &&
            source.facts.references.some(
              ({ path, type, id }) => condition.paths.includes(path) && type === resource.type && id === resource.id,
            ) &&
            this.holds(condition.condition, source),
        );
    }
  }

  #isPresent({ table, paths }: Condition & { is: 'present' }, facts: Facts): boolean {
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

  #compare(sort: readonly SortKey[], left: NaiveResource, right: NaiveResource): number {
    for (const key of sort) {
      const order = compareValues(this.#sortValue(key, left), this.#sortValue(key, right), key.descending);
      if (order !== 0) return order;
    }
    const order = left.rid - right.rid;
    return (sort[0]?.descending ?? true) ? -order : order;
  }

  #sortValue({ source, paths, descending }: SortKey, { facts, id, updated }: NaiveResource): SortValue {
    const onPaths = <Row extends { path: number }>(rows: readonly Row[]): Row[] =>
      rows.filter(({ path }) => paths.includes(path));
    const first = (values: readonly (number | Buffer)[]): SortValue =>
      [...values].sort((left, right) => compareValues(left, right, descending))[0];
    switch (source) {
      case 'id':
        return Buffer.from(id);
      case 'updated':
        return updated;
      case 'date':
        return first(onPaths(facts.dates).map(({ low }) => low));
      case 'quantity':
        return first(onPaths(facts.quantities).map(({ low }) => low));
      case 'string':
        return first(onPaths(facts.strings).map(({ value }) => Buffer.from([...value].slice(0, 64).join(''))));
      case 'token':
        return first(onPaths(facts.codes).map(({ code }) => Buffer.from(code)));
      case 'content':
        return first(onPaths(facts.identifiers).map(({ value }) => Buffer.from(value)));
      case 'reference':
        return first(
          onPaths(facts.references).flatMap(({ type, id: target }) => this.#rids.get(`${type}/${target}`) ?? []),
        );
    }
  }
}

/** Texts as bytes: the order of PostgreSQL's collation "C". */
type SortValue = number | Buffer | undefined;

/** Missing values come last, either way. */
function compareValues(left: SortValue, right: SortValue, descending: boolean): number {
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? 1 : -1;
  const order = typeof left === 'number' ? left - (right as number) : left.compare(right as Buffer);
  return Number.isNaN(order) ? 0 : descending ? -order : order;
}
