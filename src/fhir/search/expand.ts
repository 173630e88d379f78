import { Failure } from '#lib/failure.ts';
import { resourceTypeNumber } from '../definitions/index.ts';
import { tokenKey } from '../indexing/index.ts';
import { matchesStatement } from './count.ts';
import {
  type CanonicalWanted,
  type CodedPath,
  type CodesWanted,
  type Expansions,
  type HierarchyWanted,
  mostExpanded,
  type Wanted,
} from './expansions.ts';
import { type Connection, selectCodeKeys, selectHierarchy, selectStrings } from './queries.ts';
import { NotSupported } from './scope.ts';
import { pathBase, ridMask } from './sql-builder.ts';
import type { Statistics } from './statistics.ts';
import type { CodeInSystem, TerminologySource } from './terminology-source.ts';

/** Up to so many codes are searched for as they are; of more, those that the dictionary knows, which are all that can be found. */
const fewCodes = 1000;
/** Definitions, of which a record has few. */
const mostCanonicals = 10_000;

export interface ExpandDependencies {
  readonly connection: Connection;
  readonly terminology: TerminologySource | undefined;
  readonly statistics: Statistics;
}

/** Looks up what a search wants to know before it can be planned. */
export async function expand(
  expansions: Expansions,
  missing: readonly Wanted[],
  dependencies: ExpandDependencies,
): Promise<void> {
  const { connection, terminology } = dependencies;
  for (const wanted of missing) {
    if (wanted.of === 'hierarchy') expansions.setIds(wanted, await idsOf(connection, wanted));
    else if (wanted.of === 'canonical') expansions.setKeys(wanted, await canonicalKeysOf(dependencies, wanted));
    else {
      if (!terminology) {
        throw new NotSupported(`Modifier :${wanted.relation} needs terminology, which this server does not have.`);
      }
      expansions.setKeys(wanted, await keysOf(connection, wanted, await codesOf(terminology, wanted)));
    }
  }
}

/** A reference names the URL, with or without a version; versions are not compared. */
async function canonicalKeysOf(
  { connection, statistics }: ExpandDependencies,
  { type, condition, urlPath, paths }: CanonicalWanted,
): Promise<bigint[]> {
  const matches = matchesStatement({ condition, types: [type] }, statistics);
  const urls = await selectStrings(connection, matches, urlPath, mostCanonicals + 1);
  if (urls.length > mostCanonicals) {
    throw new Failure(
      'too-costly',
      `More than ${mostCanonicals} ${type} resources match. Narrow the chain through them.`,
    );
  }
  return urls.flatMap((url) => paths.map((path) => tokenKey(path, '', url)));
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
