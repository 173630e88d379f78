import type { Connection } from '#fhir/store/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { Decision, MergeItem, MergeRecord } from './merge-record.ts';

const columns = `merge, source, target, source_id, target_id, source_before, source_after, target_before, target_after,
  items, merged_by, merged_by_name, reason, merged_at, unmerged_by, unmerged_by_name, unmerge_reason, unmerged_at`;

const toRecord = (row: unknown[]): MergeRecord => ({
  merge: Number(row[0]),
  source: Number(row[1]),
  target: Number(row[2]),
  sourceId: row[3] as string,
  targetId: row[4] as string,
  sourceBefore: row[5] as number,
  sourceAfter: row[6] as number,
  targetBefore: row[7] as number,
  targetAfter: row[8] as number,
  items: row[9] as number,
  merged: toDecision(row.slice(10, 14)) as Decision,
  unmerged: toDecision(row.slice(14, 18)),
});

const toDecision = ([by, byName, reason, at]: unknown[]): Decision | undefined =>
  at === null ? undefined : { by: by as string, byName: byName as string, reason: reason as string, at: Number(at) };

/** The merge by which a Patient was superseded, if one stands. */
export async function selectMergeOfSource(connection: Connection, source: number): Promise<MergeRecord | undefined> {
  const text = `select ${columns} from patient_index.merge where source = $1 and unmerged_at is null`;
  const rows = await run(connection, 'merge-of-source', text, [source]);
  return rows[0] && toRecord(rows[0]);
}

export async function selectMerge(connection: Connection, merge: number): Promise<MergeRecord | undefined> {
  const text = `select ${columns} from patient_index.merge where merge = $1`;
  const rows = await run(connection, 'merge-read', text, [merge]);
  return rows[0] && toRecord(rows[0]);
}

/** Merges in which this Patient was source or survivor, the newest first; all Patients when none is named. */
export async function selectMerges(
  connection: Connection,
  { patient, before, limit }: { patient: string | undefined; before: number; limit: number },
): Promise<MergeRecord[]> {
  const rows = await run(
    connection,
    'merge-list',
    `select ${columns} from patient_index.merge
     where ($1::text is null or source_id = $1 or target_id = $1) and merge < $2 order by merge desc limit $3`,
    [patient ?? null, before, limit],
  );
  return rows.map(toRecord);
}

export async function insertMerge(
  transaction: Transaction,
  record: Omit<MergeRecord, 'merge' | 'items' | 'unmerged'>,
): Promise<number> {
  const { source, target, sourceId, targetId, merged } = record;
  const { sourceBefore, sourceAfter, targetBefore, targetAfter } = record;
  const rows = await run(
    transaction,
    'merge-insert',
    `insert into patient_index.merge (source, target, source_id, target_id, source_before, source_after, target_before,
       target_after, items, reason, merged_by, merged_by_name, merged_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12) returning merge`,
    [
      ...[source, target, sourceId, targetId, sourceBefore, sourceAfter, targetBefore, targetAfter],
      ...[merged.reason, merged.by, merged.byName, merged.at],
    ],
  );
  return Number(rows[0]?.[0]);
}

export async function endMerge(transaction: Transaction, merge: number, decision: Decision): Promise<void> {
  const text = `update patient_index.merge
    set unmerged_by = $2, unmerged_by_name = $3, unmerge_reason = $4, unmerged_at = $5 where merge = $1`;
  await run(transaction, 'merge-end', text, [merge, decision.by, decision.byName, decision.reason, decision.at]);
}

/** An item that is there already, moved again, is noted as it stands now. */
export async function insertItems(
  transaction: Transaction,
  merge: number,
  items: readonly MergeItem[],
  isCarried: boolean,
): Promise<void> {
  await run(
    transaction,
    'merge-items',
    `with moved as (
       insert into patient_index.merge_item (merge, rid, type, id, before, after, paths, is_carried)
       select $1, rid, type, id, before, after, string_to_array(paths, ' '), $8
       from unnest($2::int8[], $3::text[], $4::text[], $5::int4[], $6::int4[], $7::text[])
         as item (rid, type, id, before, after, paths)
       on conflict (merge, rid) do update set before = excluded.before, after = excluded.after, paths = excluded.paths
       returning (xmax = 0) as is_new
     )
     update patient_index.merge set items = items + (select count(*) from moved where is_new) where merge = $1`,
    [
      merge,
      items.map(({ rid }) => rid),
      items.map(({ type }) => type),
      items.map(({ id }) => id),
      items.map(({ before }) => before),
      items.map(({ after }) => after),
      items.map(({ paths }) => paths.join(' ')),
      isCarried,
    ],
  );
}

