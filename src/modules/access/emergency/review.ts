import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { type Emergency, type EmergencyPage, type Judgement, viewOf } from './emergency.ts';
import { noticeOf } from './notice.ts';
import { type EmergencyDependencies, entryOf, notify } from './open.ts';
import { lockEmergency, selectForReview, updateJudged } from './queries.ts';

export function requireReviewer({ actor }: Access): void {
  if (actor.role === 'privacy-officer') return;
  throw new Failure('forbidden', `As ${actor.role} you may not review emergencies: the privacy officer does.`);
}

/** What waits to be judged, or what was; the newest first. */
export async function listForReview(
  { pool, now }: EmergencyDependencies,
  access: Access,
  { isJudged, before, count }: { isJudged: boolean; before: number | undefined; count: number },
): Promise<EmergencyPage> {
  requireReviewer(access);
  const found = await selectForReview(pool, {
    isJudged,
    before: before ?? Number.MAX_SAFE_INTEGER,
    count: count + 1,
  });
  const entries = found.slice(0, count);
  const last = found.length > count ? entries.at(-1) : undefined;
  return {
    entries: entries.map((emergency) => viewOf(emergency, access.actor.reference, now())),
    ...(last && { next: last.number }),
  };
}

/** Four eyes: whoever opened a record does not judge it. What was judged stays judged; the same judgement again changes nothing. */
export async function judge(
  deps: EmergencyDependencies,
  access: Access,
  { id, judgement, note }: { id: string; judgement: Judgement; note: string | undefined },
): Promise<Emergency> {
  requireReviewer(access);
  if (judgement === 'not-justified' && note === undefined) {
    throw new Failure('required', 'Say in note why it was not justified.');
  }
  const { actor } = access;
  return inTransaction(deps.pool, async (transaction) => {
    const emergency = await lockEmergency(transaction, id);
    if (!emergency) throw new Failure('not-found', `There is no emergency ${id}.`);
    if (emergency.actor === actor.reference) {
      throw new Failure('forbidden', 'You opened this record yourself: somebody else must judge it.');
    }
    if (emergency.judgement !== undefined) {
      if (emergency.judgement === judgement && emergency.judge === actor.reference) return emergency;
      throw new Failure('conflict', `${emergency.judgeDisplay} has judged this already. Read it anew.`);
    }
    const judged = deps.now();
    const decision = { judgement, judge: actor.reference, judgeDisplay: actor.display, judged, note };
    await updateJudged(transaction, emergency.number, decision);
    if (judgement === 'not-justified') {
      await notify(deps, transaction, actor, noticeOf('emergency-not-justified', emergency, judged));
    }
    await deps.trail.write(transaction, [
      entryOf(actor, 'access.judged-emergency', emergency, judged, `${emergency.id}: ${judgement}`),
    ]);
    return { ...emergency, ...decision };
  });
}
