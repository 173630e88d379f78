import type { ClientBase, Pool } from 'pg';
import {
  type Float8Column,
  type Int2Column,
  Int4Column,
  Int8Column,
  type TextColumn,
} from '#lib/postgres/binary-column.ts';
import { run } from '#lib/postgres/run.ts';

/** A pool, or a connection inside a transaction. */
export type Connection = Pool | ClientBase;

type Column = Int2Column | Int4Column | Int8Column | Float8Column | TextColumn;

const bind = (columns: readonly Column[]): Buffer[] => columns.map((column) => column.toBuffer());

/** A row of fhir.resource or fhir.resource_history; `updated` in microseconds since 1970 UTC. */
export interface StoredRow {
  rid: number;
  updated: number;
  version: number;
  method: number;
  type: number;
  id: string;
  content: string | null;
}

export const rowColumns = 'rid, updated, version, method, type, id, content';

export const toRow = (row: unknown[]): StoredRow => ({
  rid: Number(row[0]),
  updated: Number(row[1]),
  version: row[2] as number,
  method: row[3] as number,
  type: row[4] as number,
  id: row[5] as string,
  content: row[6] as string | null,
});

export async function selectResource(connection: Connection, type: number, id: string): Promise<StoredRow | undefined> {
  const rows = await run(
    connection,
    'store-read',
    `select ${rowColumns} from fhir.resource where id = $1 and type = $2 and method <> 0`,
    [id, type],
  );
  return rows[0] && toRow(rows[0]);
}

/** The id of what stands in the place of a resource, if anything does. */
export async function selectSurvivor(connection: Connection, type: number, id: string): Promise<string | undefined> {
  const rows = await run(
    connection,
    'store-survivor',
    `select v.id from fhir.resource r join fhir.superseded s on s.rid = r.rid join fhir.resource v on v.rid = s.survivor
     where r.id = $1 and r.type = $2`,
    [id, type],
  );
  return rows[0]?.[0] as string | undefined;
}

export async function selectVersion(
  connection: Connection,
  type: number,
  id: string,
  version: number,
): Promise<StoredRow | undefined> {
  const rows = await run(
    connection,
    'store-vread',
    `select ${rowColumns} from fhir.resource where id = $1 and type = $2 and version = $3 and method <> 0
     union all
     select h.rid, h.updated, h.version, h.method, h.type, h.id, h.content
     from fhir.resource r join fhir.resource_history h on h.rid = r.rid
     where r.id = $1 and r.type = $2 and h.version = $3`,
    [id, type, version],
  );
  return rows[0] && toRow(rows[0]);
}

interface LockOptions {
  /** Leaves out what others hold. */
  skipLocked?: boolean;
  /** Also waits for those who are about to refer to these resources. */
  forDeletion?: boolean;
}

/** Locks the rows of these resources, always in the same order, so that two transactions wait instead of deadlocking. */
export async function lockResources(
  connection: Connection,
  ids: TextColumn,
  types: Int2Column,
  { skipLocked = false, forDeletion = true }: LockOptions = {},
): Promise<StoredRow[]> {
  const strength = forDeletion ? 'update' : 'no key update';
  const rows = await run(
    connection,
    `store-lock-${forDeletion ? 'delete' : 'update'}${skipLocked ? '-free' : ''}`,
    `select r.rid, r.updated, r.version, r.method, r.type, r.id, r.content
     from unnest($1::text[], $2::int2[]) as wanted (id, type)
     join fhir.resource r on r.id = wanted.id collate "C" and r.type = wanted.type
     order by r.id, r.type
     for ${strength} of r ${skipLocked ? 'skip locked' : ''}`,
    bind([ids, types]),
  );
  return rows.map(toRow);
}

/** The numbers of these resources, and how their current versions came about; placeholders included. */
export async function selectRids(
  connection: Connection,
  ids: TextColumn,
  types: Int2Column,
): Promise<{ rid: number; type: number; id: string; method: number }[]> {
  const rows = await run(
    connection,
    'store-rids',
    `select r.rid, r.type, r.id, r.method
     from unnest($1::text[], $2::int2[]) as wanted (id, type)
     join fhir.resource r on r.id = wanted.id collate "C" and r.type = wanted.type`,
    bind([ids, types]),
  );
  return rows.map(toNumbered);
}

const toNumbered = (row: unknown[]) => ({
  rid: Number(row[0]),
  type: row[1] as number,
  id: row[2] as string,
  method: row[3] as number,
});

