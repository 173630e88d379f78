import { run } from '#lib/postgres/run.ts';
import { type Connection, type RowColumns, tableColumns } from '../queries.ts';

/** A resource as it stands; one without content has no index rows. */
export interface IndexedRow {
  readonly rid: number;
  readonly content: string | null;
}

const toIndexed = ([rid, content]: unknown[]): IndexedRow => ({
  rid: Number(rid),
  content: content as string | null,
});

/** The resources after a rid, up to another one, in their order: at most so many, and so many bytes of them. */
export async function selectIndexed(
  connection: Connection,
  { after, last, count, byteLength }: { after: number; last: number; count: number; byteLength: number },
): Promise<IndexedRow[]> {
  const rows = await run(
    connection,
    'again-page',
    `select rid, content from (
       select page.*, sum(coalesce(octet_length(content), 0)) over (order by rid rows unbounded preceding)
         - coalesce(octet_length(content), 0) as before
       from (select rid, content from fhir.resource where rid > $1 and rid <= $2 order by rid limit $3) page
     ) measured
     where before < $4 order by rid`,
    [after, last, count, byteLength],
  );
  return rows.map(toIndexed);
}

/** The greatest rid up to one, so that a walk knows its end. */
export async function selectLastRid(connection: Connection, first: number, last: number): Promise<number | undefined> {
  const [row] = await run(
    connection,
    'again-last',
    'select rid from fhir.resource where rid between $1 and $2 order by rid desc limit 1',
    [first, last],
  );
  return row && Number(row[0]);
}

/** Nobody writes these resources before the transaction has ended. */
export async function lockIndexed(
  connection: Connection,
  rids: readonly number[],
  { skipLocked }: { skipLocked: boolean },
): Promise<IndexedRow[]> {
  const rows = await run(
    connection,
    skipLocked ? 'again-lock-free' : 'again-lock',
    `select rid, content from fhir.resource where rid = any ($1::int8[]) order by rid
     for no key update ${skipLocked ? 'skip locked' : ''}`,
    [rids],
  );
  return rows.map(toIndexed);
}

/** Removes rows of these paths; keys of tokens and pairs by themselves, since they do not tell their path. */
export async function deletePaths(
  connection: Connection,
  rids: readonly number[],
  paths: readonly number[],
): Promise<void> {
  await run(
    connection,
    'again-delete-paths',
    `with reference as (
       delete from fhir.reference where rid = any ($1::int8[]) and (key >> 44)::int4 = any ($2::int4[])
     ), date as (
       delete from fhir.date where rid = any ($1::int8[]) and path = any ($2::int4[])
     ), quantity as (
       delete from fhir.quantity where rid = any ($1::int8[]) and path = any ($2::int4[])
     ), string as (
       delete from fhir.string where rid = any ($1::int8[]) and path = any ($2::int4[])
     ), position as (
       delete from fhir.position where rid = any ($1::int8[]) and path = any ($2::int4[])
     ), composite_range as (
       delete from fhir.composite_range where rid = any ($1::int8[]) and path = any ($2::int4[])
     ), composite_ranges as (
       delete from fhir.composite_ranges where rid = any ($1::int8[]) and path = any ($2::int4[])
     )
     delete from fhir.composite_string where rid = any ($1::int8[]) and path = any ($2::int4[])`,
    [rids, paths],
  );
}

const bind = (columns: readonly { toBuffer(): Buffer }[]): Buffer[] => columns.map((column) => column.toBuffer());

export async function deleteKeys(
  connection: Connection,
  tokens: RowColumns['token'],
  pairs: RowColumns['composite_key'],
): Promise<void> {
  await run(
    connection,
    'again-delete-keys',
    `with pair as (
       delete from fhir.composite_key c using unnest($3::int8[], $4::int8[], $5::int8[]) as old (key, value, rid)
       where c.key = old.key and c.value = old.value and c.rid = old.rid
     )
     delete from fhir.token t using unnest($1::int8[], $2::int8[]) as old (key, rid)
     where t.key = old.key and t.rid = old.rid`,
    bind([...tokens, ...pairs]),
  );
}

/** What the dictionary says of paths that nothing has any more. */
export async function deleteEntries(connection: Connection, paths: readonly number[], count: number): Promise<number> {
  const rows = await run(
    connection,
    'again-delete-entries',
    `with code as (
       delete from fhir.token_code where key in (select key from fhir.token_code where path = any ($1::int4[]) limit $2)
       returning 1
     ), text as (
       delete from fhir.token_text where (key, original) in (
         select key, original from fhir.token_text where path = any ($1::int4[]) limit $2
       ) returning 1
     )
     select (select count(*) from code) + (select count(*) from text)`,
    [paths, count],
  );
  return Number(rows[0]?.[0]);
}

type Table = Exclude<keyof RowColumns, 'resource' | 'token'>;

