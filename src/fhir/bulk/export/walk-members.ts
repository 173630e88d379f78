import { referenceKey } from '../../store/index.ts';
import { compartmentPaths } from './compartment.ts';
import { type MemberResource, selectByRids, selectMemberResources, selectMembers } from './queries.ts';
import { type Position, pageLimits, readableRows, type Walk, type WalkScope } from './walk.ts';

const membersAtATime = 100;
const rowsAtATime = 500;

/** The noted patients themselves. */
export function walkMembers(scope: WalkScope): Walk {
  return async ([after] = [0]) => {
    const rids = await selectMembers(scope.pool, scope.exportId, Number(after), rowsAtATime);
    const { contents, count } = await readSome(scope, rids);
    return { contents, next: count > 0 ? [rids[count - 1] ?? 0] : undefined };
  };
}

/**
 * What refers to the noted patients, patient by patient: the work depends on how much they have, not on how much there is.
 * Positions: the last patient of whom all is done, and the last resource of the one after.
 */
export function walkMemberResources(scope: WalkScope, type: string): Walk {
  const { pool, exportId } = scope;
  const bases = compartmentPaths(type).map((path) => referenceKey(path, 0));
  return async ([done, member, rid] = [0, 0, 0]) => {
    const members = await selectMembers(pool, exportId, Number(done), membersAtATime);
    const last = members.at(-1);
    if (last === undefined) return { contents: [], next: undefined };
    const after: MemberResource = { member: Number(member), rid: Number(rid) };
    const found = await selectMemberResources(pool, exportId, members, bases, after, rowsAtATime);
    const { contents, count } = await readSome(
      scope,
      found.map((row) => row.rid),
    );
    const lastRead = found[count - 1];
    const hasMore = found.length === rowsAtATime || count < found.length;
    const next: Position =
      lastRead && hasMore
        ? [members[members.indexOf(lastRead.member) - 1] ?? Number(done), lastRead.member, lastRead.rid]
        : [last, 0, 0];
    return { contents, next };
  };
}

/** As many of these resources, in their order, as fill a page; `count` of them are done then. */
async function readSome(scope: WalkScope, rids: readonly number[]): Promise<{ contents: string[]; count: number }> {
  if (rids.length === 0) return { contents: [], count: 0 };
  const rows = await selectByRids(scope.pool, scope.instants, undefined, rids, pageLimits.byteLength);
  const readable = await readableRows(scope, rows);
  const last = rows.at(-1);
  return {
    contents: readable.flatMap(({ content }) => content ?? []),
    count: last === undefined ? rids.length : rids.indexOf(last.rid) + 1,
  };
}
