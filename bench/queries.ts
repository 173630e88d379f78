import { indexTables } from '#fhir/store/queries.ts';
import type { Pool } from '#lib/postgres/pool.ts';

/** Process id of a backend, whose parent is the postmaster. */
export async function backendProcess(pool: Pool): Promise<number> {
  const { rows } = await pool.query('select pg_backend_pid() as pid');
  return (rows[0] as { pid: number }).pid;
}

export async function countResources(pool: Pool): Promise<number> {
  const { rows } = await pool.query('select count(*)::int4 as count from fhir.resource where content is not null');
  return (rows[0] as { count: number }).count;
}

export interface TableSize {
  table: string;
  rows: number;
  heapBytes: number;
  indexBytes: number;
}

/** What every table of the record holds and takes on disk, its TOAST counted with the heap. */
export async function tableSizes(pool: Pool): Promise<TableSize[]> {
  const { rows: tables } = await pool.query(
    `select c.relname as table, pg_table_size(c.oid)::float8 as "heapBytes", pg_indexes_size(c.oid)::float8 as "indexBytes"
     from pg_class c where c.relnamespace = 'fhir'::regnamespace and c.relkind = 'r' order by 1`,
  );
  const sizes: TableSize[] = [];
  for (const { table, heapBytes, indexBytes } of tables as TableSize[]) {
    const { rows } = await pool.query(`select count(*)::int4 as rows from fhir."${table}"`);
    sizes.push({ table, rows: (rows[0] as { rows: number }).rows, heapBytes, indexBytes });
  }
  return sizes;
}

/** Bytes of the JSON texts themselves, before any compression. */
export async function contentBytes(pool: Pool): Promise<number> {
  const { rows } = await pool.query(
    'select coalesce(sum(octet_length(content)), 0)::float8 as bytes from fhir.resource',
  );
  return (rows[0] as { bytes: number }).bytes;
}

/** Rids and contents of some resources of a type: always the same of the same data, yet spread over all of them. */
export async function sampleResources(
  pool: Pool,
  type: number,
  count: number,
): Promise<{ rid: number; id: string; content: string }[]> {
  const { rows } = await pool.query(
    `select rid::float8 as rid, id, content from fhir.resource
     where type = $1 and content is not null order by md5(id) limit $2`,
    [type, count],
  );
  return rows as { rid: number; id: string; content: string }[];
}

/** Types in use, by number, with how many resources each has. */
export async function countByType(pool: Pool): Promise<{ type: number; count: number }[]> {
  const { rows } = await pool.query(
    'select type, count(*)::int4 as count from fhir.resource where content is not null group by type order by type',
  );
  return rows as { type: number; count: number }[];
}

/** Writes out what earlier work left in memory, so that the next measurement does not pay for it. */
export async function checkpoint(pool: Pool): Promise<void> {
  await pool.query('checkpoint');
}

export async function createDatabase(pool: Pool, name: string): Promise<void> {
  await pool.query(`drop database if exists ${name} with (force)`);
  await pool.query(`create database ${name}`);
}

export async function dropDatabase(pool: Pool, name: string): Promise<void> {
  await pool.query(`drop database if exists ${name} with (force)`);
}

/** The tables that an import fills: the resources and their index. */
export const importedTables: readonly string[] = ['resource', ...indexTables];

/** Writes each table, in the order in which its rows lie, into two files of half its pages each; by session, in order. */
export async function copyOut(pool: Pool, folder: string): Promise<[CopyFile[], CopyFile[]]> {
  const halves: [CopyFile[], CopyFile[]] = [[], []];
  for (const table of importedTables) {
    const { rows } = await pool.query(
      `select (pg_relation_size('fhir.${table}') / current_setting('block_size')::int8 / 2)::int4 as middle`,
    );
    const middle = `'(${(rows[0] as { middle: number }).middle},0)'::tid`;
    for (const [index, half] of halves.entries()) {
      const file = `${folder}/${table}-${index}`;
      const range = index === 0 ? `ctid < ${middle}` : `ctid >= ${middle}`;
      await pool.query(`copy (select * from fhir.${table} where ${range}) to '${file}' (format binary)`);
      half.push({ table, file });
    }
  }
  return halves;
}

export interface CopyFile {
  table: string;
  file: string;
}

/** Loads files into live-indexed tables, in one transaction. */
export async function copyIn(pool: Pool, files: CopyFile[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const { table, file } of files) await client.query(`copy fhir.${table} from '${file}' (format binary)`);
    await client.query('commit');
  } finally {
    client.release(true);
  }
}

/** The limit of a read: the content by primary key. */
export async function selectContent(pool: Pool, rid: string): Promise<string | undefined> {
  const { rows } = await pool.query({
    name: 'bare-select',
    text: 'select content from fhir.resource where rid = $1',
    values: [rid],
    rowMode: 'array',
  });
  return (rows as string[][])[0]?.[0];
}

export async function serverVersion(pool: Pool): Promise<string> {
  const { rows } = await pool.query('show server_version');
  return (rows[0] as { server_version: string }).server_version;
}

/** Patients that the review list has not compared with the others yet. */
export async function countUncompared(pool: Pool): Promise<number> {
  const { rows } = await pool.query('select count(*)::int4 as number from patient_index.review_pending');
  return (rows[0] as { number: number }).number;
}

export async function selectRidsOf(pool: Pool, type: number, ids: readonly string[]): Promise<(number | undefined)[]> {
  const { rows } = await pool.query(
    'select rid::float8 as rid, id from fhir.resource where type = $1 and id = any ($2)',
    [type, ids],
  );
  return ids.map((id) => (rows as { rid: number; id: string }[]).find((row) => row.id === id)?.rid);
}

/** Opens some records, spread over all patients, under a key: the first so many of each so many. Returns their ids. */
export async function grantPatients(
  pool: Pool,
  { type, key, of, first }: { type: number; key: bigint; of: number; first: number },
): Promise<string[]> {
  const { rows } = await pool.query(
    `with chosen as (
       select rid, id from fhir.resource
       where type = $1 and method not in (0, 3) and mod(hashtext(id)::int8 + 2147483648, $3) < $4
     ), granted as (
       insert into fhir.access_grant (key, patient, source) select $2::int8, rid, rid from chosen on conflict do nothing
     )
     select id from chosen`,
    [type, key, of, first],
  );
  await pool.query('analyze fhir.access_grant');
  return (rows as { id: string }[]).map(({ id }) => id);
}
