import type { JsonObject } from '#lib/json/index.ts';
import type { SearchParameterModel } from '../definitions/index.ts';
import { resourceTypes } from '../definitions/index.ts';
import {
  appliesTo,
  compileExtractor,
  type Extractor,
  findDefinition,
  type IndexSink,
  indexResource,
  knownPathNumber,
  type PathNumbering,
  type PlannedParameter,
  pathName,
  plannedParameters,
  planParameter,
  type SearchParameterPlan,
  searchParameter,
  searchParametersOf,
} from '../indexing/index.ts';
import type { ParameterRow, ParameterState } from './queries.ts';

/** Which index rows resources have, by R4 and by the parameters created since. They never change; others take their place. */
export interface IndexRules {
  /** Written rows are refused when it is not the current one. */
  readonly generation: number;
  /** Tells the sink what is to be indexed of a resource. */
  index(resource: JsonObject, sink: IndexSink): void;
  /** As index, with what rows of a stored version may be of parameters that are being removed. */
  indexStored(resource: JsonObject, sink: IndexSink): void;
}

/** A parameter as it is stored, planned for each of its types. */
export interface CustomParameter {
  readonly number: number;
  readonly id: string;
  readonly state: ParameterState;
  readonly model: SearchParameterModel;
  /** By resource type; types that R4 answers under the same code are left out. */
  readonly planned: ReadonlyMap<string, PlannedParameter>;
  /** Numbers of expressions that no other parameter has. */
  readonly ownPaths: ReadonlySet<number>;
}

/** Expressions of R4 have their numbers; others have those that were drawn for the parameter. */
export function numberingOf(paths: Readonly<Record<string, number>>): PathNumbering {
  return (kind, expression) => {
    const name = pathName(kind, expression);
    const number = knownPathNumber(kind, expression) ?? (Object.hasOwn(paths, name) ? paths[name] : undefined);
    if (number === undefined) throw new Error(`No number was drawn for ${name}`);
    return number;
  };
}

/** The types for which a parameter means something that R4 has not. */
export function planForTypes(
  model: SearchParameterModel,
  numberOf: PathNumbering,
  find = findDefinition,
): Map<string, PlannedParameter> {
  const planned = new Map<string, PlannedParameter>();
  for (const type of resourceTypes) {
    if (!appliesTo(model, type) || searchParameter(type, model.code)) continue;
    planned.set(type, planParameter(model, type, numberOf, find));
  }
  return planned;
}

export function toCustomParameter(
  { number, id, state, definition, paths }: ParameterRow,
  find: typeof findDefinition,
): CustomParameter {
  const model = JSON.parse(definition) as SearchParameterModel;
  const numbers = JSON.parse(paths) as Record<string, number>;
  const ownPaths = new Set(Object.values(numbers));
  return { number, id, state, model, ownPaths, planned: planAgain(model, numberingOf(numbers), find) };
}

/** What an older version of this code could plan and this one cannot means nothing: writes must go on. */
function planAgain(
  model: SearchParameterModel,
  numberOf: PathNumbering,
  find: typeof findDefinition,
): Map<string, PlannedParameter> {
  try {
    return planForTypes(model, numberOf, find);
  } catch {
    return new Map();
  }
}

export class Rules implements IndexRules {
  readonly generation: number;
  readonly parameters: readonly CustomParameter[];
  readonly #written: Extractors;
  readonly #stored: Extractors;
  readonly #answered: ReadonlyMap<string, ReadonlyMap<string, SearchParameterPlan>>;

  constructor(generation: number, parameters: readonly CustomParameter[]) {
    this.generation = generation;
    this.parameters = parameters;
    this.#written = new Extractors(parameters.filter(({ state }) => state !== 'removing'));
    this.#stored = new Extractors(parameters);
    this.#answered = plansByType(parameters.filter(({ state }) => state === 'active'));
  }

  index(resource: JsonObject, sink: IndexSink): void {
    this.#written.of(resource.resourceType as string)(resource, sink);
  }

  indexStored(resource: JsonObject, sink: IndexSink): void {
    this.#stored.of(resource.resourceType as string)(resource, sink);
  }

  find(type: string, code: string): SearchParameterPlan | undefined {
    return searchParameter(type, code) ?? this.#answered.get(type)?.get(code);
  }

  ofType(type: string): SearchParameterPlan[] {
    const own = this.#answered.get(type);
    return own ? [...searchParametersOf(type), ...own.values()] : searchParametersOf(type);
  }

  /** The parameter that will be answered under this code. */
  pending(type: string, code: string): CustomParameter | undefined {
    return this.parameters.find(
      ({ state, model, planned }) => state === 'indexing' && model.code === code && planned.has(type),
    );
  }
}

function plansByType(parameters: readonly CustomParameter[]): Map<string, Map<string, SearchParameterPlan>> {
  const plans = new Map<string, Map<string, SearchParameterPlan>>();
  for (const { planned } of parameters) {
    for (const [type, { plan }] of planned) {
      const own = plans.get(type) ?? new Map<string, SearchParameterPlan>();
      plans.set(type, own.set(plan.code, plan));
    }
  }
  return plans;
}

/** Types without parameters of their own share the extractors of R4. */
class Extractors {
  readonly #own = new Map<string, PlannedParameter[]>();
  readonly #compiled = new Map<string, Extractor>();

  constructor(parameters: readonly CustomParameter[]) {
    for (const { planned } of parameters) {
      for (const [type, parameter] of planned) this.#own.set(type, [...(this.#own.get(type) ?? []), parameter]);
    }
  }

  of(type: string): Extractor {
    const own = this.#own.get(type);
    if (!own) return indexResource;
    let extract = this.#compiled.get(type);
    if (!extract) {
      extract = compileExtractor([...plannedParameters(type).values(), ...own]);
      this.#compiled.set(type, extract);
    }
    return extract;
  }
}
