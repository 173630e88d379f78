import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../../store/index.ts';

/** Versions count that were there at `asOf` and had not been exported up to `since`; microseconds since 1970 UTC. */
export interface Instants {
  asOf: number;
  since: number;
}

/** A resource on the way of a walk. */
export interface ExportRow {
  rid: number;
  /** Of the version that counts; where there is none, of the newest. */
  updated: number;
  /** Of the version that counts; undefined where there is none. */
  content: string | undefined;
  /** It is the newest version, for which the search index speaks. */
  isNewest: boolean;
  /** The newest version refers to a patient, if that was asked. */
  isMember: boolean;
}

const toRow = (row: unknown[]): ExportRow => ({
  rid: Number(row[0]),
  updated: Number(row[1]),
  content: (row[2] as string | null) ?? undefined,
  isNewest: row[3] as boolean,
  isMember: row[4] as boolean,
});

/** Ranges of reference keys; what refers to something in them is a member. Undefined: everything is. */
export type MemberRanges = { firsts: readonly bigint[]; lasts: readonly bigint[] } | undefined;

const memberCondition = (rid: string, firsts: string, lasts: string): string => `
  (${firsts}::int8[] is null or exists (
    select from unnest(${firsts}::int8[], ${lasts}::int8[]) as range (first, last)
    cross join lateral (
      select from fhir.reference f where f.rid = ${rid} and f.key between range.first and range.last limit 1
    ) hit
  ))`;

/** Of rows `r` of fhir.resource, the versions that counted at $1: themselves, or else the last of the history. */
const versionsOf = (rows: string): string => `
  select r.rid,
    case when r.updated > $1 and h.updated is not null then h.updated else r.updated end as updated,
    case
      when r.updated > $1 then case when h.method <> 3 and h.updated > $2 then h.content end
      when r.method not in (0, 3) and r.updated > $2 then r.content
    end as content,
    r.updated <= $1 as is_newest,
    ${memberCondition('r.rid', '$3', '$4')} as is_member
  from (${rows}) r
  left join lateral (
    select h.updated, h.method, h.content from fhir.resource_history h
    where r.updated > $1 and h.rid = r.rid and h.updated <= $1
    order by h.version desc limit 1
  ) h on true`;

/** As many of the first rows as have so many bytes, at least one. PostgreSQL knows the length of what it need not read. */
const upToBytes = (rows: string, order: string, byteLength: string): string => `
  select rid, updated, content, is_newest, is_member from (
    select page.*, sum(coalesce(octet_length(content), 0)) over (order by ${order} rows unbounded preceding)
      - coalesce(octet_length(content), 0) as before
    from (${rows}) page
  ) measured
  where before < ${byteLength}
  order by ${order}`;

const sharedValues = ({ asOf, since }: Instants, ranges: MemberRanges): unknown[] => [
  asOf,
  since,
  ranges?.firsts ?? null,
  ranges?.lasts ?? null,
];

export interface PageLimits {
  count: number;
  byteLength: number;
}

/** The resources after a rid, in the order of rids. None means that there are no more. */
export async function selectByRid(
  connection: Connection,
  instants: Instants,
  ranges: MemberRanges,
  { after, last }: { after: number; last: number },
  { count, byteLength }: PageLimits,
): Promise<ExportRow[]> {
  const rows = versionsOf(
    'select rid, updated, method, content from fhir.resource where rid > $5 and rid <= $6 order by rid limit $7',
  );
  const values = [...sharedValues(instants, ranges), after, last, count, byteLength];
  return (await run(connection, 'export-by-rid', upToBytes(rows, 'rid', '$8'), values)).map(toRow);
}

/**
 * The first of these resources, in their order, that have so many bytes together, at least one. Those that never existed are
 * left out.
 */
