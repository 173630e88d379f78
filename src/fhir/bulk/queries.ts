import { Int4Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { run } from '#lib/postgres/run.ts';
import type { Connection } from '../store/index.ts';

/** Holds files for this session, so that none is imported twice at a time; returns those that another session has. */
export async function lockFiles(connection: Transaction, identities: string[]): Promise<string[]> {
  const { rows } = await connection.query<{ identity: string }>(
    `select identity from unnest($1::text[]) as identity
     where not pg_try_advisory_lock(hashtextextended('meridian.import ' || identity, 0))`,
    [identities],
  );
  return rows.map(({ identity }) => identity);
}

export async function unlockFiles(connection: Transaction): Promise<void> {
  await connection.query('select pg_advisory_unlock_all()');
}

/**
 * Lets this transaction commit without waiting for the disk. A crash of the database may undo it, and then also what it
 * remembers of the import; the end of an import waits for all before it.
 */
export async function commitWithoutWaiting(transaction: Transaction): Promise<void> {
  await transaction.query('set local synchronous_commit = off');
}

export interface FileRow {
  identity: string;
  path: string;
  /** So many items, counted from the start of the file, are settled. */
  position: number;
  isComplete: boolean;
  /** JSON. */
  counts: string;
}

export async function selectFiles(pool: Pool, identities: string[]): Promise<FileRow[]> {
  const rows = await run(
    pool,
    'import-files',
    `select identity, path, position, is_complete, counts from meridian.import_file where identity = any ($1)`,
    [identities],
  );
  return rows.map((row) => ({
    identity: row[0] as string,
    path: row[1] as string,
    position: Number(row[2]),
    isComplete: row[3] as boolean,
    counts: row[4] as string,
  }));
}

export async function saveFiles(connection: Connection, files: readonly FileRow[]): Promise<void> {
  await run(
    connection,
    'import-save-files',
    `insert into meridian.import_file (identity, path, position, is_complete, counts)
     select * from unnest($1::text[], $2::text[], $3::int8[], $4::bool[], $5::text[])
     on conflict (identity) do update
     set position = excluded.position, is_complete = excluded.is_complete, counts = excluded.counts,
         touched_at = now()`,
    [
      files.map(({ identity }) => identity),
      files.map(({ path }) => path),
      files.map(({ position }) => position),
      files.map(({ isComplete }) => isComplete),
      files.map(({ counts }) => counts),
    ],
  );
}

/** Forgets these files, and what imports that nobody went on with have left behind a month ago. */
export async function forgetFiles(connection: Transaction, identities: string[]): Promise<void> {
  const { rows } = await connection.query<{ identity: string }>(
    `delete from meridian.import_file
     where identity = any ($1) or touched_at < now() - interval '30 days'
     returning identity`,
    [identities],
  );
  const gone = [...new Set([...identities, ...rows.map(({ identity }) => identity)])];
  await connection.query('delete from meridian.import_deferred where identity = any ($1)', [gone]);
  await connection.query('delete from meridian.import_rejection where identity = any ($1)', [gone]);
  // What follows the slash in ASCII is 0: this is the range of the keys that begin with the identity and a slash.
  await connection.query(
    `delete from meridian.import_alias a using unnest($1::text[]) as gone (identity)
     where a.key > gone.identity || '/' and a.key < gone.identity || '0'`,
    [gone],
  );
}

export interface RejectionRow {
  identity: string;
  item: number;
  line: number;
  entry: number | null;
  outcome: string;
  type: string | null;
  id: string | null;
  reason: string;
}

export async function saveRejections(connection: Connection, rejections: readonly RejectionRow[]): Promise<void> {
  const columns = [
    new TextColumn(),
    new Int8Column(),
    new Int8Column(),
    new Int4Column(),
    new TextColumn(),
    new TextColumn(),
    new TextColumn(),
    new TextColumn(),
  ] as const;
  for (const { identity, item, line, entry, outcome, type, id, reason } of rejections) {
    columns[0].push(identity);
    columns[1].push(item);
    columns[2].push(line);
    if (entry === null) columns[3].pushNull();
    else columns[3].push(entry);
    columns[4].push(outcome);
    pushText(columns[5], type);
    pushText(columns[6], id);
    pushText(columns[7], reason);
  }
  await run(
    connection,
    'import-save-rejections',
    `insert into meridian.import_rejection (identity, item, line, entry, outcome, type, id, reason)
     select * from unnest($1::text[], $2::int8[], $3::int8[], $4::int4[], $5::text[], $6::text[], $7::text[], $8::text[])
     on conflict (identity, item) do update
     set outcome = excluded.outcome, type = excluded.type, id = excluded.id, reason = excluded.reason`,
    columns.map((column) => column.toBuffer()),
  );
}

/** What is quoted from the input may hold what PostgreSQL's text cannot. */
function pushText(column: TextColumn, value: string | null): void {
  if (value === null) column.pushNull();
  else column.push(value.replaceAll('\u0000', '\ufffd').toWellFormed());
}

/** A page of rejections of a file, after an item. */
export async function selectRejections(
  pool: Pool,
  identity: string,
  after: number,
  count: number,
): Promise<RejectionRow[]> {
  const rows = await run(
    pool,
    'import-rejections',
    `select item, line, entry, outcome, type, id, reason from meridian.import_rejection
     where identity = $1 and item > $2 order by item limit $3`,
    [identity, after, count],
  );
  return rows.map((row) => ({
    identity,
    item: Number(row[0]),
    line: Number(row[1]),
    entry: row[2] as number | null,
    outcome: row[3] as string,
    type: row[4] as string | null,
    id: row[5] as string | null,
    reason: row[6] as string,
  }));
}

export interface DeferredRow {
  identity: string;
  item: number;
  document: number;
  line: number;
  entry: number | null;
  type: string;
  id: string;
  key: string | null;
  content: string;
}

export async function saveDeferred(connection: Connection, rows: readonly DeferredRow[]): Promise<void> {
  await run(
    connection,
    'import-save-deferred',
    `insert into meridian.import_deferred (identity, item, document, line, entry, type, id, key, content)
     select * from unnest($1::text[], $2::int8[], $3::int8[], $4::int8[], $5::int4[], $6::text[], $7::text[],
       $8::text[], $9::text[])
     on conflict (identity, item) do nothing`,
    [
      rows.map(({ identity }) => identity),
      rows.map(({ item }) => item),
      rows.map(({ document }) => document),
      rows.map(({ line }) => line),
      rows.map(({ entry }) => entry),
      rows.map(({ type }) => type),
      rows.map(({ id }) => id),
      rows.map(({ key }) => key),
      rows.map(({ content }) => content),
    ],
  );
}

/** A page of what is deferred in a file, after an item. */
export async function selectDeferred(
  pool: Pool,
  identity: string,
  after: number,
  count: number,
): Promise<DeferredRow[]> {
  const rows = await run(
    pool,
    'import-deferred',
    `select item, document, line, entry, type, id, key, content from meridian.import_deferred
     where identity = $1 and item > $2 order by item limit $3`,
    [identity, after, count],
  );
  return rows.map((row) => ({
    identity,
    item: Number(row[0]),
    document: Number(row[1]),
    line: Number(row[2]),
    entry: row[3] as number | null,
    type: row[4] as string,
    id: row[5] as string,
    key: row[6] as string | null,
    content: row[7] as string,
  }));
}

export async function deleteDeferred(connection: Connection, identities: string[], items: number[]): Promise<void> {
  await run(
    connection,
    'import-delete-deferred',
    `delete from meridian.import_deferred d
     using unnest($1::text[], $2::int8[]) as done (identity, item)
     where d.identity = done.identity and d.item = done.item`,
    [identities, items],
  );
}

/** What the key of a fullUrl stands for. */
export interface AliasRow {
  key: string;
  type: string;
  id: string;
}

export async function saveAliases(connection: Connection, aliases: readonly AliasRow[]): Promise<void> {
  await run(
    connection,
    'import-save-aliases',
    `insert into meridian.import_alias (key, type, id)
     select distinct on (key) * from unnest($1::text[], $2::text[], $3::text[]) as alias (key, type, id)
     order by key
     on conflict (key) do update set type = excluded.type, id = excluded.id`,
    [aliases.map(({ key }) => key), aliases.map(({ type }) => type), aliases.map(({ id }) => id)],
  );
}

const toAlias = (row: unknown[]): AliasRow => ({
  key: row[0] as string,
  type: row[1] as string,
  id: row[2] as string,
});

export async function selectAliases(pool: Pool, keys: string[]): Promise<AliasRow[]> {
  const text = 'select key, type, id from meridian.import_alias where key = any ($1)';
  return (await run(pool, 'import-aliases', text, [keys])).map(toAlias);
}

/** What deferred entries will be called. */
export async function selectDeferredNames(pool: Pool, keys: string[]): Promise<AliasRow[]> {
  const text = 'select key, type, id from meridian.import_deferred where key = any ($1)';
  return (await run(pool, 'import-deferred-names', text, [keys])).map(toAlias);
}

/** Type numbers of the resources with these ids, whatever their type. */
export async function selectTypesOfIds(pool: Pool, ids: string[]): Promise<{ id: string; type: number }[]> {
  const text = 'select id, type from fhir.resource where id = any ($1) and method <> 0';
  const rows = await run(pool, 'import-types-of-ids', text, [ids]);
  return rows.map((row) => ({ id: row[0] as string, type: row[1] as number }));
}

/** Fresh statistics for the planner, which could not foresee so many new rows. */
export async function analyzeRecord(pool: Pool): Promise<void> {
  await pool.query(
    `analyze fhir.resource, fhir.token, fhir.token_code, fhir.token_text, fhir.reference, fhir.date, fhir.quantity,
       fhir.string`,
  );
}
