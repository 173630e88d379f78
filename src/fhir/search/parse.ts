import { Failure, type Issue } from '#lib/failure.ts';
import { compartments, isCompartment, isResourceType, resourceTypes } from '../definitions/index.ts';
import type { TextSearch } from '../store/index.ts';
import { compartmentCondition, listCondition, parseCriterion } from './chain.ts';
import { all, any, type Condition, everything } from './condition.ts';
import { parseCursor } from './cursor.ts';
import type { Expansions } from './expansions.ts';
import { filterCondition } from './filter-criterion.ts';
import { parseInclude } from './include-parameter.ts';
import type { Include, SearchInput, SearchRequest, SortKey, SummaryMode, TotalMode } from './request.ts';
import type { Restriction } from './restriction.ts';
import { NotSupported, NotUnderstood, type ParameterRegistry, type SearchScope } from './scope.ts';
import { parseSort } from './sort-parameter.ts';

const defaultCount = 20;
const greatestCount = 1000;
const mostParameters = 100;

export interface ParseContext {
  readonly registry: ParameterRegistry;
  readonly baseUrl: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Whose words are indexed; `narrative` unless it is said otherwise. */
  readonly textSearch?: TextSearch;
  /** Without it, searches that depend on terminology or hierarchies are refused. */
  readonly expansions?: Expansions;
}

/** Of two of these one would have to be passed over. */
const once = new Set(['_count', '_total', '_summary']);

/** What stands between commas; fails where that is nothing. */
function namesIn(name: string, value: string): string[] {
  const names = value.split(',').filter((part) => part.trim() !== '');
  if (names.length === 0) throw new NotUnderstood(`Search parameter "${name}" has no value.`);
  return names;
}

type Parameter = readonly [name: string, value: string];

/** Gathers what the parameters of one query say. */
class RequestReader {
  readonly conditions: Condition[] = [];
  readonly includes: Include[] = [];
  readonly issues: Issue[] = [];
  readonly understood: Parameter[] = [];
  sort: SortKey[] = [];
  count = defaultCount;
  total: TotalMode | undefined;
  summary: SummaryMode | undefined;
  elements: string[] | undefined;
  cursor: string | undefined;
  readonly #scope: SearchScope;
  readonly #isStrict: boolean;

  constructor(scope: SearchScope, isStrict: boolean) {
    this.#scope = scope;
    this.#isStrict = isStrict;
  }

