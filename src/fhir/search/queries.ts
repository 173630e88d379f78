import { createHash } from 'node:crypto';
import type { ClientBase, Pool, QueryResult } from 'pg';
import { Failure } from '#lib/failure.ts';
import { resourceTypeOfNumber } from '../definitions/index.ts';
import type { Statement } from './page.ts';
import type { FoundResource } from './request.ts';
import { contentWithin, ridMask } from './sql-builder.ts';
import type { StatisticsRows } from './statistics.ts';

export type Connection = Pool | ClientBase;

const cancelled = '57014';

async function ask(
  connection: Connection,
  query: { name?: string; text: string; values?: unknown[] },
): Promise<QueryResult['rows']> {
  try {
    return (await connection.query({ ...query, rowMode: 'array' })).rows;
  } catch (error) {
    if ((error as { code?: unknown }).code !== cancelled) throw error;
    throw new Failure('timeout', 'The search took too long and was stopped. Add criteria that fewer resources meet.');
  }
}

/** A statement whose text comes back keeps its plan: its name is the hash of the text. */
export class PreparedNames {
  readonly #uses = new Map<string, number>();
  readonly #limit: number;

  /** So many different statements are kept per connection; the rest are planned each time. */
  constructor(limit = 500) {
    this.#limit = limit;
  }