export async function selectByRids(
  connection: Connection,
  instants: Instants,
  ranges: MemberRanges,
  rids: readonly number[],
  byteLength: number,
): Promise<ExportRow[]> {
  const rows = versionsOf('select rid, updated, method, content from fhir.resource where rid = any ($5::int8[])');
  const values = [...sharedValues(instants, ranges), rids, byteLength];
  const text = upToBytes(rows, 'array_position($5::int8[], rid)', '$6');
  return (await run(connection, 'export-by-rids', text, values)).map(toRow);
}

/** A place among the versions of a type, which are ordered by the instant at which they were written. */
export interface TimePosition {
  updated: number;
  rid: number;
}

/**
 * Versions of a type written after `after`, each once: whoever changes a resource meanwhile moves its version to the
 * history, where it keeps its place. Without content are those that had been replaced at `asOf`.
 */
export async function selectByTime(
  connection: Connection,
  { asOf }: Pick<Instants, 'asOf'>,
  ranges: MemberRanges,
  type: number,
  after: TimePosition,
  { count, byteLength }: PageLimits,
): Promise<ExportRow[]> {
  const walk = (table: string, isNewest: boolean) => `
    (select rid, updated, version, method, content, ${isNewest} as is_newest from ${table}
     where type = $2 and updated <= $1 and (updated, rid) > ($5::int8, $6::int8)
     order by updated, rid limit $7)`;
  const rows = `
    select v.rid, v.updated,
      case when v.method not in (0, 3) and (v.is_newest or not ${isReplaced('v')}) then v.content end as content,
      v.is_newest, ${memberCondition('v.rid', '$3', '$4')} as is_member
    from (
      select * from (${walk('fhir.resource', true)} union all ${walk('fhir.resource_history', false)}) versions
      order by updated, rid limit $7
    ) v`;
  const values = [
    asOf,
    type,
    ranges?.firsts ?? null,
    ranges?.lasts ?? null,
    after.updated,
    after.rid,
    count,
    byteLength,
  ];
  return (await run(connection, 'export-by-time', upToBytes(rows, 'updated, rid', '$8'), values)).map(toRow);
}

/** SQL condition: another version had taken the place of this one at $1. */
const isReplaced = (version: string): string => `(
  exists (select from fhir.resource n
    where n.rid = ${version}.rid and n.version = ${version}.version + 1 and n.updated <= $1)
  or exists (select from fhir.resource_history n
    where n.rid = ${version}.rid and n.version = ${version}.version + 1 and n.updated <= $1))`;

export interface DeletedRow extends TimePosition {
  id: string;
  /** It was still deleted at the instant of the export. */
  isDeleted: boolean;
  /** Of the last version before the deletion. */
  content: string | undefined;
}

/** Deletions of a type after `after`, in the order of time. */
export async function selectDeleted(
  connection: Connection,
  { asOf }: Pick<Instants, 'asOf'>,
  type: number,
  after: TimePosition,
  { count, withContent }: { count: number; withContent: boolean },
): Promise<DeletedRow[]> {
  const walk = (table: string, isNewest: boolean) => `
    (select rid, updated, version, id, ${isNewest} as is_newest from ${table}
     where type = $2 and method = 3 and updated <= $1 and (updated, rid) > ($3::int8, $4::int8)
     order by updated, rid limit $5)`;
  const rows = await run(
    connection,
    'export-deleted',
    `select v.updated, v.rid, v.id, v.is_newest or not ${isReplaced('v')} as is_deleted,
       case when $6::bool then (
         select content from fhir.resource_history h where h.rid = v.rid and h.version = v.version - 1
       ) end as content
     from (
       select * from (${walk('fhir.resource', true)} union all ${walk('fhir.resource_history', false)}) versions
       order by updated, rid limit $5
     ) v
     order by updated, rid`,
    [asOf, type, after.updated, after.rid, count, withContent],
  );
  return rows.map((row) => ({
    updated: Number(row[0]),
    rid: Number(row[1]),
    id: row[2] as string,
    isDeleted: row[3] as boolean,
    content: (row[4] as string | null) ?? undefined,
  }));
}

