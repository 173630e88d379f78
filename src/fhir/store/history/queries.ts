import type { Int2Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { type Connection, rowColumns, type StoredRow, toRow } from '../queries.ts';

/** A place in a history, newest first: after this version. */
export interface HistoryPosition {
  updated: number;
  rid: number;
  version: number;
}

/** Instants in microseconds since 1970 UTC. */
export interface HistoryRange {
  count: number;
  /** Versions written from then on. */
  since?: number | undefined;
  /** Versions that were current at some moment of a half-open range. */
  at?: { low: number; high: number } | undefined;
  after?: HistoryPosition | undefined;
}

const latest = '9223372036854775807';
const lastVersion = 2_147_483_647;

/** The values of $1 to $7. */
const rangeValues = ({ count, since, at, after }: HistoryRange): unknown[] => [
  count,
  since ?? 0,
  after?.updated ?? latest,
  after?.rid ?? latest,
  at?.low ?? null,
  at?.high ?? latest,
  after?.version ?? lastVersion,
];

/**
 * SQL condition: version `v` was current at some moment of [$5, $6): written in it, or before it and not replaced by then.
 * A deletion counts where it happened.
 */
const wasCurrent = `
  v.updated < $6::int8 and ($5::int8 is null or v.updated >= $5 or (v.method <> 3
    and not exists (select from fhir.resource n where n.rid = v.rid and n.version > v.version and n.updated <= $5)
    and not exists (
      select from fhir.resource_history n where n.rid = v.rid and n.version > v.version and n.updated <= $5)))`;

const columns = rowColumns
  .split(', ')
  .map((column) => `v.${column}`)
  .join(', ');

/** A few large versions must not fill the memory, or make a text that is longer than a text can be. */
const mostBytes = 32 * 1024 * 1024;

export interface HistoryRows {
  /** As many as were asked for, or as fill a page; one at least. */
  rows: StoredRow[];
  hasMore: boolean;
}

const newestFirst = 'updated desc, rid desc, version desc';

/** Reads one version more than was asked for; those beyond a page come without content. PostgreSQL knows lengths unread. */
async function readRows(
  connection: Connection,
  name: string,
  versions: string,
  { count, ...range }: HistoryRange,
  values: unknown[],
): Promise<HistoryRows> {
  const text = `
    select rid, updated, version, method, type, id, case when not is_beyond then content end, is_beyond
    from (
      select v.*, sum(coalesce(octet_length(content), 0)) over (order by ${newestFirst} rows unbounded preceding)
        - coalesce(octet_length(content), 0) >= ${mostBytes} as is_beyond
      from (${versions} order by ${newestFirst} limit $1) v
    ) measured
    order by ${newestFirst}`;
  const result = await connection.query({
    name,
    text,
    values: [...rangeValues({ ...range, count: count + 1 }), ...values],
    rowMode: 'array',
  });
  const found = result.rows as unknown[][];
  const rows = found.slice(0, count).filter((row) => row.at(-1) === false);
  return { rows: rows.map(toRow), hasMore: rows.length < found.length };
}

/** Versions of these types, newest first: per type an ordered walk of two indexes. */
export function selectHistory(connection: Connection, types: number[], range: HistoryRange): Promise<HistoryRows> {
  const walk = (table: string) =>
    `(select ${columns} from ${table} v
      where v.type = wanted.type and v.method <> 0 and v.updated >= $2 and (v.updated, v.rid) < ($3::int8, $4::int8)
        and ${wasCurrent}
      order by v.updated desc, v.rid desc limit $1)`;
  // $7 is a place within one resource; the comparison gives it its type.
  return readRows(
    connection,
    'store-history',
    `select v.* from unnest($8::int2[]) as wanted (type)
     cross join lateral (${walk('fhir.resource')} union all ${walk('fhir.resource_history')}) v
     where $7::int4 is not null`,
    range,
    [types],
  );
}

/** Versions of these resources, newest first: of each an ordered walk of its versions. */
export function selectHistoryOf(
  connection: Connection,
  [ids, types]: readonly [TextColumn, Int2Column],
  range: HistoryRange,
): Promise<HistoryRows> {
  // Only of a single resource do versions say where a page ends.
  const after = ids.count === 1 ? range.after : range.after && { ...range.after, version: lastVersion };
  const walk = (table: string) =>
    `(select ${columns} from ${table} v
      where v.rid = known.rid and v.version < $7::int4 and v.method <> 0
        and v.updated >= $2 and (v.updated, v.rid) < ($3::int8, $4::int8) and ${wasCurrent}
      order by v.version desc limit $1)`;
  return readRows(
    connection,
    'store-history-of',
    `select v.* from unnest($8::text[], $9::int2[]) as wanted (id, type)
     join fhir.resource known on known.id = wanted.id collate "C" and known.type = wanted.type and known.method <> 0
     cross join lateral (${walk('fhir.resource')} union all ${walk('fhir.resource_history')}) v`,
    { ...range, after },
    [ids.toBuffer(), types.toBuffer()],
  );
}

export async function countVersions(connection: Connection, rid: number): Promise<number> {
  const { rows } = await connection.query<unknown[]>({
    name: 'store-count-versions',
    text: `select (select count(*) from fhir.resource where rid = $1 and method <> 0)
             + (select count(*) from fhir.resource_history where rid = $1)`,
    values: [rid],
    rowMode: 'array',
  });
  return Number(rows[0]?.[0]);
}
