import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import type { Division, DivisionKind } from './division.ts';

type Connection = Pool | Transaction;

export interface DivisionRow {
  code: string;
  name: string;
  english: string;
  kind: DivisionKind;
  parent: string | undefined;
  from: string | undefined;
  until: string | undefined;
  pinyin: string;
  initials: string;
}

export interface SuccessorRow {
  code: string;
  until: string;
  successor: string;
}

const columns = `d.code, d.name, d.english, d.kind, d.parent,
  case when isfinite(d.valid_from) then d.valid_from::text end as "validFrom",
  case when isfinite(d.valid_until) then d.valid_until::text end as "validUntil"`;

/** In force on the day $1. */
const inForce = 'd.valid_from <= $1::date and d.valid_until > $1::date';

type Found = { [Key in keyof Division]: Division[Key] | null };

const toDivision = (row: Found): Division => ({
  code: row.code as string,
  name: row.name as string,
  english: row.english as string,
  kind: row.kind as DivisionKind,
  parent: row.parent ?? undefined,
  validFrom: row.validFrom ?? undefined,
  validUntil: row.validUntil ?? undefined,
});

/** What a code means on a day, or where it meant nothing then, what it meant last. */
export async function selectDivision(connection: Connection, code: string, on: string): Promise<Division | undefined> {
  const { rows } = await connection.query<Found>(
    `select ${columns} from division.division d where d.code = $2
     order by (${inForce}) desc, d.valid_from desc limit 1`,
    [on, code],
  );
  return rows[0] && toDivision(rows[0]);
}

export async function selectKnownCodes(connection: Connection, codes: readonly string[]): Promise<string[]> {
  const { rows } = await connection.query<{ code: string }>(
    'select distinct code from division.division where code = any ($1)',
    [codes],
  );
  return rows.map(({ code }) => code);
}

/** Everything that a code has meant, oldest first. */
export async function selectMeanings(connection: Connection, code: string): Promise<Division[]> {
  const { rows } = await connection.query<Found>(
    `select ${columns} from division.division d where d.code = $1 order by d.valid_from limit 50`,
    [code],
  );
  return rows.map(toDivision);
}

export async function selectChildren(
  connection: Connection,
  { parent, on, after, limit }: { parent: string; on: string; after: string; limit: number },
): Promise<(Division & { hasChildren: boolean })[]> {
  const { rows } = await connection.query<Found & { hasChildren: boolean }>(
    `select ${columns},
       exists (select from division.division c where c.parent = d.code and c.valid_from <= $1::date and c.valid_until > $1::date)
         as "hasChildren"
     from division.division d where d.parent = $2 and d.code > $3 and ${inForce}
     order by d.code, d.valid_from desc limit $4`,
    [on, parent, after, limit],
  );
  return rows.map((row) => ({ ...toDivision(row), hasChildren: row.hasChildren }));
}