/** Notes the patients of an export; returns how many of these ids there are or were. */
export async function insertMembers(
  transaction: Transaction | Pool,
  exportId: string,
  patientType: number,
  ids: readonly string[],
): Promise<number> {
  const rows = await run(
    transaction,
    'export-members',
    `with found as (
       select rid from fhir.resource where id = any ($3::text[]) and type = $2 and method <> 0
     ), noted as (
       insert into meridian.export_member (export, rid) select $1::uuid, rid from found on conflict do nothing
     )
     select count(*) from found`,
    [exportId, patientType, ids],
  );
  return Number(rows[0]?.[0]);
}

export async function deleteMembers(connection: Connection, exportId: string): Promise<void> {
  await run(connection, 'export-forget-members', 'delete from meridian.export_member where export = $1', [exportId]);
}

/** The next members in the order of their rids. */
export async function selectMembers(
  connection: Connection,
  exportId: string,
  after: number,
  count: number,
): Promise<number[]> {
  const rows = await run(
    connection,
    'export-next-members',
    'select rid from meridian.export_member where export = $1 and rid > $2 order by rid limit $3',
    [exportId, after, count],
  );
  return rows.map(([rid]) => Number(rid));
}

/** Which of these patients are members. */
export async function selectMemberIds(
  connection: Connection,
  exportId: string,
  patientType: number,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await run(
    connection,
    'export-member-ids',
    `select r.id from fhir.resource r join meridian.export_member m on m.rid = r.rid and m.export = $1
     where r.id = any ($3::text[]) and r.type = $2`,
    [exportId, patientType, ids],
  );
  return rows.map(([id]) => id as string);
}

const ridMask = (2n ** 44n - 1n).toString();

export interface MemberResource {
  member: number;
  rid: number;
}

/**
 * What refers to these members on paths of one type (`bases`: the reference key of rid 0 on each), in the order of members
 * and rids. What refers to several members of the export comes with the first of them only.
 */
export async function selectMemberResources(
  connection: Connection,
  exportId: string,
  members: readonly number[],
  bases: readonly bigint[],
  after: MemberResource,
  count: number,
): Promise<MemberResource[]> {
  const rows = await run(
    connection,
    'export-member-resources',
    `select m.rid as member, f.rid
     from unnest($2::int8[]) as m (rid)
     cross join unnest($3::int8[]) as path (base)
     cross join lateral (
       select rid from fhir.reference
       where key = path.base + m.rid and (m.rid > $4::int8 or rid > $5::int8)
       order by rid limit $6
     ) f
     where not exists (
       select from unnest($3::int8[]) as other (base)
       cross join lateral (
         select key from fhir.reference g
         where g.rid = f.rid and g.key >= other.base and g.key < other.base + m.rid
       ) g
       join meridian.export_member earlier on earlier.export = $1 and earlier.rid = g.key & ${ridMask}
     )
     group by m.rid, f.rid
     order by m.rid, f.rid
     limit $6`,
    [exportId, members, bases, after.member, after.rid, count],
  );
  return rows.map(([member, rid]) => ({ member: Number(member), rid: Number(rid) }));
}

/**
 * How many transactions may still bring in versions of this instant or before: those that have written something and
 * began before it, and, unless `onlyWriting`, those that have not written yet.
 */
export async function countUnsettled(connection: Connection, asOf: number, onlyWriting: boolean): Promise<number> {
  const rows = await run(
    connection,
    'export-unsettled',
    `select count(*) from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
       and xact_start <= to_timestamp($1::float8 / 1000000) and (backend_xid is not null or not $2::bool)`,
    [asOf, onlyWriting],
  );
  return Number(rows[0]?.[0]);
}

/** About how many resources lie in a range of rids, as the planner sees it. */
export async function estimateResources(connection: Connection, first: number, last: number): Promise<number> {
  const { rows } = await connection.query({
    text: `explain (format json) select from fhir.resource where rid between ${Number(first)} and ${Number(last)}`,
    rowMode: 'array',
  });
  return Number((rows as [{ Plan: { 'Plan Rows': number } }[]][])[0]?.[0]?.[0]?.Plan['Plan Rows'] ?? 0);
}
