import type { Actor } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { type MergeDependencies, mergeIn } from '../merge/merge.ts';
import { lockReview, saveClaim, saveState, selectReview } from './queries.ts';
import { claimMicros, type Review, type ReviewState } from './review.ts';

type Deciding = Pick<MergeDependencies, 'pool' | 'now'>;

async function require(transaction: Transaction, review: number): Promise<Review> {
  const found = await lockReview(transaction, review);
  if (found) return found;
  throw new Failure('not-found', `There is no pair ${review} on the review list.`);
}

function refuseClaimed({ claim }: Review, actor: Actor, now: number): void {
  if (!claim || claim.until <= now || claim.by === actor.reference) return;
  throw new Failure('conflict', `${claim.byName} is working on this pair. Take another, or wait until the claim ends.`);
}

/** Takes a pair, so that nobody else decides it for half an hour; again to go on. */
export function claimReview({ pool, now }: Deciding, actor: Actor, review: number): Promise<Review> {
  return inTransaction(pool, async (transaction) => {
    const found = await require(transaction, review);
    const at = now() * 1000;
    refuseClaimed(found, actor, at);
    refuseDecided(found);
    const claim = { by: actor.reference, byName: actor.display, until: at + claimMicros };
    await saveClaim(transaction, review, claim);
    return { ...found, claim };
  });
}

/** Gives a pair back; nothing happens where somebody else has it. */
export function releaseReview({ pool }: Deciding, actor: Actor, review: number): Promise<Review> {
  return inTransaction(pool, async (transaction) => {
    const found = await require(transaction, review);
    if (found.claim?.by !== actor.reference) return found;
    await saveClaim(transaction, review, undefined);
    return { ...found, claim: undefined };
  });
}

function refuseDecided({ state, decision }: Review): void {
  if (state === 'open' || state === 'deferred') return;
  const by = decision ? ` by ${decision.byName}` : '';
  throw new Failure('conflict', `This pair is decided already${by}: ${state}.`);
}

export type ReviewDecision =
  /** One person: the other Patient is merged into the survivor. */
  | { readonly as: 'linked'; readonly survivor: 'left' | 'right'; readonly reason: string }
  /** Two persons, or not to be told yet. */
  | { readonly as: 'different' | 'deferred'; readonly reason: string };

/** Decides a pair, with the merge that follows from it in the same transaction. The same decision again changes nothing. */
export function decideReview(
  deps: MergeDependencies,
  actor: Actor,
  review: number,
  decision: ReviewDecision,
): Promise<Review> {
  return inTransaction(deps.pool, async (transaction) => {
    const found = await require(transaction, review);
    if (isRepeated(found, decision)) return found;
    const at = deps.now() * 1000;
    refuseClaimed(found, actor, at);
    refuseDecided(found);
    const merge = decision.as === 'linked' ? await link(deps, transaction, actor, found, decision) : undefined;
    const { reason } = decision;
    const decided = { by: actor.reference, byName: actor.display, at, reason };
    await saveState(transaction, { review, state: decision.as, decision: decided, merge });
    return (await selectReview(transaction, review)) ?? found;
  });
}

const isRepeated = ({ state, decision }: Review, { as, reason }: ReviewDecision): boolean =>
  state === (as satisfies ReviewState) && decision?.reason === reason;

async function link(
  deps: MergeDependencies,
  transaction: Transaction,
  actor: Actor,
  { left, right }: Review,
  { survivor, reason }: { survivor: 'left' | 'right'; reason: string },
): Promise<number> {
  const [source, target] = survivor === 'left' ? [right.id, left.id] : [left.id, right.id];
  const { record } = await mergeIn(deps, transaction, actor, { source, target, reason });
  return record.merge;
}
