import { contentOf, indexResource, narrativeOf, type PlacedWord, wordsOf } from '#fhir/indexing/index.ts';
import type { Condition } from '#fhir/search/condition.ts';
import type { SearchRequest, SortKey } from '#fhir/search/request.ts';
import { parseLiteralReference } from '#fhir/store/index.ts';
import { matches } from '#fhir/subscription/matching/match-condition.ts';
import { ResourceFacts } from '#fhir/subscription/matching/resource-facts.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { distanceBetween } from './naive-distance.ts';
import { hasWords } from './naive-words.ts';

/**
 * Search without an index, a plan or SQL: every condition is looked up in what the extractors say of every resource, those
 * of one resource by the matcher of subscriptions. It is the measure that the real search is held against, so it is written to be obvious, not fast.
 */
export interface NaiveResource {
  readonly rid: number;
  readonly type: string;
  readonly id: string;
  /** Microseconds since 1970 UTC. */
  readonly updated: number;
  readonly facts: Facts;
}

/** What the extractors say of one resource, with what chains, sorting and words need. */
export class Facts extends ResourceFacts {
  readonly targets: { path: number; type: string; id: string }[] = [];
  readonly identifiers: { path: number; value: string }[] = [];
  readonly words: Record<'narrative' | 'content', PlacedWord[]> = { narrative: [], content: [] };

  static override of(resource: JsonObject, updated: number): Facts {
    const facts = new Facts(resource, updated);
    indexResource(resource, facts);
    facts.words.narrative = wordsOf(narrativeOf(resource));
    facts.words.content = wordsOf(contentOf(resource));
    return facts;
  }

  override identifier(path: number, system: string, value: string): void {
    super.identifier(path, system, value);
    this.identifiers.push({ path, value });
  }

  override reference(path: number, reference: string): void {
    super.reference(path, reference);
    const target = parseLiteralReference(reference);
    if (target) this.targets.push({ path, ...target });
  }
}

/** Two formulas for the same distance need not agree to the last digit. */
const millimetre = 0.001;

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
      case 'words':
        return hasWords(condition.expression, facts.words[condition.source]);
      case 'near':
        return facts.positions.some(
          (place) =>
            condition.paths.includes(place.path) &&
            distanceBetween(condition, place) <= condition.distance + millimetre,
        );
      case 'chain':
        return facts.targets.some(({ path, type, id }) => {
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
            source.facts.targets.some(
              ({ path, type, id }) => condition.paths.includes(path) && type === resource.type && id === resource.id,
            ) &&
            this.holds(condition.condition, source),
        );
      default:
        return matches(condition, facts);
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
          onPaths(facts.targets).flatMap(({ type, id: target }) => this.#rids.get(`${type}/${target}`) ?? []),
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