/** First numbers of so many blocks of 512. */
export async function drawNumberBlocks(connection: Connection, blocks: number): Promise<number[]> {
  const rows = await run(
    connection,
    'store-numbers',
    `select nextval('fhir.resource_number') from generate_series(1, $1::int4)`,
    [blocks],
  );
  return rows.map((row) => Number(row[0]));
}

/** The columns of a batch, in the order of the tables' definitions. */
export interface RowColumns {
  resource: readonly [Int8Column, Int8Column, Int4Column, Int2Column, Int2Column, TextColumn, TextColumn];
  token: readonly [Int8Column, Int8Column];
  reference: readonly [Int8Column, Int8Column];
  date: readonly [Int4Column, Int8Column, Int8Column, Int8Column];
  quantity: readonly [Int4Column, Int4Column, Float8Column, Float8Column, Int8Column];
  string: readonly [Int4Column, TextColumn, TextColumn, Int8Column];
  position: readonly [Int4Column, Float8Column, Float8Column, Int8Column];
  composite_key: readonly [Int8Column, Int8Column, Int8Column];
  composite_range: readonly [Int4Column, Int4Column, Int8Column, Float8Column, Float8Column, Int8Column];
  composite_ranges: readonly [
    ...[Int4Column, Int4Column, Int4Column, Int8Column],
    ...[Float8Column, Float8Column, Float8Column, Float8Column, Int8Column],
  ];
  composite_string: readonly [Int4Column, Int8Column, TextColumn, Int8Column];
  words: readonly [Int8Column, TextColumn, TextColumn];
}

type Table = keyof RowColumns;

/** The columns of the tables that a batch goes to, with their types. */
export const tableColumns: Record<Table, string> = {
  resource: 'rid int8, updated int8, version int4, type int2, method int2, id text, content text',
  token: 'key int8, rid int8',
  reference: 'key int8, rid int8',
  date: 'path int4, low int8, high int8, rid int8',
  quantity: 'path int4, unit int4, low float8, high float8, rid int8',
  string: 'path int4, value text, original text, rid int8',
  position: 'path int4, latitude float8, longitude float8, rid int8',
  composite_key: 'key int8, value int8, rid int8',
  composite_range: 'path int4, unit int4, key int8, low float8, high float8, rid int8',
  composite_ranges:
    'path int4, unit int4, second_unit int4, key int8, low float8, high float8, second_low float8, second_high float8, rid int8',
  composite_string: 'path int4, key int8, value text, rid int8',
  words: 'rid int8, narrative tsvector, content tsvector',
};

const tables = Object.keys(tableColumns) as Table[];

/** The tables of the search index in the schema fhir: a column set each. */
export const indexTables: readonly string[] = tables.filter((table) => table !== 'resource');

/** rid and version of what was written, for the log of changes. */
export type WrittenColumns = readonly [Int8Column, Int4Column];

/** So many fit into a row of the log without TOAST, which would cost five times as much. */
const changesInRow = 128;

/**
 * Inserts new resources and index rows, one statement for all tables that get any, and a row of the log of changes for all
 * that was written. Its number is drawn after the transaction has its xid: readers of the log rely on that order.
 */
export async function insertRows(
  connection: Connection,
  rows: RowColumns,
  written: WrittenColumns = [new Int8Column(), new Int4Column()],
  { generation = null, isAgain = false }: InsertOptions = {},
): Promise<void> {
  const filled = tables.filter((table) => rows[table][0].count > 0);
  const { name, text } = insertStatement(filled, isAgain);
  const columns = filled.flatMap((table): readonly Column[] => rows[table]);
  try {
    await run(connection, name, text, [...bind(written), generation, ...bind(columns)]);
  } catch (error) {
    throw (error as { code?: unknown }).code === divisionByZero ? new OldRules() : error;
  }
}

export interface InsertOptions {
  /** Of the rules by which the rows were made; `null` asks nothing. Fails with OldRules when it is not the current one. */
  generation?: number | null;
  /** Some of the rows may be there. */
  isAgain?: boolean;
}

const divisionByZero = '22012';

/** Rows were made by rules that are no longer in force: to be made anew. Transactions try again, as after other collisions. */
export class OldRules extends Error {
  readonly code = '40001';

  constructor() {
    super('The search parameters have changed.');
  }
}

const insertStatements = new Map<string, { name: string; text: string }>();

