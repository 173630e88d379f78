import { Failure, type Issue } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { Int2Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { resourceTypeNumber, resourceTypeOfNumber, resourceTypes } from '../definitions/index.ts';
import { searchParametersOf } from '../indexing/index.ts';
import { method } from './method.ts';
import type { Step } from './plan-step.ts';
import { type Connection, lockTargets, selectReferrers } from './queries.ts';
import { parseLiteralReference } from './reference.ts';
import { nameOf, referenceKey } from './rid.ts';

/** Refuses writes that refer to what is not there, and deletions of what others refer to. */
export interface ReferencePolicy {
  /** The references of a resource, with the FHIRPath of each. */
  find(resource: JsonObject): readonly { reference: string; path: string }[];
}

interface Wanted {
  name: string;
  path: string;
}

const longestReport = 100;

/**
 * For each unit, why it may not be written: it adds references to what is neither live nor written together with it.
 * Targets are locked, so that nobody deletes one before the transaction has ended.
 */
export async function findDangling(
  policy: ReferencePolicy,
  connection: Connection,
  units: readonly (readonly Step[])[],
): Promise<(Failure | undefined)[]> {
  const wanted = units.map((steps) => addedReferences(policy, steps));
  const names = new Set(wanted.flatMap((list) => list.map(({ name }) => name)));
  const live = names.size > 0 ? await lockLive(connection, names) : new Set<string>();
  return wanted.map((list) => danglingFailure(list.filter(({ name }) => !live.has(name))));
}

/** Those that the current version has already are left alone: a record can be mended step by step. */
function addedReferences(policy: ReferencePolicy, steps: readonly Step[]): Wanted[] {
  const own = new Set(steps.flatMap(({ change: { resource, type, id } }) => (resource ? [nameOf(type, id)] : [])));
  return steps.flatMap(({ change, current }) => {
    if (!change.resource) return [];
    const added = targetsOf(policy, change.resource).filter(({ name }) => !own.has(name));
    if (added.length === 0 || !current?.content) return added;
    const before = new Set(targetsOf(policy, parseJson(current.content) as JsonObject).map(({ name }) => name));
    return added.filter(({ name }) => !before.has(name));
  });
}

function targetsOf(policy: ReferencePolicy, resource: JsonObject): Wanted[] {
  return policy.find(resource).flatMap(({ reference, path }) => {
    const target = parseLiteralReference(reference);
    return target ? [{ name: nameOf(target.type, target.id), path }] : [];
  });
}

async function lockLive(connection: Connection, names: Iterable<string>): Promise<Set<string>> {
  const rows = await lockTargets(connection, ...columnsOf(names));
  return new Set(rows.map(({ type, id }) => nameOf(resourceTypeOfNumber(type) ?? '', id)));
}

export function columnsOf(names: Iterable<string>): [TextColumn, Int2Column] {
  const columns: [TextColumn, Int2Column] = [new TextColumn(), new Int2Column()];
  for (const name of names) {
    const slash = name.indexOf('/');
    columns[0].push(name.slice(slash + 1));
    columns[1].push(resourceTypeNumber(name.slice(0, slash)));
  }
  return columns;
}

function danglingFailure(dangling: readonly Wanted[]): Failure | undefined {
  if (dangling.length === 0) return undefined;
  const issues = dangling.slice(0, longestReport).map(({ name, path }): Issue => {
    const diagnostics = `There is no ${name}. Write it first, or together with what refers to it in one transaction.`;
    return { severity: 'error', code: 'business-rule', diagnostics, expression: path };
  });
  const more = dangling.length > longestReport ? ` and ${dangling.length - longestReport} more` : '';
  const named = issues.map(({ expression }, index) => `${expression} to ${dangling[index]?.name}`).join(', ');
  return new Failure('business-rule', `References to what is not there: ${named}${more}.`, issues);
}

/** After the write: fails with `conflict` when others still refer to what it has deleted. */
export async function refuseReferred(connection: Connection, steps: readonly Step[]): Promise<void> {
  const deleted = steps.filter(({ change }) => change.method === method.delete);
  if (deleted.length === 0) return;
  const nameOfRid = new Map(deleted.map(({ rid, change: { type, id } }) => [rid, nameOf(type, id)]));
  const rids = new Int8Column();
  for (const rid of nameOfRid.keys()) rids.push(rid);
  const referrers = await selectReferrers(connection, rids, allPaths(), longestReport);
  if (referrers.length === 0) return;
  const issues = referrers.map(({ target, type, id }): Issue => {
    const diagnostics = `${nameOfRid.get(target)} is referred to by ${resourceTypeOfNumber(type)}/${id}. Change or delete that first.`;
    return { severity: 'error', code: 'conflict', diagnostics };
  });
  throw new Failure('conflict', issues.map(({ diagnostics }) => diagnostics).join(' '), issues);
}

let paths: readonly bigint[] | undefined;

/** The reference key of rid 0 on every path of a reference. */
export function allPaths(): Int8Column {
  paths ??= [
    ...new Set(
      resourceTypes
        .flatMap(searchParametersOf)
        .filter(({ type }) => type === 'reference')
        .flatMap(({ branches }) => branches.map(({ path }) => referenceKey(path, 0))),
    ),
  ];
  const column = new Int8Column();
  for (const path of paths) column.pushBigInt(path);
  return column;
}
