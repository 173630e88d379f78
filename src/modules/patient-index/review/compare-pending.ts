import { findNames, type Store } from '#fhir/store/index.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import type { Candidate, Matching } from '../candidates.ts';
import type { MatchEvidence } from '../evidence.ts';
import { isRestricted } from '../matching/mask.ts';
import { selectMergesOfSources, selectParting } from '../merge/queries.ts';
import { saveEvidence, saveProposal, saveState, selectReviewsOf, takePending, withdrawPairsOf } from './queries.ts';
import { dueAfterMicros, patternOf, type Review } from './review.ts';

export interface ReviewDependencies {
  readonly pool: Pool;
  readonly store: Store;
  readonly matching: Matching;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

const atATime = 20;
/** Somebody who is like more others than these is described by too little: the likeliest are enough to begin with. */
const mostCandidates = 50;

interface Subject {
  readonly rid: number;
  readonly id: string;
  readonly resource: JsonObject;
}

/** Compares Patients that were written with all others, and puts pairs on the review list; returns how many Patients. */
export function comparePending(deps: ReviewDependencies): Promise<number> {
  return inTransaction(deps.pool, async (transaction) => {
    const patients = await takePending(transaction, atATime);
    const superseded = new Set((await selectMergesOfSources(transaction, patients)).map(({ source }) => source));
    for (const { rid, id } of await findNames(transaction, patients)) {
      const row = await deps.store.read(transaction, 'Patient', id);
      if (!row?.content || superseded.has(rid)) await withdrawPairsOf(transaction, rid);
      else await compareOne(deps, transaction, { rid, id, resource: parseJson(row.content) as JsonObject });
    }
    return patients.length;
  });
}

async function compareOne(deps: ReviewDependencies, transaction: Transaction, subject: Subject): Promise<void> {
  const found = await deps.matching.candidatesOf(transaction, subject, mostCandidates);
  const rids = found.map(({ rid }) => rid);
  const superseded = new Set((await selectMergesOfSources(transaction, rids)).map(({ source }) => source));
  const candidates = found.filter(({ rid }) => rid !== subject.rid && !superseded.has(rid));
  const known = new Map(
    (await selectReviewsOf(transaction, subject.rid)).map((review) => [otherOf(review, subject.rid).rid, review]),
  );
  for (const candidate of candidates) {
    await propose(deps, transaction, subject, candidate, known.get(candidate.rid));
    known.delete(candidate.rid);
  }
  for (const review of known.values()) await compareAgain(deps, transaction, subject, review);
}

/** Evidence is compared from either side; a pair always shows the same side left. */
const inOrder = (evidence: MatchEvidence, isLeftFirst: boolean): MatchEvidence =>
  isLeftFirst
    ? evidence
    : {
        ...evidence,
        fields: evidence.fields.map(({ left, right, ...field }) => ({ ...field, left: right, right: left })),
      };

/** Of restricted persons it is kept how far they agree with others, not what their record says. */
function withoutRestricted(evidence: MatchEvidence, left: JsonObject, right: JsonObject | undefined): MatchEvidence {
  const hides = { left: isRestricted(left), right: right !== undefined && isRestricted(right) };
  if (!hides.left && !hides.right) return evidence;
  const fields = evidence.fields.map((field) => ({
    ...field,
    left: hides.left ? undefined : field.left,
    right: hides.right ? undefined : field.right,
  }));
  return { ...evidence, fields };
}

const otherOf = ({ left, right }: Review, rid: number) => (left.rid === rid ? right : left);

const isUndecided = ({ state }: Review): boolean => state === 'open' || state === 'deferred';

/** What was told apart is proposed again only once the data say something else of the pair. */
async function propose(
  { now, store }: ReviewDependencies,
  transaction: Transaction,
  subject: Subject,
  { rid, id, evidence: found }: Candidate,
  known: Review | undefined,
): Promise<void> {
  const stored = await store.read(transaction, 'Patient', id);
  const candidate = stored?.content ? (parseJson(stored.content) as JsonObject) : undefined;
  const evidence = inOrder(withoutRestricted(found, subject.resource, candidate), subject.rid < rid);
  const isSame = known !== undefined && patternOf(known.evidence) === patternOf(evidence);
  if (known && (known.state === 'linked' || (known.state === 'different' && isSame))) return;
  if (known && (known.state === 'open' || (known.state === 'deferred' && isSame))) {
    return saveEvidence(transaction, known.review, evidence);
  }
  const other = { rid, id };
  const [left, right] = subject.rid < rid ? [subject, other] : [other, subject];
  const foundAt = now() * 1000;
  await saveProposal(transaction, { left, right, evidence, foundAt, dueAt: foundAt + dueAfterMicros });
  const parting = known ? undefined : await selectParting(transaction, left.rid, right.rid);
  if (!parting) return;
  const added = (await selectReviewsOf(transaction, subject.rid)).find(
    (review) => otherOf(review, subject.rid).rid === rid,
  );
  if (added) await saveState(transaction, { ...added, state: 'different', decision: parting });
}

/** A pair that is no candidate any more: it may be alike all the same, by keys under which nobody is looked for. */
async function compareAgain(
  { store, matching }: ReviewDependencies,
  transaction: Transaction,
  subject: Subject,
  review: Review,
): Promise<void> {
  if (!isUndecided(review)) return;
  const other = await store.read(transaction, 'Patient', otherOf(review, subject.rid).id);
  if (other?.content) {
    const resource = parseJson(other.content) as JsonObject;
    const evidence = await matching.compare(transaction, subject.resource, resource);
    const ordered = inOrder(withoutRestricted(evidence, subject.resource, resource), review.left.rid === subject.rid);
    if (evidence.band !== 'new') return saveEvidence(transaction, review.review, ordered);
  }
  await saveState(transaction, { ...review, state: 'withdrawn' });
}
