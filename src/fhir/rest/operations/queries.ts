import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../../store/index.ts';

/** A resource on the way of a walk; what a filter leaves out has no content. */
export interface WalkedRow {
  rid: number;
  type: number;
  id: string;
  content: string | null;
}

const toWalked = (row: unknown[]): WalkedRow => ({
  rid: Number(row[0]),
  type: row[1] as number,
  id: row[2] as string,
  content: row[3] as string | null,
});

/** How far a statement goes: so many rows, and no more than so many bytes after the first. */
export interface Chunk {
  after: number;
  count: number;
  byteLength: number;
}

/** PostgreSQL knows the length of a text without reading it. */
const upToBytes = (rows: string, byteLength: string): string => `
  select rid, type, id, content from (
    select found.*, sum(coalesce(octet_length(content), 0)) over (order by rid rows unbounded preceding)
      - coalesce(octet_length(content), 0) as before
    from (${rows}) found
  ) measured
  where before < ${byteLength}::int8
  order by rid`;

/** Microseconds since 1970 UTC, half-open; both or neither are there. */
export interface CareFilter {
  /** Versions written since. */
  since: number;
  /** Index paths of the dates that count; null: dates do not matter. */
  paths: readonly number[] | null;
  start: number;
  end: number;
}

/** SQL condition: a resource has a date that counts within the range, or none at all. */
const isWithinCare = (rid: string, [paths, start, end]: readonly [string, string, string]): string => `
  (${paths}::int4[] is null
    or exists (select from fhir.date d
      where d.rid = ${rid} and d.path = any (${paths}::int4[]) and d.low < ${end}::int8 and d.high > ${start}::int8)
    or not exists (select from fhir.date d where d.rid = ${rid} and d.path = any (${paths}::int4[])))`;

/**
 * The next resources that refer to one by any of these keys, in the order of rids: each key is an ordered walk that ends
 * after as many rows as are asked for, whatever it still has. None means that there are no more.
 */
export async function selectReferring(
  connection: Connection,
  keys: readonly bigint[],
  { after, count, byteLength }: Chunk,
  { since, paths, start, end }: CareFilter,
): Promise<WalkedRow[]> {
  const rows = await run(
    connection,
    'operations-referring',
    `with page as (
       select distinct f.rid from unnest($1::int8[]) as wanted (key)
       cross join lateral (
         select rid from fhir.reference where key = wanted.key and rid > $2 order by rid limit $3
       ) f
       order by f.rid limit $3
     )
     ${upToBytes(
       `select r.rid, r.type, r.id,
          case when r.method not in (0, 3) and r.updated >= $4 and ${isWithinCare('r.rid', ['$5', '$6', '$7'])}
            then r.content end as content
        from page cross join lateral (select * from fhir.resource where rid = page.rid offset 0) r`,
       '$8',
     )}`,
    [keys, after, count, since, paths, start, end, byteLength],
  );
  return rows.map(toWalked);
}

/** A resource by its number, and the number of its type. */
export interface Numbered {
  rid: number;
  type: number;
}

const ridOfKey = '(f.key & 17592186044415)';

const toNumbered = (row: unknown[]): Numbered => ({ rid: Number(row[0]), type: Math.floor(Number(row[0]) / 2 ** 36) });

/** Those that refer to a resource by any of these keys and whose care counts, in the order of rids; none: no more. */
export async function selectMembers(
  connection: Connection,
  keys: readonly bigint[],
  { after, count }: Pick<Chunk, 'after' | 'count'>,
  { paths, start, end }: CareFilter,
): Promise<(Numbered & { isCare: boolean })[]> {
  const rows = await run(
    connection,
    'operations-members',
    `with page as (
       select distinct f.rid from unnest($1::int8[]) as wanted (key)
       cross join lateral (
         select rid from fhir.reference where key = wanted.key and rid > $2 order by rid limit $3
       ) f
       order by f.rid limit $3
     )
     select rid, ${isWithinCare('page.rid', ['$4', '$5', '$6'])} as is_care from page order by rid`,
    [keys, after, count, paths, start, end],
  );
  return rows.map((row) => ({ ...toNumbered(row), isCare: row[1] as boolean }));
}

/** What these refer to, of these types (numbers); at most so many. */
export async function selectTargets(
  connection: Connection,
  rids: readonly number[],
  types: readonly number[],
  count: number,
): Promise<Numbered[]> {
  const rows = await run(
    connection,
    'operations-targets',
    `select distinct ${ridOfKey} as rid from unnest($1::int8[]) as source (rid)
     cross join lateral (select key from fhir.reference where rid = source.rid offset 0) f
     where ${ridOfKey} >> 36 = any ($2::int8[]) limit $3`,
    [rids, types, count],
  );
  return rows.map(toNumbered);
}

/** The live ones of these, in the order of rids. */
export async function selectOfThese(
  connection: Connection,
  rids: readonly number[],
  { after, count, byteLength }: Chunk,
  since: number,
): Promise<WalkedRow[]> {
  const rows = await run(
    connection,
    'operations-of-these',
    upToBytes(
      `select r.rid, r.type, r.id, r.content
       from unnest($1::int8[]) as wanted (rid)
       cross join lateral (select * from fhir.resource where rid = wanted.rid offset 0) r
       where r.rid > $2 and r.method not in (0, 3) and r.updated >= $4
       order by r.rid limit $3`,
      '$5',
    ),
    [rids, after, count, since, byteLength],
  );
  return rows.map(toWalked);
}

/** The next resources of a type, in the order of rids. */
export async function selectNextOfType(
  connection: Connection,
  { first, last }: { first: number; last: number },
  count: number,
): Promise<WalkedRow[]> {
  const rows = await run(
    connection,
    'operations-next-of-type',
    `select rid, type, id, content from fhir.resource
     where rid >= $1 and rid <= $2 and method not in (0, 3) order by rid limit $3`,
    [first, last, count],
  );
  return rows.map(toWalked);
}

/** Index paths of one element of several types, with the rids that each type has. */
export interface MetaPaths {
  paths: readonly number[];
  firsts: readonly number[];
  lasts: readonly number[];
}

/** Codes under these paths that resources have now, in their order. */
export async function selectCodesInUse(
  connection: Connection,
  { paths, firsts, lasts }: MetaPaths,
  count: number,
): Promise<{ system: string; code: string }[]> {
  const rows = await run(
    connection,
    'operations-codes-in-use',
    `select distinct c.system, c.code
     from unnest($1::int4[], $2::int8[], $3::int8[]) as wanted (path, first, last)
     join fhir.token_code c on c.path = wanted.path
     where exists (select from fhir.token t where t.key = c.key and t.rid between wanted.first and wanted.last)
     order by c.system, c.code limit $4`,
    [paths, firsts, lasts, count],
  );
  return rows.map((row) => ({ system: row[0] as string, code: row[1] as string }));
}

/** Uris under these paths that resources have now, in their order. */
export async function selectUrisInUse(
  connection: Connection,
  paths: readonly number[],
  count: number,
): Promise<string[]> {
  const rows = await run(
    connection,
    'operations-uris-in-use',
    `select distinct s.value from unnest($1::int4[]) as wanted (path)
     cross join lateral (select distinct value from fhir.string where path = wanted.path) s
     order by s.value limit $2`,
    [paths, count],
  );
  return rows.map((row) => row[0] as string);
}
