import { Failure } from '#lib/failure.ts';
import { resourceTypeNumber } from '../definitions/index.ts';
import { tokenKey } from '../indexing/index.ts';
import { type CodedPath, type CodesWanted, type Expansions, type HierarchyWanted, mostExpanded } from './expansions.ts';
import { type Connection, selectCodeKeys, selectHierarchy } from './queries.ts';
import { NotSupported } from './scope.ts';
import { pathBase, ridMask } from './sql-builder.ts';
import type { CodeInSystem, TerminologySource } from './terminology-source.ts';

/** Up to so many codes are searched for as they are; of more, those that the dictionary knows, which are all that can be found. */
const fewCodes = 1000;

/** Looks up what a search wants to know before it can be planned. */
export async function expand(
  expansions: Expansions,
  connection: Connection,
  terminology: TerminologySource | undefined,
): Promise<void> {
  for (const [name, wanted] of expansions.codes) {
    if (!terminology) {
      throw new NotSupported(`Modifier :${wanted.relation} needs terminology, which this server does not have.`);
    }
    expansions.setKeys(name, await keysOf(connection, wanted, await codesOf(terminology, wanted)));
  }
  for (const [name, wanted] of expansions.hierarchies) {
    expansions.setIds(name, await idsOf(connection, wanted));
  }
}

async function codesOf(terminology: TerminologySource, wanted: CodesWanted): Promise<readonly CodeInSystem[]> {
  const { relation, system, value } = wanted;
  if (relation === 'in') {
    const members = await terminology.membersOf(value, mostExpanded);
    if (!members) throw unknown(`The value set ${value} is not known here. Store it, or load it, first.`);
    return members;
  }
  const find = relation === 'below' ? terminology.descendants : terminology.ancestors;
  const codes = await find.call(terminology, system, value, mostExpanded);
  if (!codes) throw unknown(`The code ${system}|${value} is not known here. Load its code system first.`);
  return codes.map((code) => ({ system, code }));
}

const unknown = (diagnostics: string): Failure =>
  new Failure('invalid', diagnostics, [{ severity: 'error', code: 'not-found', diagnostics }]);

async function keysOf(
  connection: Connection,
  { paths }: CodesWanted,
  codes: readonly CodeInSystem[],
): Promise<bigint[]> {
  const keys = paths.flatMap((place) => codes.map((code) => keyOf(place, code)));
  if (keys.length <= fewCodes) return [...new Set(keys)];
  const wanted = new Set(keys);
  const numbers = paths.map(({ path }) => path);
  const known = await selectCodeKeys(connection, numbers, wanted.size);
  // A dictionary that is larger than the list: then each of the list is looked for in it.
  return known ? known.filter((key) => wanted.has(key)) : [...wanted];
}

const keyOf = ({ path, hasSystem }: CodedPath, { system, code }: CodeInSystem): bigint =>
  tokenKey(path, hasSystem ? system : '', code);

async function idsOf(
  connection: Connection,
  { relation, type, id, parentPath }: HierarchyWanted,
): Promise<readonly string[]> {
  const ids = await selectHierarchy(connection, {
    relation,
    type: resourceTypeNumber(type),
    id,
    base: pathBase(parentPath),
    last: pathBase(parentPath) + ridMask,
    limit: mostExpanded + 1,
  });
  return ids.length === 0 ? [id] : ids;
}
