import type { Connection } from '#fhir/store/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { MatchBand, MatchEvidence } from '../evidence.ts';
import type { Review, ReviewState } from './review.ts';

const columns = `review, left_patient, left_id, right_patient, right_id, score, band, evidence, state, found_at, due_at,
  claimed_by, claimed_by_name, claimed_until, decided_by, decided_by_name, decided_at, reason, merge`;

const toReview = (row: unknown[]): Review => ({
  review: Number(row[0]),
  left: { rid: Number(row[1]), id: row[2] as string },
  right: { rid: Number(row[3]), id: row[4] as string },
  score: row[5] as number,
  band: row[6] as MatchBand,
  evidence: JSON.parse(row[7] as string) as MatchEvidence,
  state: row[8] as ReviewState,
  foundAt: Number(row[9]),
  dueAt: Number(row[10]),
  claim: row[11] === null ? undefined : { by: row[11] as string, byName: row[12] as string, until: Number(row[13]) },
  decision:
    row[16] === null
      ? undefined
      : { by: row[14] as string, byName: row[15] as string, at: Number(row[16]), reason: row[17] as string },
  merge: row[18] === null ? undefined : Number(row[18]),
});

export async function insertPending(transaction: Transaction, patients: readonly number[]): Promise<void> {
  const text = `insert into patient_index.review_pending (patient)
    select distinct patient from unnest($1::int8[]) as patient order by patient on conflict do nothing`;
  await run(transaction, 'review-insert-pending', text, [patients]);
}

/** Takes so many Patients that were not compared since they were written; others are left to other processes. */
export async function takePending(transaction: Transaction, limit: number): Promise<number[]> {
  const text = `delete from patient_index.review_pending p using (
      select patient from patient_index.review_pending order by patient limit $1 for update skip locked
    ) taken where p.patient = taken.patient returning p.patient`;
  return (await run(transaction, 'review-take-pending', text, [limit])).map((row) => Number(row[0]));
}

export async function selectReview(connection: Connection, review: number): Promise<Review | undefined> {
  const text = `select ${columns} from patient_index.review where review = $1`;
  const rows = await run(connection, 'review-read', text, [review]);
  return rows[0] && toReview(rows[0]);
}

/** As selectReview, locked until the transaction ends. */
export async function lockReview(transaction: Transaction, review: number): Promise<Review | undefined> {
  const text = `select ${columns} from patient_index.review where review = $1 for update`;
  const rows = await run(transaction, 'review-lock', text, [review]);
  return rows[0] && toReview(rows[0]);
}

/** All pairs of which this Patient is one. */
export async function selectReviewsOf(connection: Connection, patient: number): Promise<Review[]> {
  const text = `select ${columns} from patient_index.review where left_patient = $1 or right_patient = $1`;
  return (await run(connection, 'review-of-patient', text, [patient])).map(toReview);
}

export interface WorkPage {
  readonly states: readonly ReviewState[];
  readonly band: MatchBand | undefined;
  /** Only those that this person has claimed. */
  readonly claimedBy: string | undefined;
  readonly now: number;
  /** Behind the last of the page before. */
  readonly after: { readonly score: number; readonly review: number } | undefined;
  readonly limit: number;
}

/** Pairs to be decided, the likeliest first. */
export async function selectWork(connection: Connection, page: WorkPage): Promise<Review[]> {
  const rows = await run(
    connection,
    'review-work',
    `select ${columns} from patient_index.review
     where state = any ($1::text[]) and state in ('open', 'deferred') and ($2::text is null or band = $2)
       and ($3::text is null or (claimed_by = $3 and claimed_until > $4::int8))
       and ($5::float8 is null or (score, review) < ($5, $6::int8))
     order by score desc, review desc limit $7`,
    [
      page.states,
      page.band ?? null,
      page.claimedBy ?? null,
      page.now,
      page.after?.score ?? null,
      page.after?.review ?? null,
      page.limit,
    ],
  );
  return rows.map(toReview);
}

/** Decided pairs, the latest first. */
export async function selectDecided(
  connection: Connection,
  page: { states: readonly ReviewState[]; before: number; limit: number },
): Promise<Review[]> {
  const rows = await run(
    connection,
    'review-decided',
    `select ${columns} from patient_index.review
     where decided_at is not null and decided_at < $2::int8 and state = any ($1::text[])
     order by decided_at desc, review desc limit $3`,
    [page.states, page.before, page.limit],
  );
  return rows.map(toReview);
}

export interface Counts {
  readonly open: number;
  readonly overdue: number;
  readonly deferred: number;
  readonly pending: number;
}