const itemColumns = 'rid, type, id, before, after, paths';

const toItem = (row: unknown[]): MergeItem => ({
  rid: Number(row[0]),
  type: row[1] as string,
  id: row[2] as string,
  before: row[3] as number,
  after: row[4] as number,
  paths: row[5] as string[],
});

/** So many items, by rid, after one. */
export async function selectItems(
  connection: Connection,
  merge: number,
  after: number,
  limit: number,
): Promise<MergeItem[]> {
  const text = `select ${itemColumns} from patient_index.merge_item where merge = $1 and rid > $2 order by rid limit $3`;
  return (await run(connection, 'merge-items-page', text, [merge, after, limit])).map(toItem);
}

/** Which Patients stand for these (ids), whose merges stand: the last of each chain. */
export async function selectSurvivors(
  connection: Connection,
  ids: readonly string[],
): Promise<{ id: string; survivor: string }[]> {
  const rows = await run(
    connection,
    'merge-survivors',
    `with recursive chain as (
       select m.source_id as id, m.target_id as survivor, m.target, 1 as depth
       from patient_index.merge m where m.source_id = any ($1::text[]) and m.unmerged_at is null
       union all
       select c.id, m.target_id, m.target, c.depth + 1
       from chain c join patient_index.merge m on m.source = c.target and m.unmerged_at is null where c.depth < 1000
     )
     select distinct on (id) id, survivor from chain order by id, depth desc`,
    [ids],
  );
  return rows.map((row) => ({ id: row[0] as string, survivor: row[1] as string }));
}

/** The Patients that were merged into this one, directly or through others. */
export async function selectSuperseded(connection: Connection, id: string): Promise<string[]> {
  const rows = await run(
    connection,
    'merge-superseded',
    `with recursive chain as (
       select source_id, 1 as depth from patient_index.merge where target_id = $1 and unmerged_at is null
       union all
       select m.source_id, c.depth + 1 from chain c
       join patient_index.merge m on m.target_id = c.source_id and m.unmerged_at is null where c.depth < 1000
     )
     select source_id from chain`,
    [id],
  );
  return rows.map((row) => row[0] as string);
}

/** The merges by which some of these Patients (rids) were superseded, as far as they stand. */
export async function selectMergesOfSources(
  connection: Connection,
  patients: readonly number[],
): Promise<MergeRecord[]> {
  if (patients.length === 0) return [];
  const text = `select ${columns} from patient_index.merge where source = any ($1::int8[]) and unmerged_at is null`;
  return (await run(connection, 'merge-of-sources', text, [patients])).map(toRecord);
}

/** The merges that stand in which some of these Patients (rids) are source or survivor. */
export async function selectMergesOfBoth(connection: Connection, patients: readonly number[]): Promise<MergeRecord[]> {
  if (patients.length === 0) return [];
  const text = `select ${columns} from patient_index.merge
    where (source = any ($1::int8[]) or target = any ($1::int8[])) and unmerged_at is null order by merge`;
  return (await run(connection, 'merge-of-both', text, [patients])).map(toRecord);
}

/** Whether a clerk gave a resource to the source, by its rid. */
export async function selectDecisions(connection: Connection, merge: number): Promise<Map<number, boolean>> {
  const text = 'select rid, to_source from patient_index.unmerge_decision where merge = $1';
  const rows = await run(connection, 'merge-decisions', text, [merge]);
  return new Map(rows.map((row) => [Number(row[0]), row[1] as boolean]));
}

export async function saveDecisions(
  transaction: Transaction,
  merge: number,
  decisions: readonly { rid: number; toSource: boolean }[],
  { by, at }: Pick<Decision, 'by' | 'at'>,
): Promise<void> {
  await run(
    transaction,
    'merge-save-decisions',
    `insert into patient_index.unmerge_decision (merge, rid, to_source, decided_by, decided_at)
     select $1, rid, to_source, $4, $5 from unnest($2::int8[], $3::boolean[]) as decision (rid, to_source)
     on conflict (merge, rid) do update
     set to_source = excluded.to_source, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
    [merge, decisions.map(({ rid }) => rid), decisions.map(({ toSource }) => toSource), by, at],
  );
}

/** Why these two (rids) were parted, if they ever were: the latest merge that was undone. */
export async function selectParting(
  connection: Connection,
  left: number,
  right: number,
): Promise<Decision | undefined> {
  const text = `select ${columns} from patient_index.merge
    where source = any ($1::int8[]) and target = any ($1::int8[]) and unmerged_at is not null order by merge desc limit 1`;
  const rows = await run(connection, 'merge-parting', text, [[left, right]]);
  return rows[0] && toRecord(rows[0]).unmerged;
}