/** Tables in which the rows of a resource are found by its rid. */
const byRid = Object.keys(tableColumns).filter((table): table is Table => table !== 'resource' && table !== 'token');

/** Removes all rows of these resources that are found by rid. */
export async function deleteByRid(connection: Connection, rids: readonly number[]): Promise<void> {
  const [last = '', ...others] = byRid.map((table) => `delete from fhir."${table}" where rid = any ($1::int8[])`);
  const parts = others.map((statement, index) => `t${index} as (${statement})`);
  await run(connection, 'again-delete-rids', `with ${parts.join(',\n')}\n${last}`, [rids]);
}

/**
 * Resources in a range of rids whose rows are not these: missing, superfluous, or of nobody. Notes the tokens that there
 * should be.
 */
export async function selectDiffering(
  connection: Connection,
  { after, last }: { after: number; last: number },
  columns: RowColumns,
): Promise<number[]> {
  const { text, filled } = differingStatement(columns);
  const bits = filled.reduce((sum, table) => sum | (1 << byRid.indexOf(table)), 0);
  const rows = await run(connection, `again-differing-${bits.toString(36)}`, text, [
    after,
    last,
    ...bind(columns.token),
    ...filled.flatMap((table) => bind(columns[table])),
  ]);
  return rows.map((row) => Number(row[0]));
}

function differingStatement(columns: RowColumns): { text: string; filled: Table[] } {
  const filled = byRid.filter((table) => columns[table][0].count > 0);
  let next = 5;
  const parts = byRid.map((table) => {
    const own = tableColumns[table].split(', ').map((column) => column.split(' ') as [string, string]);
    const names = own.map(([name]) => name).join(', ');
    const stored = `select ${names} from fhir."${table}" where rid > $1 and rid <= $2`;
    if (!filled.includes(table)) return `select rid from (${stored}) stored`;
    const values = own.map(([, type]) => `$${next++}::${type === 'tsvector' ? 'text' : type}[]`);
    const wanted = own.map(([name, type]) => (type === 'tsvector' ? `${name}::tsvector` : name)).join(', ');
    const expected = `select ${wanted} from unnest(${values.join(', ')}) as e (${names})`;
    return `select rid from ((${stored}) except all (${expected})) more
      union all select rid from ((${expected}) except all (${stored})) less`;
  });
  const text = `with wanted as materialized (
      select key, rid from unnest($3::int8[], $4::int8[]) as w (key, rid)
    ), noted as (
      insert into fhir.expected_token (key, rid) select key, rid from wanted
    )
    select distinct rid from (
      select w.rid from wanted w where not exists (select from fhir.token t where t.key = w.key and t.rid = w.rid)
      union all ${parts.join('\n union all ')}
    ) differing order by rid`;
  return { text, filled };
}

export async function forgetExpected(connection: Connection): Promise<void> {
  await connection.query('drop index if exists fhir.expected_token_key');
  await connection.query('truncate fhir.expected_token');
}

/** Makes what was noted ready to be asked. It stays so if it is already. */
export async function indexExpected(connection: Connection): Promise<void> {
  await connection.query("set local statement_timeout = '1h'");
  await connection.query('create index if not exists expected_token_key on fhir.expected_token (key, rid)');
  await connection.query('analyze fhir.expected_token');
}

export interface TokenPosition {
  key: string;
  rid: number;
}

/** A piece of the tokens in their order: where it ends, and those of it that nobody noted. */
export async function selectUnexpected(
  connection: Connection,
  after: TokenPosition,
  count: number,
  ranges: { firsts: readonly number[]; lasts: readonly number[] },
): Promise<{ next: TokenPosition | undefined; found: TokenPosition[] }> {
  const rows = await run(
    connection,
    'again-unexpected',
    `with piece as materialized (
       select key, rid from fhir.token where (key, rid) > ($1::int8, $2::int8) order by key, rid limit $3
     ), last as (
       select key, rid from piece order by key desc, rid desc limit 1
     )
     select key, rid, true from last where (select count(*) from piece) = $3
     union all
     select p.key, p.rid, false from piece p
     where exists (select from unnest($4::int8[], $5::int8[]) as r (first, last) where p.rid between r.first and r.last)
       and not exists (select from fhir.expected_token e where e.key = p.key and e.rid = p.rid)`,
    [after.key, after.rid, count, ranges.firsts, ranges.lasts],
  );
  const toPosition = ([key, rid]: unknown[]): TokenPosition => ({ key: String(key), rid: Number(rid) });
  const next = rows.find(([, , isLast]) => isLast === true);
  return {
    next: next && toPosition(next),
    found: rows.filter(([, , isLast]) => isLast === false).map(toPosition),
  };
}

/** The planner's guess at the number of resources between two rids. */
export async function estimateResources(connection: Connection, first: number, last: number): Promise<number> {
  const { rows } = await connection.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) select from fhir.resource where rid between ${BigInt(first)} and ${BigInt(last)}`,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