export async function countWork(connection: Connection, now: number): Promise<Counts> {
  const rows = await run(
    connection,
    'review-count',
    `select count(*) filter (where state = 'open'), count(*) filter (where state = 'open' and due_at < $1::int8),
       count(*) filter (where state = 'deferred'), (select count(*) from patient_index.review_pending)
     from patient_index.review where state in ('open', 'deferred')`,
    [now],
  );
  const [open, overdue, deferred, pending] = (rows[0] ?? []).map(Number);
  return { open: open ?? 0, overdue: overdue ?? 0, deferred: deferred ?? 0, pending: pending ?? 0 };
}

/** A pair that is new, or is to be looked at again with what speaks for it now. */
export async function saveProposal(
  transaction: Transaction,
  pair: Pick<Review, 'left' | 'right' | 'evidence' | 'foundAt' | 'dueAt'>,
): Promise<void> {
  const { left, right, evidence, foundAt, dueAt } = pair;
  await run(
    transaction,
    'review-propose',
    `insert into patient_index.review (left_patient, left_id, right_patient, right_id, score, band, evidence, found_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (left_patient, right_patient) do update
     set score = excluded.score, band = excluded.band, evidence = excluded.evidence, state = 'open',
       found_at = excluded.found_at, due_at = excluded.due_at, claimed_by = null, claimed_by_name = null, claimed_until = 0,
       decided_by = null, decided_by_name = null, decided_at = null, reason = null, merge = null`,
    [left.rid, left.id, right.rid, right.id, evidence.score, evidence.band, JSON.stringify(evidence), foundAt, dueAt],
  );
}

/** An undecided pair, compared again. */
export async function saveEvidence(transaction: Transaction, review: number, evidence: MatchEvidence): Promise<void> {
  const text = 'update patient_index.review set score = $2, band = $3, evidence = $4 where review = $1';
  await run(transaction, 'review-evidence', text, [review, evidence.score, evidence.band, JSON.stringify(evidence)]);
}

export async function saveState(
  transaction: Transaction,
  { review, state, decision, merge }: Pick<Review, 'review' | 'state' | 'decision' | 'merge'>,
): Promise<void> {
  await run(
    transaction,
    'review-state',
    `update patient_index.review
     set state = $2, decided_by = $3, decided_by_name = $4, decided_at = $5, reason = $6, merge = $7,
       claimed_by = null, claimed_by_name = null, claimed_until = 0
     where review = $1`,
    [
      review,
      state,
      decision?.by ?? null,
      decision?.byName ?? null,
      decision?.at ?? null,
      decision?.reason ?? null,
      merge ?? null,
    ],
  );
}

export async function saveClaim(
  transaction: Transaction,
  review: number,
  claim: { by: string; byName: string; until: number } | undefined,
): Promise<void> {
  const text = `update patient_index.review
    set claimed_by = $2, claimed_by_name = $3, claimed_until = $4 where review = $1`;
  await run(transaction, 'review-claim', text, [review, claim?.by ?? null, claim?.byName ?? null, claim?.until ?? 0]);
}

type Merge = { readonly merge: number; readonly source: number; readonly target: number };

const pairOf = ({ source, target }: Merge): [number, number] => [Math.min(source, target), Math.max(source, target)];

/** Merged by whatever way, a pair needs nobody's decision any more; nor do others of the one that is superseded. */
export async function linkPair(
  transaction: Transaction,
  record: Merge & { readonly merged: { by: string; byName: string; reason: string; at: number } },
): Promise<void> {
  const { by, byName, reason, at } = record.merged;
  await run(
    transaction,
    'review-link-pair',
    `update patient_index.review
     set state = 'linked', merge = $3, decided_by = $4, decided_by_name = $5, reason = $6, decided_at = $7,
       claimed_by = null, claimed_by_name = null, claimed_until = 0
     where left_patient = $1 and right_patient = $2`,
    [...pairOf(record), record.merge, by, byName, reason, at],
  );
  await withdrawPairsOf(transaction, record.source);
}

export async function withdrawPairsOf(transaction: Transaction, patient: number): Promise<void> {
  const text = `update patient_index.review
    set state = 'withdrawn', claimed_by = null, claimed_by_name = null, claimed_until = 0
    where (left_patient = $1 or right_patient = $1) and state in ('open', 'deferred')`;
  await run(transaction, 'review-withdraw-of', text, [patient]);
}

/** Parted again, two are different until their data say something else. */
export async function partPair(
  transaction: Transaction,
  record: Merge,
  { by, byName, reason, at }: { by: string; byName: string; reason: string; at: number },
): Promise<void> {
  const text = `update patient_index.review
    set state = 'different', decided_by = $3, decided_by_name = $4, reason = $5, decided_at = $6
    where left_patient = $1 and right_patient = $2`;
  await run(transaction, 'review-part-pair', text, [...pairOf(record), by, byName, reason, at]);
}
