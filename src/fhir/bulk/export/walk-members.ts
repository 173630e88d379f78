import { referenceKey } from '../../store/index.ts';
import { compartmentPaths } from './compartment.ts';
import { type MemberResource, selectByRids, selectMemberResources, selectMembers } from './queries.ts';
import type { Page, Position, Walk, WalkScope } from './walk.ts';

const membersAtATime = 100;
const rowsAtATime = 500;

/** The noted patients themselves. */
export function walkMembers({ pool, exportId, instants }: WalkScope): Walk {
  return async ([after] = [0]) => {
    const rids = await selectMembers(pool, exportId, Number(after), rowsAtATime);
    return pageOf(
      await selectByRids(pool, instants, undefined, rids),
      rids.length > 0 ? [rids.at(-1) ?? 0] : undefined,
    );
  };
}

/**
 * What refers to the noted patients, patient by patient: the work depends on how much they have, not on how much there is.
 * Positions: the last patient of whom all is done, and the last resource of the one after.
 */
export function walkMemberResources({ pool, exportId, instants }: WalkScope, type: string): Walk {
  const bases = compartmentPaths(type).map((path) => referenceKey(path, 0));
  return async ([done, member, rid] = [0, 0, 0]) => {
    const members = await selectMembers(pool, exportId, Number(done), membersAtATime);
    const last = members.at(-1);
    if (last === undefined) return { contents: [], next: undefined };
    const after: MemberResource = { member: Number(member), rid: Number(rid) };
    const found = await selectMemberResources(pool, exportId, members, bases, after, rowsAtATime);
    const lastFound = found.at(-1);
    const next: Position =
      lastFound && found.length === rowsAtATime
        ? [members[members.indexOf(lastFound.member) - 1] ?? Number(done), lastFound.member, lastFound.rid]
        : [last, 0, 0];
    const rids = found.map((row) => row.rid);
    return pageOf(rids.length > 0 ? await selectByRids(pool, instants, undefined, rids) : [], next);
  };
}

const pageOf = (rows: readonly { content: string | undefined }[], next: Position | undefined): Page => ({
  contents: rows.flatMap(({ content }) => (content === undefined ? [] : [content])),
  next,
});
