import { resourceTypeNumber } from '../../definitions/index.ts';
import { ridRange } from '../../store/index.ts';
import { anyPatient } from './compartment.ts';
import { selectByRid, selectByTime } from './queries.ts';
import { memberContents, pageLimits, readableRows, type Walk, type WalkScope } from './walk.ts';

/** All resources of a type, or those of any patient: in the order in which they lie on the disk. */
export function walkType(scope: WalkScope, type: string): Walk {
  const { first, last } = ridRange(type);
  const ranges = scope.members === 'all' ? undefined : anyPatient(type);
  return async ([after] = [first - 1]) => {
    const rows = await selectByRid(scope.pool, scope.instants, ranges, { after: Number(after), last }, pageLimits);
    const lastRow = rows.at(-1);
    return { contents: memberContents(scope, type, await readableRows(scope, rows)), next: lastRow && [lastRow.rid] };
  };
}

/** The same since an instant, in the order in which they were written. */
export function walkChanges(scope: WalkScope, type: string): Walk {
  const { since } = scope.instants;
  const ranges = scope.members === 'all' ? undefined : anyPatient(type);
  const number = resourceTypeNumber(type);
  return async ([updated, rid] = [since, Number.MAX_SAFE_INTEGER]) => {
    const after = { updated: Number(updated), rid: Number(rid) };
    const rows = await selectByTime(scope.pool, scope.instants, ranges, number, after, pageLimits);
    const lastRow = rows.at(-1);
    return {
      contents: memberContents(scope, type, await readableRows(scope, rows)),
      next: lastRow && [lastRow.updated, lastRow.rid],
    };
  };
}
