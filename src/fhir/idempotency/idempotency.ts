import { Failure } from '#lib/failure.ts';
import { createLimit } from '#lib/limit.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { createTurns } from '#lib/turns.ts';
import { allowSilence, claimKey, deleteExpired, saveAnswer, selectAnswer } from './queries.ts';

/** A request that its sender may repeat. */
export interface Once {
  key: string;
  /** SHA-256 of what was asked for. */
  request: Buffer;
}

export interface OnceAnswer {
  answer: string;
  /** The answer is that of an earlier request. */
  isRepeated: boolean;
}

/**
 * Carries a request with an Idempotency-Key out once in 24 hours, and gives its answer again to whoever repeats it, in
 * whatever process. A repetition that comes meanwhile waits. What fails leaves no trace and may be sent again.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export interface Idempotency {
  /** Lets repetitions in this process wait for each other without holding a connection; goes around the transaction. */
  inTurn<Result>(once: Once | undefined, run: () => Promise<Result>): Promise<Result>;
  /** The key is committed with the changes of the transaction, or not at all. */
  inside(transaction: Transaction, once: Once, run: () => Promise<string>): Promise<OnceAnswer>;
  /**
   * For what has transactions of its own. The answer is committed after them: should the process be killed between, a
   * repetition runs again.
   */
  around(once: Once, run: () => Promise<string>): Promise<OnceAnswer>;
  /** Deletes the keys of more than 24 hours ago. */
  removeExpired(): Promise<void>;
}

const lifetimeMs = 24 * 60 * 60 * 1000;
const removalIntervalMs = 10 * 60 * 1000;
const removalLimit = 1000;
/** Each holds a connection while what it waits for needs another. */
const holdersOf = ({ options: { max = 10 } }: Pool): number => (max >= 4 ? 2 : 1);

interface Dependencies {
  pool: Pool;
  sidePool: Pool;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
}

export function createIdempotency({ pool, sidePool, now }: Dependencies): Idempotency {
  const limit = createLimit(holdersOf(pool));
  let removedAt = Number.NEGATIVE_INFINITY;

  const removeExpired = async () => {
    while ((await deleteExpired(sidePool, micros(now() - lifetimeMs), removalLimit)) === removalLimit);
  };
  const removeNowAndThen = () => {
    if (now() - removedAt < removalIntervalMs) return;
    removedAt = now();
    // What is left is removed the next time, and is not answered with meanwhile.
    void removeExpired().catch(() => {});
  };
  const inside: Idempotency['inside'] = async (transaction, once, run) => {
    removeNowAndThen();
    const times = { now: micros(now()), expiry: micros(now() - lifetimeMs) };
    if (!(await claimKey(transaction, once.key, once.request, times))) return repeat(transaction, once);
    const answer = await run();
    await saveAnswer(transaction, once.key, answer);
    return { answer, isRepeated: false };
  };
  const turns = createTurns();
  const inTurn: Idempotency['inTurn'] = (once, run) => (once ? turns(once.key, run) : run());
  return {
    inTurn,
    inside,
    around: (once, run) =>
      inTurn(once, () =>
        limit(() =>
          inTransaction(pool, async (transaction) => {
            await allowSilence(transaction);
            return inside(transaction, once, run);
          }),
        ),
      ),
    removeExpired,
  };
}

const micros = (milliseconds: number): number => Math.floor(milliseconds) * 1000;

async function repeat(transaction: Transaction, { key, request }: Once): Promise<OnceAnswer> {
  const held = await selectAnswer(transaction, key);
  // It expired, and was removed, between two statements.
  if (held?.answer === undefined || held.answer === null) {
    throw new Failure('transient', 'The Idempotency-Key has just expired. Repeat the request.');
  }
  if (!held.request.equals(request)) {
    throw new Failure('business-rule', 'This Idempotency-Key came with another request before. Draw a new one.');
  }
  return { answer: held.answer, isRepeated: true };
}