  /** Undefined for the first time, and when there are too many. */
  nameOf(text: string): string | undefined {
    const uses = this.#uses.get(text);
    if (uses === undefined) {
      if (this.#uses.size < this.#limit) this.#uses.set(text, 1);
      return undefined;
    }
    return `search-${createHash('sha1').update(text).digest('base64url')}`;
  }
}

/** Runs the statements of one search on one connection of the pool. */
export async function onConnection<Result>(
  pool: Pool,
  run: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Without a listener, a connection lost between two statements would end the process.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await run(client);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

const toResource = (row: unknown[]): SizedResource => ({
  rid: Number(row[0]),
  type: resourceTypeOfNumber(row[1] as number) ?? '',
  id: row[2] as string,
  version: row[3] as number,
  updated: Number(row[4]),
  content: row[5] as string | null,
});

/** A resource whose content may have been too much. */
export type SizedResource = Omit<FoundResource, 'content'> & { readonly content: string | null };

export interface PageRow extends SizedResource {
  readonly total: number | undefined;
  readonly sortValues: readonly (string | number | null)[];
}

export async function selectPage(
  connection: Connection,
  { text, values }: Statement,
  name: string | undefined,
): Promise<PageRow[]> {
  const rows = await ask(connection, { ...(name && { name }), text, values: [...values] });
  return rows.map((row: unknown[]) => ({
    ...toResource(row),
    total: row[6] === null ? undefined : Number(row[6]),
    sortValues: row.slice(7).map(toSortValue),
  }));
}

/** The rids that a statement finds. */
export async function selectRidsOf(
  connection: Connection,
  { text, values }: Statement,
  name: string | undefined,
): Promise<number[]> {
  const rows = await ask(connection, { ...(name && { name }), text, values: [...values] });
  return rows.map((row: unknown[]) => Number(row[0]));
}

/** JSON knows no infinity; PostgreSQL reads it as text. */
function toSortValue(value: unknown): string | number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value as string | null;
}

/** Up to so many live resources for each of these token keys. */
export async function selectByKeys(
  connection: Connection,
  wanted: readonly { position: number; key: bigint }[],
  limit: number,
): Promise<{ position: number; rid: number; id: string; version: number }[]> {
  if (wanted.length === 0) return [];
  const rows = await ask(connection, {
    name: 'search-by-keys',
    text: `select wanted.position, r.rid, r.id, r.version
      from unnest($1::int4[], $2::int8[]) as wanted (position, key)
      cross join lateral (
        select r.rid, r.id, r.version from fhir.token t join fhir.resource r on r.rid = t.rid
        where t.key = wanted.key and r.method not in (0, 3)
        limit $3
      ) r`,
    values: [wanted.map(({ position }) => position), wanted.map(({ key }) => key), limit],
  });
  return rows.map((row: unknown[]) => ({
    position: row[0] as number,
    rid: Number(row[1]),
    id: row[2] as string,
    version: row[3] as number,
  }));
}

export async function countMatches(connection: Connection, { text, values }: Statement): Promise<number> {
  const rows = await ask(connection, { text, values: [...values] });
  return Number(rows[0]?.[0]);
}

/** The number of rows that the planner expects. */
export async function estimateMatches(connection: Connection, { text, values }: Statement): Promise<number> {
  const rows = await ask(connection, { text: `explain (format json) ${text}`, values: [...values] });
  return Number(rows[0]?.[0]?.[0]?.Plan?.['Plan Rows'] ?? 0);
}

export interface IncludeQuery {
  readonly rids: readonly number[];
  /** First and last reference key of what is followed; for reverse includes, the reference key of rid 0 on each path. */
  readonly firsts: readonly bigint[];
  readonly lasts: readonly bigint[];
  readonly limit: number;
  /** Of all contents; what comes after that comes without. */
  readonly bytes: number;
}

/** Live resources that these refer to, within ranges of reference keys. */
export async function selectReferred(
  connection: Connection,
  { rids, firsts, lasts, limit, bytes }: IncludeQuery,
): Promise<SizedResource[]> {
  const rows = await ask(connection, {
    name: 'search-referred',
    text: `select r.rid, r.type, r.id, r.version, r.updated, ${contentWithin('', '$5::int8')}
      from (
        select distinct f.key & ${ridMask} as rid
        from unnest($1::int8[]) as source (rid)
        cross join unnest($2::int8[], $3::int8[]) as range (first, last)
        cross join lateral (
          select key from fhir.reference where rid = source.rid and key between range.first and range.last offset 0
        ) f
      ) target
      cross join lateral (
        select * from fhir.resource where rid = target.rid and method not in (0, 3) offset 0
      ) r
      where not r.rid = any ($1::int8[])
      limit $4`,
    values: [rids, firsts, lasts, limit, bytes],
  });
  return rows.map(toResource);
}

/** Live resources of these types that refer to these, on paths given by the reference key of their rid 0. */
export async function selectReferring(
  connection: Connection,
  { rids, firsts, limit, bytes }: IncludeQuery,
): Promise<SizedResource[]> {
  const rows = await ask(connection, {
    name: 'search-referring',
    text: `select r.rid, r.type, r.id, r.version, r.updated, ${contentWithin('', '$4::int8')}
      from (
        select distinct f.rid
        from unnest($1::int8[]) as target (rid)
        cross join unnest($2::int8[]) as path (base)
        cross join lateral (select rid from fhir.reference where key = path.base + target.rid limit $3) f
      ) source
      cross join lateral (select * from fhir.resource where rid = source.rid offset 0) r
      where not r.rid = any ($1::int8[])
      limit $3`,
    values: [rids, firsts, limit, bytes],
  });
  return rows.map(toResource);
}

/** All keys of coded values on some paths, or undefined when there are more than a limit. */
export async function selectCodeKeys(
  connection: Connection,
  paths: readonly number[],
  limit: number,
): Promise<bigint[] | undefined> {
  const rows = await ask(connection, {
    name: 'search-code-keys',
    text: 'select key from fhir.token_code where path = any ($1::int4[]) limit $2',
    values: [paths, limit + 1],
  });
  return rows.length > limit ? undefined : rows.map(([key]) => BigInt(key as string));
}

/** The different texts on a path of the resources that a statement finds. */
export async function selectStrings(
  connection: Connection,
  { text, values }: Statement,
  path: number,
  limit: number,
): Promise<string[]> {
  const rows = await ask(connection, {
    text: `select distinct s.value from (${text}) m cross join lateral (
        select value from fhir.string where rid = m.rid and path = $${values.length + 1}::int4 offset 0
      ) s limit $${values.length + 2}::int8`,
    values: [...values, path, limit],
  });
  return rows.map(([value]) => value as string);
}

export interface HierarchyQuery {
  readonly relation: 'above' | 'below';
  readonly type: number;
  readonly id: string;
  /** First and last reference key of the path that leads to the resource above. */
  readonly base: bigint;
  readonly last: bigint;
  readonly limit: number;
}

/** Ids of a resource and of all above or below it; circles are walked once. */
export async function selectHierarchy(connection: Connection, query: HierarchyQuery): Promise<string[]> {
  const { relation, type, id, base, last, limit } = query;
  const next =
    relation === 'below'
      ? 'select f.rid from fhir.reference f where f.key = $3::int8 + h.rid'
      : `select f.key & ${ridMask} from fhir.reference f where f.rid = h.rid and f.key between $3::int8 and $4::int8`;
  const rows = await ask(connection, {
    name: `search-${relation}`,
    text: `with recursive h (rid) as (
        select rid from fhir.resource where id = $1 and type = $2::int2
        union
        select n.rid from h cross join lateral (${next} offset 0) n (rid)
      )
      select r.id from (select rid from h where $3::int8 <= $4::int8 limit $5) h
      cross join lateral (select id, type from fhir.resource where rid = h.rid offset 0) r
      where r.type = $2::int2`,
    values: [id, type, base, last, limit],
  });
  return rows.map(([found]) => found as string);
}

/** What PostgreSQL's statistics say about the frequency of values. */
export async function selectStatistics(connection: Connection): Promise<StatisticsRows> {
  const rows = await ask(connection, {
    name: 'search-statistics',
    text: `with relation as (
        select relname, greatest(reltuples, 0)::float8 as rows from pg_class
        where relnamespace = 'fhir'::regnamespace and relname in ('resource', 'token', 'reference', 'quantity')
      ), frequent as (
        select s.tablename, s.attname, v.value, v.share * r.rows as rows
        from pg_stats s
        join relation r on r.relname = s.tablename
        cross join lateral unnest(s.most_common_vals::text::text[], s.most_common_freqs) as v (value, share)
        where s.schemaname = 'fhir'
          and (s.tablename, s.attname) in (('resource', 'type'), ('token', 'key'), ('reference', 'key'),
            ('quantity', 'unit'))
      ), rest as (
        select s.tablename,
          r.rows * (1 - coalesce((select sum(share) from unnest(s.most_common_freqs) as share), 0))
          / greatest(1, case when s.n_distinct < 0 then -s.n_distinct * r.rows else s.n_distinct end
            - coalesce(cardinality(s.most_common_freqs), 0)) as rows
        from pg_stats s join relation r on r.relname = s.tablename
        where s.schemaname = 'fhir' and s.attname = 'key' and s.tablename in ('token', 'reference')
      )
      select json_build_object(
        'resources', (select rows from relation where relname = 'resource'),
        'types', (select coalesce(json_agg(json_build_object('type', value::int, 'rows', rows)), '[]')
          from frequent where tablename = 'resource'),
        'tokens', (select coalesce(json_agg(json_build_object('key', value, 'rows', f.rows,
            'path', c.path, 'system', c.system, 'code', c.code)), '[]')
          from frequent f left join fhir.token_code c on c.key = f.value::int8 where f.tablename = 'token'),
        'tokenDefault', (select rows from rest where tablename = 'token'),
        'references', (select coalesce(json_agg(json_build_object('path', value::int8 >> 44,
            'type', (value::int8 & ${ridMask}) >> 36, 'rows', rows)), '[]')
          from frequent where tablename = 'reference'),
        'referenceDefault', (select rows from rest where tablename = 'reference'),
        'numbers', (select coalesce(json_agg(bound order by bound), '[]')
          from pg_stats, unnest(histogram_bounds::text::float8[]) as bound
          where schemaname = 'fhir' and tablename = 'quantity' and attname = 'low' and abs(bound) < 1e300),
        'units', (select coalesce(json_agg(json_build_object('rows', f.rows, 'system', u.system, 'code', u.code,
            'dimension', u.dimension)), '[]')
          from frequent f join fhir.unit u on u.unit = f.value::int4 where f.tablename = 'quantity'),
        'dates', (select coalesce(to_json(histogram_bounds::text::float8[]), '[]')
          from pg_stats where schemaname = 'fhir' and tablename = 'date' and attname = 'low')
      )`,
  });
  return rows[0]?.[0] as StatisticsRows;
}