  /** A lenient search passes over what it does not understand, and reports it. */
  read(name: string, value: string): void {
    try {
      if (value.includes('\u0000') || name.includes('\u0000')) {
        throw new Failure('value', 'A search parameter contains the character NUL, which no value can contain.');
      }
      if (once.has(name) && this.understood.some(([earlier]) => earlier === name)) {
        throw new Failure('value', `${name} can be given once.`);
      }
      this.#readParameter(name, value);
      if (name !== '_cursor') this.understood.push([name, value]);
    } catch (error) {
      if (this.#isStrict || !(error instanceof NotUnderstood)) throw error;
      this.warn('not-supported', `${error.message} It was ignored.`);
    }
  }

  warn(code: Issue['code'], diagnostics: string): void {
    this.issues.push({ severity: 'warning', code, diagnostics });
  }

  #readParameter(name: string, value: string): void {
    switch (name) {
      case '_count':
        this.#readCount(value);
        return;
      case '_total':
        this.total = oneOf<TotalMode>(name, value, ['none', 'estimate', 'accurate']);
        return;
      case '_summary':
        this.summary = oneOf<SummaryMode>(name, value, ['true', 'false', 'text', 'data', 'count']);
        return;
      case '_elements':
        this.elements = [...(this.elements ?? []), ...namesIn(name, value)];
        return;
      case '_sort':
        this.sort.push(...parseSort(this.#scope, namesIn(name, value).join(',')));
        return;
      case '_cursor':
        this.cursor = value;
        return;
      case '_list':
        this.conditions.push(listCondition(this.#scope, value));
        return;
      case '_filter':
        this.conditions.push(filterCondition(this.#scope, value));
        return;
      case '_contained':
      case '_containedType':
        // To pass over it would answer another question: what is asked for would be missing, and what is not would come.
        if (name === '_contained' && value === 'false') return;
        throw new NotSupported(
          `${name}=${value} is not supported: contained resources have no index of their own. Search for their containers.`,
        );
      default:
        if (/^_(rev)?include(:|$)/.test(name)) this.includes.push(parseInclude(this.#scope, name, value));
        else this.conditions.push(parseCriterion(this.#scope, name, value));
    }
  }

  #readCount(value: string): void {
    if (!/^\d{1,9}$/.test(value)) throw new Failure('value', `_count=${value} is no count: write a whole number.`);
    this.count = Number(value);
    if (this.count <= greatestCount) return;
    this.count = greatestCount;
    this.warn('too-costly', `_count=${value} is more than a page holds: pages have ${greatestCount} entries.`);
  }
}

function oneOf<Value extends string>(name: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new Failure('value', `${name}=${value} is not possible: write one of ${allowed.join(', ')}.`);
}

/** Reads a search; fails where it asks for the impossible, or, when handling is strict, for something not understood. */
export function parseSearch(input: SearchInput, context: ParseContext): SearchRequest {
  if (input.parameters.length > mostParameters) {
    throw new Failure('too-costly', `A search may have ${mostParameters} parameters, not more.`);
  }
  const types = searchedTypes(input);
  const { restriction } = input;
  const scope: SearchScope = {
    restriction,
    textSearch: 'narrative',
    ...context,
    types: types.length === 0 ? resourceTypes : types,
    now: context.now * 1000,
  };
  const reader = new RequestReader(scope, input.handling === 'strict');
  if (input.compartment) reader.conditions.push(inCompartment(scope, input));
  for (const [name, value] of input.parameters) {
    if (name === '_type' && input.type === undefined) reader.understood.push([name, value]);
    else reader.read(name, value);
  }
  const { conditions, sort, count, total, summary, elements, includes, understood, issues } = reader;
  const cursor = reader.cursor === undefined ? undefined : parseCursor(reader.cursor, sort);
  const own = restriction && ownRestriction(restriction, types);
  const condition = all(own ? [...conditions, own] : conditions);
  return { restriction, types, condition, sort, count, total, summary, elements, includes, cursor, understood, issues };
}

/** What may be seen among these types, or among all; undefined where that is everything. */
function ownRestriction(restriction: Restriction, types: readonly string[]): Condition | undefined {
  const [type, ...others] = types;
  if (type !== undefined && others.length === 0) return restriction(type);
  const parts = (types.length === 0 ? resourceTypes : types).map((name) => ({
    type: name,
    condition: restriction(name),
  }));
  if (parts.every(({ condition }) => condition === undefined)) return undefined;
  return any(parts.map(({ type, condition = everything }): Condition => ({ is: 'of-type', type, condition })));
}

function searchedTypes({ type, parameters }: SearchInput): string[] {
  if (type !== undefined) return [type];
  const lists = parameters.filter(([name]) => name === '_type').map(([, value]) => value.split(','));
  const types = [...new Set(lists.flat())];
  const unknown = types.find((name) => !isResourceType(name));
  if (unknown !== undefined) throw new Failure('value', `_type: "${unknown}" is no resource type of FHIR R4.`);
  return types;
}

function inCompartment(scope: SearchScope, { compartment, type }: SearchInput): Condition {
  const name = compartment?.type ?? '';
  const codes = (type && isCompartment(name) && compartments[name][type]) || [];
  if (codes.length === 0) {
    throw new NotSupported(`There is no compartment of ${name} with ${type ?? 'all types'}; see /metadata.`);
  }
  return compartmentCondition(scope, codes, `${name}/${compartment?.id}`);
}
