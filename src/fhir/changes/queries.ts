import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../store/index.ts';

export interface ChangeRow {
  number: number;
  written: Date;
  rids: number[];
  versions: number[];
}

export interface Reading {
  rows: ChangeRow[];
  /** The snapshot in which this was read. */
  snapshot: string;
  /** Rows up to this number may be gone. */
  trimmed: number;
}

export interface ReadingRange {
  seen: string;
  high: number;
  inProgress: string[];
  /** The snapshot up to which rows count; null for the current one. */
  until: string | null;
  after: number;
  /** About so many changes, in whole rows. */
  limit: number;
}

const columns = 'number, written, rids, versions';

/**
 * Rows that can be seen now and were not seen in the snapshot, by number. Those with a number above `high` are found by it.
 * The others, `late`, were written by transactions that had their xid when the snapshot was taken, since a transaction has
 * its xid before it draws a number: it names those below its upper end. Late rows come first, so that later readings of the
 * same need not look for them. `offset 0` keeps the planner on the index on xid, of which so little is read.
 */
export async function selectChanges(connection: Connection, range: ReadingRange): Promise<Reading> {
  const { seen, high, inProgress, until, after, limit } = range;
  const isWanted = `number > $5::int8 and not pg_visible_in_snapshot(xid, $1::pg_snapshot)
    and ($4::pg_snapshot is null or pg_visible_in_snapshot(xid, $4::pg_snapshot))`;
  const rows = await run(
    connection,
    'changes-read',
    `with late as (
       (select ${columns} from (
          select xid, ${columns} from fhir.change where xid = any ($3::xid8[]) and $5::int8 < $2::int8 offset 0
        ) l where number <= $2 and ${isWanted}
        order by number limit $6)
       union all
       (select c.* from (
          select number from (
            select number from fhir.change where xid >= pg_snapshot_xmax($1::pg_snapshot) and $5::int8 < $2::int8
            order by xid, number offset 0
          ) u where number <= $2 and number > $5::int8 offset 0
        ) l cross join lateral (
          select ${columns} from fhir.change where number = l.number and ${isWanted} offset 0
        ) c
        order by number limit $6)
     ), fresh as (
       select ${columns} from fhir.change where number > $2::int8 and ${isWanted} order by number limit $6
     ), counted as (
       select ${columns}, sum(cardinality(rids)) over (order by number) - cardinality(rids) as before
       from (select * from late union all select * from fresh) r
     )
     select ${columns}, pg_current_snapshot()::text, (select number from fhir.change_trimmed) as trimmed
     from (select * from counted where before < $6 order by number limit $6) r
     union all
     select null, null, null, null, pg_current_snapshot()::text, (select number from fhir.change_trimmed) as trimmed
     order by number nulls last`,
    [seen, high, inProgress, until, after, limit],
  );
  const last = rows.at(-1);
  return {
    snapshot: last?.[4] as string,
    trimmed: Number(last?.[5]),
    rows: rows.slice(0, -1).map((row) => ({
      number: Number(row[0]),
      written: row[1] as Date,
      rids: (row[2] as string[]).map(Number),
      versions: row[3] as number[],
    })),
  };
}

/** A snapshot, and the highest number in it. */
export async function selectNow(connection: Connection): Promise<{ seen: string; high: number }> {
  const rows = await run(
    connection,
    'changes-now',
    `select pg_current_snapshot()::text,
       greatest((select max(number) from fhir.change), (select number from fhir.change_trimmed))`,
    [],
  );
  return { seen: rows[0]?.[0] as string, high: Number(rows[0]?.[1]) };
}

/** Deletes up to so many rows that are older than so many days, from the oldest on; returns how many. */
export async function deleteOldChanges(connection: Connection, days: number, limit: number): Promise<number> {
  const rows = await run(
    connection,
    'changes-trim',
    `with oldest as (
       select number, written from fhir.change order by number limit $2
     ), gone as (
       delete from fhir.change c using oldest o
       where c.number = o.number and o.written < now() - make_interval(days => $1)
       returning c.number
     ), mark as (
       update fhir.change_trimmed t set number = m.number
       from (select max(number) as number from gone) m where m.number > t.number
     )
     select count(*) from gone`,
    [days, limit],
  );
  return Number(rows[0]?.[0]);
}

export async function insertReader(connection: Connection, name: string): Promise<void> {
  const text = 'insert into fhir.change_reader (name) values ($1) on conflict do nothing';
  await run(connection, 'changes-insert-reader', text, [name]);
}

/** Locks a reader until the end of the transaction; undefined when another transaction has it. */
export async function lockReader(
  connection: Connection,
  name: string,
): Promise<{ position: string | null } | undefined> {
  const text = 'select position from fhir.change_reader where name = $1 for update skip locked';
  const rows = await run(connection, 'changes-lock-reader', text, [name]);
  return rows[0] && { position: rows[0][0] as string | null };
}

export async function selectReader(connection: Connection, name: string): Promise<string | undefined> {
  const text = 'select position from fhir.change_reader where name = $1';
  const rows = await run(connection, 'changes-reader', text, [name]);
  return (rows[0]?.[0] as string | null | undefined) ?? undefined;
}

export async function updateReader(connection: Connection, name: string, position: string): Promise<void> {
  const text = 'update fhir.change_reader set position = $2, moved = now() where name = $1';
  await run(connection, 'changes-move-reader', text, [name, position]);
}

export interface VersionRow {
  rid: number;
  version: number;
  /** 0 placeholder, 3 deleted. */
  method: number;
  id: string;
  /** Microseconds since 1970 UTC. */
  updated: number;
  content: string | null;
}

/** These versions, current or superseded; those that were expunged are left out. */
export async function selectVersions(
  connection: Connection,
  rids: readonly number[],
  versions: readonly number[],
): Promise<VersionRow[]> {
  const rows = await run(
    connection,
    'changes-versions',
    `select v.* from unnest($1::int8[], $2::int4[]) as wanted (rid, version)
     cross join lateral (
       select rid, version, method, id, updated, content from fhir.resource r
       where r.rid = wanted.rid and r.version = wanted.version
       union all
       select rid, version, method, id, updated, content from fhir.resource_history h
       where h.rid = wanted.rid and h.version = wanted.version
       limit 1
     ) v`,
    [rids, versions],
  );
  return rows.map((row) => ({
    rid: Number(row[0]),
    version: row[1] as number,
    method: row[2] as number,
    id: row[3] as string,
    updated: Number(row[4]),
    content: row[5] as string | null,
  }));
}