/** Prepared anew for each set of tables: few occur, and a table without rows costs nothing. */
function insertStatement(filled: readonly Table[], isAgain: boolean): { name: string; text: string } {
  const name = `store-insert-${isAgain ? 'again-' : ''}${filled.reduce((bits, table) => bits | (1 << tables.indexOf(table)), 0).toString(36)}`;
  const known = insertStatements.get(name);
  if (known) return known;
  let next = 4;
  const inserts = filled.map((table) => {
    const columns = tableColumns[table].split(', ').map((column) => column.split(' '));
    // What is not sent in a binary form of its own goes as text.
    const values = columns.map(([, type]) => `$${next++}::${type === 'tsvector' ? 'text' : type}[]`);
    const names = columns.map(([column]) => column).join(', ');
    const rows = columns.map(([column, type]) => `r.${column}${type === 'tsvector' ? '::tsvector' : ''}`).join(', ');
    return `"${table}" as (insert into fhir."${table}" (${names}) select ${rows} from unnest(${values.join(', ')}) as r (${names})${isAgain && table !== 'resource' ? ' on conflict do nothing' : ''})`;
  });
  const change = `change as (
      insert into fhir.change (xid, number, rids, versions)
      select xid, nextval('fhir.change_number'), ($1::int8[])[first : first + ${changesInRow - 1}],
        ($2::int4[])[first : first + ${changesInRow - 1}]
      from pg_current_xact_id() as current (xid), generate_series(1, cardinality($1::int8[]), ${changesInRow}) as first
    )`;
  // The one division of the statement: by zero, so that all of it fails, unless the rules are still those of the rows. Those
  // that this transaction itself has changed come into force with it.
  const isCurrent = '$3::int8 is null or $3::int8 = number or xmin = pg_current_xact_id()::xid';
  const check = `select 1 / (case when ${isCurrent} then 1 else 0 end) from fhir.index_generation`;
  const statement = { name, text: `with ${[...inserts, change].join(',\n')}\n${check}` };
  insertStatements.set(name, statement);
  return statement;
}

/** rid, updated, version, method, content of the new versions. */
export type VersionColumns = readonly [Int8Column, Int8Column, Int4Column, Int2Column, TextColumn];

/**
 * Puts new versions in the place of current ones, keeps those in the history (placeholders apart), and removes the
 * index rows of these resources: those in `token` by exact key, the others by rid.
 */
export async function replaceVersions(
  connection: Connection,
  versions: VersionColumns,
  tokens: RowColumns['token'],
): Promise<void> {
  await run(
    connection,
    'store-replace',
    `with kept as (
       insert into fhir.resource_history (rid, updated, version, type, method, id, content)
       select rid, updated, version, type, method, id, content
       from fhir.resource where rid = any ($1::int8[]) and method <> 0
     ), token as (
       delete from fhir.token t using unnest($6::int8[], $7::int8[]) as old (key, rid)
       where t.key = old.key and t.rid = old.rid
     ), reference as (
       delete from fhir.reference where rid = any ($1::int8[])
     ), date as (
       delete from fhir.date where rid = any ($1::int8[])
     ), quantity as (
       delete from fhir.quantity where rid = any ($1::int8[])
     ), string as (
       delete from fhir.string where rid = any ($1::int8[])
     ), position as (
       delete from fhir.position where rid = any ($1::int8[])
     ), composite_key as (
       delete from fhir.composite_key where rid = any ($1::int8[])
     ), composite_range as (
       delete from fhir.composite_range where rid = any ($1::int8[])
     ), composite_ranges as (
       delete from fhir.composite_ranges where rid = any ($1::int8[])
     ), composite_string as (
       delete from fhir.composite_string where rid = any ($1::int8[])
     ), words as (
       delete from fhir.words where rid = any ($1::int8[])
     )
     update fhir.resource r
     set updated = new.updated, version = new.version, method = new.method, content = new.content
     from unnest($1::int8[], $2::int8[], $3::int4[], $4::int2[], $5::text[])
       as new (rid, updated, version, method, content)
     where r.rid = new.rid`,
    bind([...versions, ...tokens]),
  );
}

export async function insertCodes(
  connection: Connection,
  columns: readonly [Int8Column, Int4Column, TextColumn, TextColumn],
): Promise<void> {
  await run(
    connection,
    'store-codes',
    `insert into fhir.token_code (key, path, system, code)
     select * from unnest($1::int8[], $2::int4[], $3::text[], $4::text[])
     on conflict do nothing`,
    bind(columns),
  );
}

export async function insertTexts(
  connection: Connection,
  columns: readonly [Int8Column, Int4Column, TextColumn, TextColumn],
): Promise<void> {
  await run(
    connection,
    'store-texts',
    `insert into fhir.token_text (key, path, value, original)
     select * from unnest($1::int8[], $2::int4[], $3::text[], $4::text[])
     on conflict do nothing`,
    bind(columns),
  );
}

