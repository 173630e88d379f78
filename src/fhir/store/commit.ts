import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Change, Outcome } from './change.ts';
import { CommitQueue } from './commit-queue.ts';
import { isDefinition } from './definitions.ts';
import type { StoreState } from './state.ts';
import { type Settled, type Unit, writeChanges, writeUnits } from './write.ts';

const attempts = 5;

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

/** Values that PostgreSQL refuses, and limits that a batch went beyond: a smaller one may not. */
const isAboutUnits = (error: unknown): boolean =>
  error instanceof Failure ||
  (typeof codeOf(error) === 'string' && /^(?:22|23|54|40|53|57014)/.test(String(codeOf(error))));

/**
 * Commits in transactions of its own what comes in alone, together with what comes in at the same time: new resources by
 * single statements, which need no transaction unless their targets are to be locked or faults put down, others in transactions.
 */
export function createCommit(state: StoreState): (changes: Unit) => Promise<Outcome[]> {
  const inOwnTransaction = (units: readonly Unit[]) =>
    inTransaction(state.pool, (transaction) => writeUnits(state, transaction, units, { skipBusy: units.length > 1 }), {
      retryUniqueViolation: true,
    });
  const commitAlone = (unit: Unit) =>
    inTransaction(state.pool, (transaction) => writeChanges(state, transaction, unit), { retryUniqueViolation: true });
  const created = new CommitQueue({
    commit: bisecting(state.references ? inOwnTransaction : (units) => commitNew(state, units)),
    commitAlone,
  });
  const changed = new CommitQueue({ commit: bisecting(inOwnTransaction), commitAlone });
  // What is put down about faults stands or falls with the version.
  const isFaulty = ({ resource }: Change): boolean =>
    resource !== undefined && (state.issues?.of(resource).length ?? 0) > 0;
  // So does what a search parameter means for the index.
  // And what is refused, put down or derived in the same transaction.
  const isAccompanied = ({ access, type }: Change): boolean =>
    (access !== undefined && state.guard !== undefined) ||
    (state.derived?.some(({ types }) => types.includes(type)) ?? false);
  const isPlain = (change: Change): boolean =>
    change.isNew === true && !isDefinition(change) && !isFaulty(change) && !isAccompanied(change);
  return (changes) => (changes.every(isPlain) ? created : changed).commit(changes);
}

async function commitNew(state: StoreState, units: readonly Unit[]): Promise<Settled[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeUnits(state, state.pool, units);
    } catch (error) {
      // Somebody else drew the same placeholder first, or changed the search parameters: the next attempt knows it.
      if (attempt === attempts || !['23505', '40P01', '40001'].includes(`${codeOf(error)}`)) throw error;
    }
  }
}

type Commit = (units: readonly Unit[]) => Promise<Settled[]>;

/**
 * When a batch fails because of what it holds, its halves are tried, down to the unit that is to blame. After a lost
 * connection nothing is tried again: the batch may have been committed.
 */
function bisecting(commit: Commit): Commit {
  const tryHalves: Commit = async (units) => {
    try {
      return await commit(units);
    } catch (error) {
      if (!isAboutUnits(error)) throw error;
      if (units.length < 2) return [{ error }];
      const middle = Math.ceil(units.length / 2);
      const first = await tryHalves(units.slice(0, middle));
      return [...first, ...(await settleRest(tryHalves, units.slice(middle)))];
    }
  };
  return tryHalves;
}

/** The first half is committed by now, so that a failure of the second must not be told of it. */
async function settleRest(commit: Commit, units: readonly Unit[]): Promise<Settled[]> {
  try {
    return await commit(units);
  } catch (error) {
    return units.map(() => ({ error }));
  }
}
