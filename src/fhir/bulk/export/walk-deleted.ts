import { resourceTypeNumber } from '../../definitions/index.ts';
import { instantOf } from '../../store/index.ts';
import { type DeletedRow, selectDeleted } from './queries.ts';
import { memberContents, notedMembers, type Walk, type WalkScope } from './walk.ts';

const rowsAtATime = 500;

/**
 * Deletions of a type since an instant, as Bundles of type transaction.
 * https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---output-manifest
 */
export function walkDeleted(scope: WalkScope, type: string): Walk {
  // Whose a deleted resource was, its index does not say any more.
  if (scope.restriction?.(type) !== undefined) return async () => ({ contents: [], next: undefined });
  const { since, asOf } = scope.instants;
  const number = resourceTypeNumber(type);
  const limits = { count: rowsAtATime, withContent: scope.members !== 'all' };
  return async ([updated, rid] = [since, Number.MAX_SAFE_INTEGER]) => {
    const after = { updated: Number(updated), rid: Number(rid) };
    const rows = await selectDeleted(scope.pool, { asOf }, number, after, limits);
    const deleted = await membersAmong(
      scope,
      type,
      rows.filter(({ isDeleted }) => isDeleted),
    );
    const last = rows.at(-1);
    return {
      contents: deleted.length > 0 ? [printDeletions(type, deleted, asOf)] : [],
      next: last && [last.updated, last.rid],
    };
  };
}

/** Whose patient is not exported is not told either: the last version before the deletion says whose it was. */
async function membersAmong(
  scope: WalkScope,
  type: string,
  rows: readonly DeletedRow[],
): Promise<readonly DeletedRow[]> {
  if (scope.members === 'all') return rows;
  if (scope.members === 'any-patient') {
    return rows.filter(({ content, ...row }) => {
      const found = { ...row, content, isNewest: false, isMember: false };
      return memberContents(scope, type, [found]).length > 0;
    });
  }
  const known = rows.filter(({ content }) => content !== undefined);
  const areMembers = await notedMembers(
    scope,
    type,
    known.map(({ content = '' }) => content),
  );
  return known.filter((_, index) => areMembers[index]);
}

function printDeletions(type: string, rows: readonly DeletedRow[], asOf: number): string {
  const entry = rows.map(({ id }) => ({ request: { method: 'DELETE', url: `${type}/${id}` } }));
  return JSON.stringify({ resourceType: 'Bundle', meta: { lastUpdated: instantOf(asOf) }, type: 'transaction', entry });
}