type UnitColumns = readonly [TextColumn, TextColumn, TextColumn];

/** With what they are worth in their dimension; what was said of it before is corrected. */
export async function insertUnits(
  connection: Connection,
  columns: UnitColumns,
  scales: readonly [TextColumn, Float8Column, Float8Column],
): Promise<void> {
  await run(
    connection,
    'store-insert-units',
    `insert into fhir.unit (system, code, name, dimension, factor, shift)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[])
     on conflict (system, code, name) do update
     set dimension = excluded.dimension, factor = excluded.factor, shift = excluded.shift
     where (unit.dimension, unit.factor, unit.shift)
       is distinct from (excluded.dimension, excluded.factor, excluded.shift)`,
    bind([...columns, ...scales]),
  );
}

/** The numbers of these units, in their order. */
export async function selectUnits(connection: Connection, columns: UnitColumns): Promise<number[]> {
  const rows = await run(
    connection,
    'store-select-units',
    `select u.unit
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality as wanted (system, code, name, position)
     join fhir.unit u on u.system = wanted.system and u.code = wanted.code and u.name = wanted.name
     order by wanted.position`,
    bind(columns),
  );
  return rows.map((row) => row[0] as number);
}

/** Taken by everybody who decides conditions: shared with the others, or alone. */
const conditionGate = 6_002_175_313_240_771n;

/**
 * Locks of conditions stand in the shared memory of PostgreSQL, which has room for some thousands in all: who has more
 * than these locks all conditions at once.
 */
const mostConditionLocks = 128;

/** Waits for, and holds until the end of the transaction, the locks of these conditions (hashed, in one order). */
export async function lockConditions(connection: Connection, keys: Int8Column): Promise<void> {
  const gate = new Int8Column();
  gate.pushBigInt(conditionGate);
  if (keys.count > mostConditionLocks) {
    await run(
      connection,
      'store-lock-all-conditions',
      'select pg_advisory_xact_lock(key) from unnest($1::int8[]) as key',
      bind([gate]),
    );
    return;
  }
  await run(
    connection,
    'store-lock-conditions',
    `with gate as materialized (select pg_advisory_xact_lock_shared(key) from unnest($1::int8[]) as key)
     select pg_advisory_xact_lock(key)
     from gate, lateral (select distinct key from unnest($2::int8[]) as key order by key) as ordered`,
    bind([gate, keys]),
  );
}

/** Those of these resources that are live; nobody deletes them before the transaction has ended. */
export async function lockTargets(
  connection: Connection,
  ids: TextColumn,
  types: Int2Column,
): Promise<{ type: number; id: string }[]> {
  const rows = await run(
    connection,
    'store-lock-targets',
    `select r.type, r.id
     from unnest($1::text[], $2::int2[]) as wanted (id, type)
     join fhir.resource r on r.id = wanted.id collate "C" and r.type = wanted.type
     where r.method not in (0, 3)
     order by r.id, r.type
     for key share of r`,
    bind([ids, types]),
  );
  return rows.map((row) => ({ type: row[0] as number, id: row[1] as string }));
}

/** Up to so many resources that refer to these, on any of these paths (the reference key of rid 0 on each). */
export async function selectReferrers(
  connection: Connection,
  targets: Int8Column,
  paths: Int8Column,
  limit: number,
): Promise<{ target: number; type: number; id: string }[]> {
  const rows = await run(
    connection,
    'store-referrers',
    `select distinct target.rid, r.type, r.id
     from unnest($1::int8[]) as target (rid)
     cross join unnest($2::int8[]) as path (key)
     cross join lateral (select rid from fhir.reference where key = path.key + target.rid limit $3) f
     join fhir.resource r on r.rid = f.rid
     limit $3`,
    [...bind([targets, paths]), limit],
  );
  return rows.map((row) => ({ target: Number(row[0]), type: row[1] as number, id: row[2] as string }));
}

/** What is not there after this rid: placeholders (method 0) and deleted resources, in the order of their rids. */
export async function selectAbsent(
  connection: Connection,
  after: number,
  limit: number,
): Promise<{ rid: number; type: number; id: string; method: number }[]> {
  const rows = await run(
    connection,
    'store-absent',
    `select rid, type, id, method from fhir.resource where method in (0, 3) and rid > $1 order by rid limit $2`,
    [after, limit],
  );
  return rows.map(toNumbered);
}
