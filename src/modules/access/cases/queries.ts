import { grantKey, grantKinds } from '#fhir/access/index.ts';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { Case, CasePurpose, CaseState } from './case.ts';

type Connection = Pool | Transaction;

const columns = `number, id, title, purpose, legal_basis, actor, actor_rid, display, role, organization,
  extract(epoch from requested) * 1000, extract(epoch from ends) * 1000, state, decider, decider_display,
  extract(epoch from decided) * 1000, note,
  array(select p.patient from access.case_patient p where p.case_file = number order by p.patient)`;

type Row = [
  number: string,
  id: string,
  title: string,
  purpose: CasePurpose,
  legalBasis: string,
  actor: string,
  actorRid: string,
  display: string,
  role: string,
  organization: string | null,
  requested: string,
  ends: string,
  state: CaseState,
  decider: string | null,
  deciderDisplay: string | null,
  decided: string | null,
  note: string | null,
  patients: string[],
];

const toCase = (row: Row): Case => ({
  number: Number(row[0]),
  id: row[1],
  title: row[2],
  purpose: row[3],
  legalBasis: row[4],
  actor: row[5],
  actorRid: Number(row[6]),
  display: row[7],
  role: row[8],
  organization: row[9] ?? undefined,
  requested: Number(row[10]),
  ends: Number(row[11]),
  state: row[12],
  decider: row[13] ?? undefined,
  deciderDisplay: row[14] ?? undefined,
  decided: row[15] === null ? undefined : Number(row[15]),
  note: row[16] ?? undefined,
  patients: row[17],
});

/** The rids of those Patients that are there, by id. */
export async function selectPatients(connection: Connection, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await run<[string, string]>(
    connection,
    'access.case-patients',
    'select id, rid from fhir.resource where type = $1::int2 and id = any ($2::text[]) and method not in (0, 3)',
    [resourceTypeNumber('Patient'), ids],
  );
  return new Map(rows.map(([id, rid]) => [id, Number(rid)]));
}

export type NewCase = Omit<Case, 'number' | 'state' | 'decider' | 'deciderDisplay' | 'decided' | 'note' | 'patients'>;

export async function insertCase(
  transaction: Transaction,
  one: NewCase,
  patients: ReadonlyMap<string, number>,
): Promise<void> {
  const [row] = await run<[string]>(
    transaction,
    'access.insert-case',
    `insert into access.case_file
       (id, title, purpose, legal_basis, actor, actor_rid, display, role, organization, requested, ends)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10::float8 / 1000), to_timestamp($11::float8 / 1000))
     returning number`,
    [
      ...[one.id, one.title, one.purpose, one.legalBasis, one.actor, one.actorRid, one.display, one.role],
      ...[one.organization ?? null, one.requested, one.ends],
    ],
  );
  await run(
    transaction,
    'access.insert-case-patients',
    `insert into access.case_patient (case_file, patient, patient_rid)
     select $1, patient, rid from unnest($2::text[], $3::int8[]) p (patient, rid)`,
    [row?.[0], [...patients.keys()], [...patients.values()]],
  );
}

/** The case, locked until the transaction ends. */
export async function lockCase(transaction: Transaction, id: string): Promise<Case | undefined> {
  const [row] = await run<Row>(
    transaction,
    'access.lock-case',
    `select ${columns} from access.case_file where id = $1::uuid for update`,
    [id],
  );
  return row && toCase(row);
}

export async function updateState(
  transaction: Transaction,
  number: number,
  change: { state: CaseState; decider: string; deciderDisplay: string; at: number; note: string | undefined },
): Promise<void> {
  await run(
    transaction,
    'access.decide-case',
    `update access.case_file
     set state = $2, decider = $3, decider_display = $4, decided = to_timestamp($5::float8 / 1000), note = $6
     where number = $1`,
    [number, change.state, change.decider, change.deciderDisplay, change.at, change.note ?? null],
  );
}

export async function updateClosed(transaction: Transaction, number: number, at: number): Promise<void> {
  await run(
    transaction,
    'access.close-case',
    `update access.case_file set state = 'closed', closed = to_timestamp($2::float8 / 1000) where number = $1`,
    [number, at],
  );
}

/** Opens the records of a case to whoever asked for it; the source is the negative of the case's number. */
export async function insertCaseGrants(transaction: Transaction, one: Case, from: number): Promise<void> {
  await run(
    transaction,
    'access.insert-case-grants',
    `insert into fhir.access_grant (key, patient, source, low, high)
     select $1::int8, patient_rid, -$2::int8, $3::int8, $4::int8 from access.case_patient where case_file = $2`,
    [grantKey(one.actorRid, grantKinds.case), one.number, from * 1000, one.ends * 1000],
  );
}

export async function endCaseGrants(transaction: Transaction, one: Case, at: number): Promise<void> {
  await run(
    transaction,
    'access.end-case-grants',
    'update fhir.access_grant set high = least(high, $3::int8) where source = -$1::int8 and key = $2',
    [one.number, grantKey(one.actorRid, grantKinds.case), at * 1000],
  );
}

/** The newest first, before a number: all, or those of one person or of their institution. */
export async function selectCases(
  connection: Connection,
  asked: { actor: string | undefined; organization: string | undefined; before: number; count: number },
): Promise<Case[]> {
  const rows = await run<Row>(
    connection,
    'access.cases',
    `select ${columns} from access.case_file
     where number < $1 and ($2::text is null or actor = $2 or organization = $3) order by number desc limit $4`,
    [asked.before, asked.actor ?? null, asked.organization ?? null, asked.count],
  );
  return rows.map(toCase);
}
