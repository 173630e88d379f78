import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { resourceTypeNumber } from '../../../definitions/index.ts';
import { instantOf, lockRows, method, type Store, type StoredRow } from '../../../store/index.ts';
import { type Expunged, type ExpungeReason, printAuditEvent } from './audit-event.ts';
import {
  deleteAnswersAbout,
  deleteSuperseded,
  deleteUnusedTexts,
  emptyResource,
  type SupersededVersion,
  selectDeleted,
  selectSuperseded,
} from './queries.ts';

export interface ExpungeDependencies {
  pool: Pool;
  store: Store;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  newId: () => string;
}

/** What is to vanish of a resource. */
export type ExpungeScope =
  /** All of it, whether it was deleted before or not. */
  | 'everything'
  /** All of it, if it was deleted. */
  | 'deleted'
  /** All versions but the current one. */
  | 'previous'
  /** These versions, of which none may be the current one. */
  | { versions: readonly number[] };

const versionsAtATime = 200;

/**
 * Removes versions from the database for good, with their index rows, in one transaction with an AuditEvent that says so.
 * Of a resource of which nothing is left, the type and the id stay, since others may refer to it. Backups made before keep
 * what they hold. Fails with `not-found` where there is nothing to remove.
 */
export function expungeResource(
  deps: ExpungeDependencies,
  { type, id }: { type: string; id: string },
  scope: ExpungeScope,
  reason: ExpungeReason,
): Promise<Expunged> {
  return inTransaction(deps.pool, async (transaction) => {
    const expunged = await expungeOne(deps, transaction, { type, id }, scope);
    await writeTrail(deps, transaction, [expunged], reason);
    return expunged;
  });
}

/** All of resources of a type that were deleted, the longest ago first; `hasMore` when some are left after so many. */
export function expungeDeleted(
  deps: ExpungeDependencies,
  type: string,
  limit: number,
  reason: ExpungeReason,
): Promise<{ expunged: Expunged[]; hasMore: boolean }> {
  return inTransaction(deps.pool, async (transaction) => {
    const ids = await selectDeleted(transaction, resourceTypeNumber(type), limit + 1);
    const expunged: Expunged[] = [];
    // One order for all who lock several.
    for (const id of ids.slice(0, limit).sort()) {
      expunged.push(await expungeOne(deps, transaction, { type, id }, 'deleted'));
    }
    if (expunged.length > 0) await writeTrail(deps, transaction, expunged, reason);
    return { expunged, hasMore: ids.length > limit };
  });
}

async function expungeOne(
  { store }: ExpungeDependencies,
  transaction: Transaction,
  { type, id }: { type: string; id: string },
  scope: ExpungeScope,
): Promise<Expunged> {
  if (type === 'AuditEvent') throw new Failure('forbidden', 'What was audited stays audited: AuditEvents are kept.');
  const [row] = await lockRows(transaction, [{ type, id }]);
  if (!row || row.method === method.placeholder) throw new Failure('not-found', `There is no ${type}/${id}.`);
  checkScope(row, { type, id }, scope);
  const isWhole = scope === 'everything' || scope === 'deleted';
  // A deletion takes the index rows away, and tells the log of changes. Who refers to it stops no operator.
  const deletion = { type, id, method: method.delete };
  if (isWhole && row.content !== null) await store.write(transaction, [deletion], { references: 'accept' });
  const versions = await removeVersions(store, transaction, row.rid, typeof scope === 'object' ? scope.versions : null);
  if (isWhole) {
    if (row.content === null) versions.push(row.version);
    await emptyResource(transaction, row.rid);
    await deleteAnswersAbout(transaction, `${type}/${id}`);
  }
  if (versions.length === 0) throw new Failure('not-found', `There is no such version of ${type}/${id}.`);
  return { type, id, versions, isWhole };
}

function checkScope(row: StoredRow, { type, id }: { type: string; id: string }, scope: ExpungeScope): void {
  if (scope === 'deleted' && row.content !== null) {
    throw new Failure('business-rule', `${type}/${id} is not deleted. Delete it first, or expunge everything of it.`);
  }
  if (typeof scope === 'object' && scope.versions.includes(row.version)) {
    throw new Failure(
      'business-rule',
      `Version ${row.version} of ${type}/${id} is the current one. Write another first, or expunge everything of it.`,
    );
  }
}

/** Superseded versions a few at a time: one resource may have many, and large ones. */
async function removeVersions(
  store: Store,
  transaction: Transaction,
  rid: number,
  wanted: readonly number[] | null,
): Promise<number[]> {
  const removed: number[] = [];
  for (;;) {
    const chunk = { after: removed.at(-1) ?? 0, count: versionsAtATime };
    const found = await selectSuperseded(transaction, rid, wanted, chunk);
    if (found.length === 0) return removed;
    const versions = found.map(({ version }) => version);
    await deleteSuperseded(transaction, rid, versions);
    await deleteUnusedTexts(transaction, await store.textKeysOf(contentsOf(found)));
    for (const each of versions) removed.push(each);
  }
}

function* contentsOf(versions: readonly SupersededVersion[]): Generator<JsonObject> {
  for (const { content } of versions) if (content !== null) yield parseJson(content) as JsonObject;
}

async function writeTrail(
  { store, now, newId }: ExpungeDependencies,
  transaction: Transaction,
  expunged: readonly Expunged[],
  reason: ExpungeReason,
): Promise<void> {
  const resource = printAuditEvent(expunged, reason, instantOf(now() * 1000));
  const trail = { type: 'AuditEvent', id: newId(), method: method.post, resource, isNew: true };
  await store.write(transaction, [trail], { references: 'accept' });
}
