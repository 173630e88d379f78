import { Int8Column } from '#lib/postgres/binary-column.ts';
import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../queries.ts';

const columnOf = (rids: Iterable<number>): Buffer => {
  const column = new Int8Column();
  for (const rid of rids) column.push(rid);
  return column.toBuffer();
};

export interface ReferrerRow {
  rid: number;
  type: number;
  id: string;
}

/** Up to so many that refer to a resource on any of these paths (the reference key of rid 0 on each), as rows are locked. */
export async function selectReferrersOf(
  connection: Connection,
  target: number,
  paths: Int8Column,
  limit: number,
): Promise<ReferrerRow[]> {
  const rows = await run(
    connection,
    'referrers-of',
    `select r.rid, r.type, r.id
     from (
       select distinct f.rid
       from unnest($2::int8[]) as path (key)
       cross join lateral (select rid from fhir.reference where key = path.key + $1::int8 limit $3) f
       limit $3
     ) f join fhir.resource r on r.rid = f.rid
     order by r.id, r.type`,
    [target, paths.toBuffer(), limit],
  );
  return rows.map((row) => ({ rid: Number(row[0]), type: row[1] as number, id: row[2] as string }));
}

export interface TargetRow {
  rid: number;
  target: number;
  targetId: string;
}

/** Which of these resources refer to which targets with a rid in a range. */
export async function selectTargetsOf(
  connection: Connection,
  rids: Iterable<number>,
  range: { first: number; last: number },
): Promise<TargetRow[]> {
  const rows = await run(
    connection,
    'referrers-targets',
    `select f.rid, f.target, r.id
     from (
       select distinct rid, key & 17592186044415 as target from fhir.reference where rid = any ($1::int8[])
     ) f join fhir.resource r on r.rid = f.target
     where f.target between $2::int8 and $3::int8`,
    [columnOf(rids), range.first, range.last],
  );
  return rows.map((row) => ({ rid: Number(row[0]), target: Number(row[1]), targetId: row[2] as string }));
}

/** When each of these resources was first written, in microseconds since 1970 UTC. */
export async function selectFirstWritten(
  connection: Connection,
  rids: Iterable<number>,
): Promise<{ rid: number; written: number }[]> {
  const rows = await run(
    connection,
    'referrers-first-written',
    `select r.rid, coalesce(
       (select h.updated from fhir.resource_history h where h.rid = r.rid order by h.version limit 1), r.updated)
     from fhir.resource r where r.rid = any ($1::int8[]) and r.method <> 0`,
    [columnOf(rids)],
  );
  return rows.map((row) => ({ rid: Number(row[0]), written: Number(row[1]) }));
}

/** Type and id of these resources. */
export async function selectNames(connection: Connection, rids: Iterable<number>): Promise<ReferrerRow[]> {
  const text = 'select rid, type, id from fhir.resource where rid = any ($1::int8[]) order by id, type';
  const rows = await run(connection, 'referrers-names', text, [columnOf(rids)]);
  return rows.map((row) => ({ rid: Number(row[0]), type: row[1] as number, id: row[2] as string }));
}
