import type { JsonObject } from '#lib/json/index.ts';
import type { SearchParameterModel } from '../definitions/index.ts';
import { findAmong } from './book.ts';
import { planDefinition } from './plan-definition.ts';
import {
  type Connection,
  drawPaths,
  insertParameter,
  lockRules,
  type ParameterRow,
  type ParameterState,
  raiseGeneration,
  updateDefinition,
  updateState,
} from './queries.ts';
import { readDefinition, refusal } from './read-definition.ts';

/** A SearchParameter that is being written, or deleted when it has no resource. */
export interface Definition {
  readonly id: string;
  readonly resource: JsonObject | undefined;
}

/** What a definition means for the index. */
export interface Plan {
  readonly id: string;
  /** Undefined when nothing is to be searched by it any more. */
  readonly model: SearchParameterModel | undefined;
  /** Names of its own expressions. */
  readonly names: readonly string[];
}

/** How many parameters there may be beyond those of R4: each is extracted at every write of its types. */
const mostParameters = 1000;

/**
 * Reads and checks definitions in the order of their writing, as if all before were written; holds the rules until the
 * transaction ends, so that no two give the same code. A refused one has a failure in its place.
 */
export async function planDefinitions(
  connection: Connection,
  definitions: readonly Definition[],
): Promise<(Plan | { failure: unknown })[]> {
  const known = await lockRules(connection);
  const others = new Map<string, SearchParameterModel>();
  for (const { id, state, definition } of known) {
    if (state !== 'removing') others.set(id, JSON.parse(definition) as SearchParameterModel);
  }
  return definitions.map(({ id, resource }) => {
    const before = others.get(id);
    others.delete(id);
    try {
      const model = resource && readDefinition(resource);
      if (before) refuseInUse(before, model, others);
      if (!model) return { id, model: undefined, names: [] };
      if (others.size >= mostParameters) {
        throw refusal('code', 'too-costly', `There are ${mostParameters} search parameters already. Delete some.`);
      }
      refuseTwice(model, others);
      const names = planDefinition(model, findAmong([...others.values()]));
      others.set(id, model);
      return { id, model, names };
    } catch (failure) {
      if (before) others.set(id, before);
      return { failure };
    }
  });
}

function refuseTwice(model: SearchParameterModel, others: ReadonlyMap<string, SearchParameterModel>): void {
  for (const [id, other] of others) {
    if (other.url === model.url) {
      throw refusal('url', 'business-rule', `SearchParameter/${id} has this url. Change that one, or use another url.`);
    }
    const isShared =
      other.base.some((type) => model.base.includes(type) || isGeneral(type)) || model.base.some(isGeneral);
    if (other.code === model.code && isShared) {
      throw refusal('code', 'business-rule', `SearchParameter/${id} has the code "${model.code}". Use another code.`);
    }
  }
}

/** A composite goes by the url and type of its components. */
function refuseInUse(
  before: SearchParameterModel,
  after: SearchParameterModel | undefined,
  others: ReadonlyMap<string, SearchParameterModel>,
): void {
  if (after?.url === before.url && after.type === before.type) return;
  for (const [id, { component = [] }] of others) {
    if (!component.some(({ definition }) => definition === before.url)) continue;
    throw refusal(
      'url',
      'business-rule',
      `It is a component of SearchParameter/${id}. Change or delete that one first.`,
    );
  }
}

const isGeneral = (type: string): boolean => type === 'Resource' || type === 'DomainResource';

/** Work that is left: rows of a parameter are to be written, or removed. */
export type Enqueue = (
  connection: Connection,
  parameter: number,
  state: Exclude<ParameterState, 'active'>,
) => Promise<void>;

/** Carries out plans in the transaction that writes the definitions; from its end on, all write by the new rules. */
export async function register(connection: Connection, plans: readonly Plan[], enqueue: Enqueue): Promise<void> {
  const known = await lockRules(connection);
  let isChanged = false;
  for (const plan of plans) {
    const before = known.find(({ id, state }) => id === plan.id && state !== 'removing');
    if (await registerOne(connection, plan, before, enqueue)) isChanged = true;
  }
  if (isChanged) await raiseGeneration(connection);
}

/** What rows depend on; a new description needs no new rows. */
const essence = ({ description: _, url: __, ...model }: SearchParameterModel): string => JSON.stringify(model);

async function registerOne(
  connection: Connection,
  { id, model, names }: Plan,
  before: ParameterRow | undefined,
  enqueue: Enqueue,
): Promise<boolean> {
  if (!model && !before) return false;
  const definition = JSON.stringify(model);
  if (model && before) {
    if (before.definition === definition) return false;
    if (essence(JSON.parse(before.definition) as SearchParameterModel) === essence(model)) {
      await updateDefinition(connection, before.number, definition);
      return true;
    }
  }
  if (before) {
    await updateState(connection, before.number, 'removing');
    await enqueue(connection, before.number, 'removing');
  }
  if (model) {
    const numbers = await drawPaths(connection, names.length);
    const paths = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, numbers[index]])));
    // Where all expressions are R4's, the rows are there.
    const state = names.length > 0 ? 'indexing' : 'active';
    const number = await insertParameter(connection, { id, definition, paths, state });
    if (state === 'indexing') await enqueue(connection, number, 'indexing');
  }
  return true;
}
