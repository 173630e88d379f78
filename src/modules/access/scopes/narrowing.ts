import type { AccessVerb } from '#fhir/access/index.ts';
import { isResourceType, resourceTypes } from '#fhir/definitions/index.ts';
import { type Condition, nothing, ofPatients, type Search } from '#fhir/search/index.ts';
import { Failure } from '#lib/failure.ts';
import { both, either, isOfRecord } from '../conditions.ts';
import { parseScope, type ResourceScope, type ScopeLetter } from './scope.ts';

/** What scopes leave of what somebody may do. */
export interface Narrowing {
  conditionOf(verb: AccessVerb, type: string): Condition | undefined;
  /** Whether they let an operation run that reads or writes widely: only where they name every type. */
  allows(verb: AccessVerb): boolean;
}

interface Understood extends ResourceScope {
  /** By type: what the query means; undefined for all. A type that does not have the parameters is missing. */
  readonly conditions: ReadonlyMap<string, Condition | undefined>;
}

const lettersOf: Readonly<Record<AccessVerb, readonly ScopeLetter[]>> = {
  read: ['r'],
  // Whoever may search for resources is shown them, too.
  search: ['s'],
  create: ['c'],
  update: ['u'],
  delete: ['d'],
};

/** The contexts that a principal can be granted: a person has no `system/`, a system no `user/`. */
export interface ScopeBearer {
  readonly isSystem: boolean;
  /** Id of the Patient in context. */
  readonly patient: string | undefined;
}

export async function understandScopes(
  search: Pick<Search, 'parse'>,
  scopes: readonly string[],
  { isSystem, patient }: ScopeBearer,
): Promise<Narrowing> {
  const understood: Understood[] = [];
  for (const scope of scopes.flatMap((text) => parseScope(text) ?? [])) {
    const isBorne = scope.context === 'system' ? isSystem : !isSystem;
    if (!isBorne || (scope.context === 'patient' && patient === undefined)) continue;
    understood.push({ ...scope, conditions: await conditionsOf(search, scope) });
  }
  const conditionOf = (verb: AccessVerb, type: string): Condition | undefined =>
    either(
      understood
        .filter(
          ({ letters, conditions }) => conditions.has(type) && letters.some((each) => lettersOf[verb].includes(each)),
        )
        .map(({ context, conditions }) =>
          both([
            conditions.get(type),
            context === 'patient' && patient !== undefined && isOfRecord(type)
              ? ofPatients(type, [patient])
              : undefined,
          ]),
        ),
    );
  return {
    conditionOf,
    allows: (verb) =>
      understood.some(
        ({ context, type, letters, query }) =>
          context !== 'patient' &&
          type === '*' &&
          query.length === 0 &&
          letters.some((each) => lettersOf[verb].includes(each)),
      ),
  };
}

/** Parameters that shape an answer restrict nothing: with them, a scope is not understood, and grants nothing. */
const isResultParameter = (name: string): boolean =>
  /^_(count|sort|include|revinclude|summary|elements|total|contained|containedType|cursor|format|pretty|type)(:|$)/.test(
    name,
  );

async function conditionsOf(
  search: Pick<Search, 'parse'>,
  { type, query }: ResourceScope,
): Promise<ReadonlyMap<string, Condition | undefined>> {
  const types = type === '*' ? resourceTypes : [type].filter(isResourceType);
  if (query.length === 0) return new Map(types.map((name) => [name, undefined]));
  if (query.some(([name]) => isResultParameter(name))) return new Map();
  const conditions = new Map<string, Condition | undefined>();
  for (const name of types) {
    const condition = await meaning(search, name, query);
    if (condition !== nothing) conditions.set(name, condition);
  }
  return conditions;
}

async function meaning(
  search: Pick<Search, 'parse'>,
  type: string,
  parameters: ResourceScope['query'],
): Promise<Condition> {
  try {
    return (await search.parse({ type, parameters, handling: 'strict', restriction: undefined })).condition;
  } catch (error) {
    if (error instanceof Failure) return nothing;
    throw error;
  }
}
