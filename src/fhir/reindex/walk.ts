import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { resourceTypeNumber } from '../definitions/index.ts';
import { ridRange } from '../store/index.ts';
import {
  estimateResources,
  type IndexedRow,
  lockFree,
  lockIndexed,
  selectIndexed,
} from '../store/index-again/index.ts';

const pageLength = 500;
const pageBytes = 2 * 1024 * 1024;

/** Resources that stand together in the order of rids. */
export interface Page {
  readonly rows: readonly IndexedRow[];
  /** The page is about all rids behind this one. */
  readonly after: number;
  /** And up to this one. */
  readonly last: number;
}

const byNumber = (types: readonly string[]): string[] =>
  [...new Set(types)].sort((left, right) => resourceTypeNumber(left) - resourceTypeNumber(right));

/** Resources of these types from a rid on, page by page; what is written behind the walk is not met. */
export async function* walk(pool: Pool, types: readonly string[], from: number, signal: AbortSignal) {
  for (const type of byNumber(types)) {
    const { first, last } = ridRange(type);
    for (let after = Math.max(from, first - 1); after < last; ) {
      signal.throwIfAborted();
      const rows = await selectIndexed(pool, { after, last, count: pageLength, byteLength: pageBytes });
      const reached = rows.at(-1)?.rid ?? last;
      yield { rows, after, last: reached } satisfies Page;
      after = reached;
    }
  }
}

/** About how many resources there are of these types. */
export async function estimateAll(pool: Pool, types: readonly string[]): Promise<number> {
  let total = 0;
  for (const type of types) {
    const { first, last } = ridRange(type);
    total += await estimateResources(pool, first, last);
  }
  return total;
}

/** Up to 99: an estimate does not say that something is complete. */
export const percentOf = (done: number, total: number): number =>
  Math.min(99, Math.floor((100 * done) / Math.max(1, total)));

/** Does something with resources while nobody else writes them; `gone` are those of these rids that do not exist. */
export async function withLocked(
  pool: Pool,
  rids: readonly number[],
  run: (transaction: Transaction, rows: readonly IndexedRow[], gone: readonly number[]) => Promise<void>,
): Promise<void> {
  if (rids.length === 0) return;
  const busy = await inTransaction(
    pool,
    async (transaction) => {
      const locked = await lockFree(transaction, rids);
      if (locked.rows.length > 0) await run(transaction, locked.rows, []);
      return locked.busy;
    },
    { retryUniqueViolation: true },
  );
  for (const rid of busy) {
    await inTransaction(
      pool,
      async (transaction) => {
        const rows = await lockIndexed(transaction, [rid], { skipLocked: false });
        await run(transaction, rows, rows.length > 0 ? [] : [rid]);
      },
      { retryUniqueViolation: true },
    );
  }
}