/** Divisions whose name, pinyin, initials, English name or code begins with a word; larger ones first. */
export async function selectByWord(
  connection: Connection,
  { word, on, limit }: { word: string; on: string; limit: number },
): Promise<Division[]> {
  const pattern = `${word.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await connection.query<Found>(
    `select ${columns} from division.division d
     where (d.name like $2 or d.pinyin like $3 or d.initials like $3 or lower(d.english) like $3 or d.code like $2) and ${inForce}
     order by d.name = $4 or d.code = $4 desc, length(d.code), d.kind = 'county', length(d.name), d.code limit $5`,
    [on, pattern, pattern.toLowerCase(), word, limit],
  );
  return rows.map(toDivision);
}

/** From each code up to the nation, the code itself first, as it was on that day. */
export async function selectBranches(
  connection: Connection,
  codes: readonly string[],
  on: string,
): Promise<Map<string, Division[]>> {
  const { rows } = await connection.query<Found & { start: string }>(
    `with recursive up as (
       select start, start as code, 0 as depth from unnest($2::text[]) as start
       union all
       select up.start, found.parent, up.depth + 1 from up
       cross join lateral (
         select d.parent from division.division d where d.code = up.code order by (${inForce}) desc, d.valid_from desc limit 1
       ) found
       where found.parent is not null and up.depth < 8
     )
     select up.start, d.* from up
     cross join lateral (
       select ${columns} from division.division d where d.code = up.code order by (${inForce}) desc, d.valid_from desc limit 1
     ) d
     order by up.start, up.depth`,
    [on, codes],
  );
  const branches = Map.groupBy(rows, ({ start }) => start);
  return new Map([...branches].map(([start, found]) => [start, found.map(toDivision)]));
}

/** What took the place of codes that had ended by that day. */
export async function selectSuccessors(connection: Connection, codes: readonly string[]): Promise<SuccessorRow[]> {
  const { rows } = await connection.query<SuccessorRow>(
    `select code, valid_until::text as until, successor from division.successor
     where code = any ($1) order by code, valid_until, successor limit 1000`,
    [codes],
  );
  return rows;
}

export async function selectPredecessors(connection: Connection, code: string): Promise<SuccessorRow[]> {
  const { rows } = await connection.query<SuccessorRow>(
    `select code, valid_until::text as until, successor from division.successor
     where successor = $1 order by valid_until, code limit 200`,
    [code],
  );
  return rows;
}

/** Codes of a branch, those of the past included, that do not begin as the branch's own code does. */
export async function selectStrayCodes(connection: Connection, code: string, prefix: string): Promise<string[]> {
  const { rows } = await connection.query<{ code: string }>(
    `with recursive down as (
       select $1::text as code
       union
       select d.code from down join division.division d on d.parent = down.code
     ), former as (
       select code from down
       union
       select s.code from former join division.successor s on s.successor = former.code
     )
     select code from former where not starts_with(code, $2) order by code limit 2001`,
    [code, prefix],
  );
  return rows.map((row) => row.code);
}

export async function lockEdition(transaction: Transaction): Promise<void> {
  await transaction.query(`select pg_advisory_xact_lock(hashtextextended('meridian.division', 0))`);
}

export async function selectDigest(connection: Connection, source: string): Promise<string | undefined> {
  const { rows } = await connection.query<{ digest: string }>('select digest from division.edition where source = $1', [
    source,
  ]);
  return rows[0]?.digest;
}

export async function saveDigest(transaction: Transaction, source: string, digest: string): Promise<void> {
  await transaction.query(
    `insert into division.edition (source, digest) values ($1, $2)
     on conflict (source) do update set digest = excluded.digest`,
    [source, digest],
  );
}

/** Takes out what an earlier edition brought; what was imported stays. */
export async function deleteSource(transaction: Transaction, source: string): Promise<void> {
  await transaction.query('delete from division.successor where source = $1', [source]);
  await transaction.query('delete from division.division where source = $1', [source]);
}

/** Returns how many were new or different. */
export async function upsertDivisions(
  transaction: Transaction,
  source: string,
  rows: readonly DivisionRow[],
): Promise<number> {
  const column = (key: keyof DivisionRow) => rows.map((row) => row[key] ?? null);
  const { rowCount } = await transaction.query(
    `insert into division.division as d (code, name, english, kind, parent, valid_from, valid_until, pinyin, initials, source)
     select code, name, english, kind, parent, coalesce(valid_from, '-infinity'), coalesce(valid_until, 'infinity'), pinyin, initials, $1
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[], $9::text[], $10::text[])
       as r (code, name, english, kind, parent, valid_from, valid_until, pinyin, initials)
     on conflict (code, valid_from) do update
     set name = excluded.name, english = excluded.english, parent = excluded.parent, valid_until = excluded.valid_until,
       pinyin = excluded.pinyin, initials = excluded.initials, source = excluded.source
     where (d.name, d.parent, d.valid_until) is distinct from (excluded.name, excluded.parent, excluded.valid_until)`,
    [
      source,
      column('code'),
      column('name'),
      column('english'),
      column('kind'),
      column('parent'),
      column('from'),
      column('until'),
      column('pinyin'),
      column('initials'),
    ],
  );
  return rowCount ?? 0;
}

/** Ends what a code means now; returns whether anything was in force after that day. */
export async function endDivision(transaction: Transaction, code: string, until: string): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `update division.division set valid_until = $2::date
     where code = $1 and valid_from < $2::date and valid_until > $2::date`,
    [code, until],
  );
  return (rowCount ?? 0) > 0;
}

export async function insertSuccessors(
  transaction: Transaction,
  source: string,
  rows: readonly SuccessorRow[],
): Promise<void> {
  await transaction.query(
    `insert into division.successor (code, valid_until, successor, source)
     select code, until, successor, $1 from unnest($2::text[], $3::date[], $4::text[]) as r (code, until, successor)
     on conflict do nothing`,
    [source, rows.map(({ code }) => code), rows.map(({ until }) => until), rows.map(({ successor }) => successor)],
  );
}
