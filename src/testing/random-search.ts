import { type SearchParameterPlan, searchParameter, searchParametersOf } from '#fhir/indexing/index.ts';
import { instantOf } from '#fhir/store/index.ts';
import { Random } from '#population/random.ts';
import type { Facts, NaiveResource } from './naive-search.ts';

/** A search as it is sent. */
export interface RandomSearch {
  readonly type: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const prefixes = ['', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
const escapeText = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');

/** Makes searches whose values are those of stored resources, so that most of them find something; a seed always makes the same. */
export class RandomSearches {
  readonly #byType: Map<string, NaiveResource[]>;
  readonly #types: readonly string[];
  /** For `reverse` chains: who refers to resources of a type, and by which parameter. */
  readonly #referring: Map<string, { type: string; code: string }[]>;

  constructor(resources: readonly NaiveResource[]) {
    this.#byType = Map.groupBy(resources, ({ type }) => type);
    this.#types = [...this.#byType.keys()].sort();
    this.#referring = new Map();
    for (const type of this.#types) {
      for (const { code, target } of referencesOf(type)) {
        for (const referred of target ?? []) {
          if (!this.#byType.has(referred)) continue;
          this.#referring.set(referred, [...(this.#referring.get(referred) ?? []), { type, code }]);
        }
      }
    }
  }

  of(seed: string): RandomSearch {
    const random = new Random(seed);
    const type = random.pick(this.#types);
    const resource = this.#any(random, type);
    const parameters: [string, string][] = [];
    const wanted = random.pick([0, 1, 1, 1, 2, 2, 3]);
    for (let attempts = 0; parameters.length < wanted && attempts < 20; attempts++) {
      const parameter = this.#criterion(random, random.chance(0.7) ? resource : this.#any(random, type), 0);
      if (parameter) parameters.push(parameter);
    }
    const keys = random.pick([0, 0, 1, 1, 2]);
    const sorts = Array.from({ length: keys }, () => this.#sortKey(random, type));
    if (sorts.length > 0) parameters.push(['_sort', sorts.join(',')]);
    parameters.push(['_count', String(random.pick([3, 7, 20, 100, 500]))]);
    return { type, parameters };
  }

  #any(random: Random, type: string): NaiveResource {
    return random.pick(this.#byType.get(type) ?? []);
  }

  #sortKey(random: Random, type: string): string {
    const sortable = searchParametersOf(type).filter(isSortable);
    const { code } = random.pick(sortable);
    return `${random.pick(['', '-'])}${code}`;
  }

  #criterion(random: Random, resource: NaiveResource, depth: number): [string, string] | undefined {
    const kind = random.next();
    if (depth < 2 && kind < 0.15) return this.#chain(random, resource, depth);
    if (depth < 2 && kind < 0.25) return this.#reverse(random, resource, depth);
    const plan = random.pick(searchParametersOf(resource.type).filter(({ indexed, special }) => indexed && !special));
    if (random.chance(0.08)) return [`${plan.code}:missing`, random.pick(['true', 'false'])];
    const modifier = random.chance(0.25) ? random.pick(modifiersOf(plan)) : '';
    const values = [this.#value(random, plan, modifier, resource)];
    while (random.chance(0.2)) values.push(this.#value(random, plan, modifier, this.#any(random, resource.type)));
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : [plan.code + modifier, known.join(',')];
  }

  #chain(random: Random, { type, facts }: NaiveResource, depth: number): [string, string] | undefined {
    const plan = anyOf(random, referencesOf(type));
    const reference =
      plan &&
      anyOf(
        random,
        facts.targets.filter(({ path }) => isOn(plan, path)),
      );
    const target = reference && this.#byType.get(reference.type)?.find(({ id }) => id === reference.id);
    if (!plan || !target || !reference) return undefined;
    const inner = this.#criterion(random, target, depth + 1);
    return inner && [`${plan.code}:${reference.type}.${inner[0]}`, inner[1]];
  }

  #reverse(random: Random, { type }: NaiveResource, depth: number): [string, string] | undefined {
    const source = anyOf(random, this.#referring.get(type) ?? []);
    const inner = source && this.#criterion(random, this.#any(random, source.type), depth + 1);
    return inner && [`_has:${source.type}:${source.code}:${inner[0]}`, inner[1]];
  }

  #value(random: Random, plan: SearchParameterPlan, modifier: string, resource: NaiveResource): string | undefined {
    if (plan.type !== 'composite') return searchedValue(random, plan, modifier, resource.facts);
    const parts = (plan.components ?? []).map(({ code }) => {
      const part = searchParameter(resource.type, code);
      return part && searchedValue(random, part, '', resource.facts);
    });
    return parts.includes(undefined) ? undefined : parts.join('$');
  }
}

const anyOf = <Item>(random: Random, list: readonly Item[]): Item | undefined =>
  list.length === 0 ? undefined : random.pick(list);

const referencesOf = (type: string): SearchParameterPlan[] =>
  searchParametersOf(type).filter((plan) => plan.type === 'reference' && plan.branches.length > 0);

const isOn = ({ branches }: SearchParameterPlan, path: number): boolean =>
  branches.some((branch) => branch.path === path);

const coded = new Set(['Coding', 'CodeableConcept', 'code', 'boolean']);

function isSortable({ code, type, branches, indexed }: SearchParameterPlan): boolean {
  if (code === '_id' || code === '_lastUpdated') return true;
  if (!indexed || branches.length === 0 || type === 'composite' || type === 'special') return false;
  if (code === 'identifier') return true;
  return type !== 'token' || branches.every(({ valueTypes }) => valueTypes.every((name) => coded.has(name)));
}

function modifiersOf({ type }: SearchParameterPlan): string[] {
  if (type === 'token') return [':not', ':text'];
  if (type === 'string') return [':exact', ':contains'];
  if (type === 'uri') return [':above', ':below', ':not'];
  return type === 'date' || type === 'composite' ? [''] : [':not'];
}

function searchedValue(random: Random, plan: SearchParameterPlan, modifier: string, facts: Facts): string | undefined {
  const on = <Row extends { path: number }>(rows: readonly Row[]): Row | undefined =>
    anyOf(
      random,
      rows.filter(({ path }) => isOn(plan, path)),
    );
  switch (plan.type) {
    case 'token': {
      if (modifier === ':text') return part(random, on(facts.texts)?.text);
      const code = on(facts.codes);
      return code && tokenText(random, code);
    }
    case 'reference': {
      const reference = on(facts.targets);
      return reference && `${random.chance(0.7) ? `${reference.type}/` : ''}${reference.id}`;
    }
    case 'date': {
      const date = on(facts.dates);
      return date && random.pick(prefixes) + dateText(random, random.chance(0.5) ? date.low : date.high);
    }
    case 'number':
    case 'quantity': {
      const quantity = on(facts.quantities);
      return quantity && quantityText(random, quantity);
    }
    case 'string':
    case 'uri': {
      const text = on(facts.strings)?.written;
      return plan.type === 'uri' || modifier === ':exact' ? text && escapeText(text) : part(random, text);
    }
    default:
      return undefined;
  }
}

function tokenText(random: Random, { system, code }: { system: string; code: string }): string {
  const [first, second] = [escapeText(system), escapeText(code)];
  return random.pick([second, `${first}|${second}`, `${first}|${second}`, ...(system === '' ? [] : [`${first}|`])]);
}

/** The beginning of a text, or of a word in it. */
function part(random: Random, text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const letters = [...(random.chance(0.3) ? (text.split(' ').at(-1) ?? text) : text)];
  const start = letters.slice(0, random.int(1, letters.length)).join('');
  return escapeText(random.chance(0.3) ? start.toUpperCase() : start);
}

function dateText(random: Random, microseconds: number): string {
  if (!Number.isFinite(microseconds)) return '2010';
  const text = instantOf(microseconds);
  return text.slice(0, random.pick([4, 7, 10]));
}

function quantityText(
  random: Random,
  { low, unit }: { low: number; unit?: { system: string; code: string } | undefined },
): string {
  const number = Number.isFinite(low) ? Number(low.toPrecision(random.int(1, 6))) : 0;
  const suffix = unit ? ['', `|${unit.system}|${unit.code}`, `||${unit.code}`] : [''];
  return `${random.pick(prefixes)}${number}${random.pick(suffix)}`;
}
