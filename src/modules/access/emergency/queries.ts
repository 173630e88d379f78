import { grantKey, grantKinds } from '#fhir/access/index.ts';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { Emergency, Judgement } from './emergency.ts';

type Connection = Pool | Transaction;

const columns = `number, id, actor, display, role, organization, patient, reason,
  extract(epoch from opened) * 1000, extract(epoch from ends) * 1000, extract(epoch from released) * 1000,
  judgement, judge, judge_display, extract(epoch from judged) * 1000, note`;

type Row = [
  number: string,
  id: string,
  actor: string,
  display: string,
  role: string,
  organization: string | null,
  patient: string,
  reason: string,
  opened: string,
  ends: string,
  released: string | null,
  judgement: Judgement | null,
  judge: string | null,
  judgeDisplay: string | null,
  judged: string | null,
  note: string | null,
];

const toEmergency = (row: Row): Emergency => ({
  number: Number(row[0]),
  id: row[1],
  actor: row[2],
  display: row[3],
  role: row[4],
  organization: row[5] ?? undefined,
  patient: row[6],
  reason: row[7],
  opened: Number(row[8]),
  ends: Number(row[9]),
  released: row[10] === null ? undefined : Number(row[10]),
  judgement: row[11] ?? undefined,
  judge: row[12] ?? undefined,
  judgeDisplay: row[13] ?? undefined,
  judged: row[14] === null ? undefined : Number(row[14]),
  note: row[15] ?? undefined,
});

/** The rid of a live resource. */
export async function selectRid(connection: Connection, type: string, id: string): Promise<number | undefined> {
  const [row] = await run<[string]>(
    connection,
    'access.rid',
    'select rid from fhir.resource where type = $1::int2 and id = $2 and method not in (0, 3)',
    [resourceTypeNumber(type), id],
  );
  return row && Number(row[0]);
}

/** Whoever opens records waits here for themselves: two requests at once make one emergency. */
export async function lockOpenings(transaction: Transaction, actor: string): Promise<void> {
  await run(transaction, 'access.lock-openings', 'select pg_advisory_xact_lock(hashtextextended($1, 71))', [
    `emergency ${actor}`,
  ]);
}

export async function selectOpen(
  connection: Connection,
  { actor, patient, now }: { actor: string; patient: string; now: number },
): Promise<Emergency | undefined> {
  const [row] = await run<Row>(
    connection,
    'access.open-emergency',
    `select ${columns} from access.emergency
     where actor = $1 and patient = $2 and released is null and ends > to_timestamp($3::float8 / 1000)
     order by number desc limit 1`,
    [actor, patient, now],
  );
  return row && toEmergency(row);
}

/** What somebody has open now, or how often they have opened a record since. */
export async function countOpenings(connection: Connection, actor: string, since: number): Promise<number> {
  const [row] = await run<[string]>(
    connection,
    'access.count-openings',
    'select count(*) from access.emergency where actor = $1 and opened > to_timestamp($2::float8 / 1000)',
    [actor, since],
  );
  return Number(row?.[0] ?? 0);
}

export interface NewEmergency
  extends Pick<
    Emergency,
    'id' | 'actor' | 'display' | 'role' | 'organization' | 'patient' | 'reason' | 'opened' | 'ends'
  > {
  readonly patientRid: number;
}

export async function insertEmergency(transaction: Transaction, emergency: NewEmergency): Promise<Emergency> {
  const { id, actor, display, role, organization, patient, patientRid, reason, opened, ends } = emergency;
  const [row] = await run<Row>(
    transaction,
    'access.insert-emergency',
    `insert into access.emergency (id, actor, display, role, organization, patient, patient_rid, reason, opened, ends)
     values ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::float8 / 1000), to_timestamp($10::float8 / 1000))
     returning ${columns}`,
    [id, actor, display, role, organization ?? null, patient, patientRid, reason, opened, ends],
  );
  if (!row) throw new Error('An insert returns its row');
  return toEmergency(row);
}

/** Opens the record to one person; the source is the negative of the emergency's number. */
export async function insertGrant(
  transaction: Transaction,
  grant: { party: number; patientRid: number; number: number; from: number; until: number },
): Promise<void> {
  await run(
    transaction,
    'access.insert-emergency-grant',
    'insert into fhir.access_grant (key, patient, source, low, high) values ($1, $2, $3, $4, $5)',
    [
      grantKey(grant.party, grantKinds.emergency),
      grant.patientRid,
      -grant.number,
      grant.from * 1000,
      grant.until * 1000,
    ],
  );
}

export async function endGrant(transaction: Transaction, number: number, at: number): Promise<void> {
  await run(
    transaction,
    'access.end-emergency-grant',
    'update fhir.access_grant set high = least(high, $3::int8) where source = $1 and key & 255 = $2',
    [-number, grantKinds.emergency, at * 1000],
  );
}

/** The emergency, locked until the transaction ends. */
export async function lockEmergency(transaction: Transaction, id: string): Promise<Emergency | undefined> {
  const [row] = await run<Row>(
    transaction,
    'access.lock-emergency',
    `select ${columns} from access.emergency where id = $1::uuid for update`,
    [id],
  );
  return row && toEmergency(row);
}

export async function updateReleased(transaction: Transaction, number: number, at: number): Promise<void> {
  await run(
    transaction,
    'access.release-emergency',
    'update access.emergency set released = to_timestamp($2::float8 / 1000) where number = $1',
    [number, at],
  );
}

export async function updateJudged(
  transaction: Transaction,
  number: number,
  decision: { judgement: Judgement; judge: string; judgeDisplay: string; judged: number; note: string | undefined },
): Promise<void> {
  await run(
    transaction,
    'access.judge-emergency',
    `update access.emergency
     set judgement = $2, judge = $3, judge_display = $4, judged = to_timestamp($5::float8 / 1000), note = $6
     where number = $1`,
    [number, decision.judgement, decision.judge, decision.judgeDisplay, decision.judged, decision.note ?? null],
  );
}

/** The newest first, before a number. */
export async function selectForReview(
  connection: Connection,
  { isJudged, before, count }: { isJudged: boolean; before: number; count: number },
): Promise<Emergency[]> {
  const rows = await run<Row>(
    connection,
    `access.review-${isJudged ? 'judged' : 'open'}`,
    `select ${columns} from access.emergency
     where judgement is ${isJudged ? 'not null' : 'null'} and number < $1 order by number desc limit $2`,
    [before, count],
  );
  return rows.map(toEmergency);
}

/** What somebody has opened that has not ended. */
export async function selectOpenOf(connection: Connection, actor: string, now: number): Promise<Emergency[]> {
  const rows = await run<Row>(
    connection,
    'access.open-of',
    `select ${columns} from access.emergency
     where actor = $1 and released is null and ends > to_timestamp($2::float8 / 1000) order by number desc limit 100`,
    [actor, now],
  );
  return rows.map(toEmergency);
}
