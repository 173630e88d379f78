import type { ClientBase, Pool } from 'pg';
import { run } from '#lib/postgres/run.ts';

/** A pool, or a connection inside a transaction. */
export type Connection = Pool | ClientBase;

export type ParameterState = 'indexing' | 'active' | 'removing';

export interface ParameterRow {
  number: number;
  id: string;
  /** JSON of a SearchParameterModel. */
  definition: string;
  /** JSON: numbers by the name of the path. */
  paths: string;
  state: ParameterState;
  percent: number;
}

export interface Generation {
  number: number;
  /** The rules of the code that writes. */
  extractor: number | undefined;
  /** How far parameters are that are being indexed, as JSON: percent by number. */
  progress: string;
}

/** One row, whatever the number of parameters. */
export async function selectGeneration(connection: Connection): Promise<Generation> {
  const [row] = await run(
    connection,
    'parameter-generation',
    `select g.number, g.extractor,
       (select json_object_agg(p.number, p.percent)::text from fhir.search_parameter p where p.state = 'indexing')
     from fhir.index_generation g`,
    [],
  );
  if (!row) throw new Error('fhir.index_generation has no row');
  return {
    number: Number(row[0]),
    extractor: (row[1] as number | null) ?? undefined,
    progress: (row[2] as string | null) ?? '{}',
  };
}

/** The generation with all parameters, as of one instant. */
export async function selectRules(
  connection: Connection,
): Promise<{ generation: number; extractor: number | undefined; parameters: ParameterRow[] }> {
  const rows = await run(
    connection,
    'parameter-rules',
    `select g.number, g.extractor, p.number, p.id, p.definition, p.paths, p.state, p.percent
     from fhir.index_generation g left join fhir.search_parameter p on true
     order by p.number`,
    [],
  );
  return {
    generation: Number(rows[0]?.[0]),
    extractor: (rows[0]?.[1] as number | null) ?? undefined,
    parameters: rows.filter((row) => row[2] !== null).map((row) => toParameter(row.slice(2))),
  };
}

const toParameter = (row: unknown[]): ParameterRow => ({
  number: row[0] as number,
  id: row[1] as string,
  definition: row[2] as string,
  paths: row[3] as string,
  state: row[4] as ParameterState,
  percent: row[5] as number,
});

/** Lets nobody else change the rules before the transaction has ended; returns the parameters as they are then. */
export async function lockRules(connection: Connection): Promise<ParameterRow[]> {
  await run(connection, 'parameter-lock', 'select number from fhir.index_generation for update', []);
  const rows = await run(
    connection,
    'parameter-list',
    'select number, id, definition, paths, state, percent from fhir.search_parameter order by number',
    [],
  );
  return rows.map(toParameter);
}

/** From the end of the transaction on, writes by the rules of before fail. */
export async function raiseGeneration(connection: Connection): Promise<void> {
  await run(connection, 'parameter-raise', 'update fhir.index_generation set number = number + 1', []);
}

/**
 * The rules of this code are those of all who write from now on; returns those by which all rows were made. Undefined when
 * newer code has been there.
 */
export async function takeOver(
  connection: Connection,
  extractor: number,
): Promise<{ rebuilt: number | undefined } | undefined> {
  const [row] = await run(
    connection,
    'parameter-take-over',
    `update fhir.index_generation g
     set extractor = $1,
         number = g.number + case when g.extractor is distinct from $1 then 1 else 0 end,
         rebuilt = case when g.rebuilt is null and not exists (select from fhir.resource) then $1 else g.rebuilt end
     where g.extractor is null or g.extractor <= $1
     returning g.rebuilt`,
    [extractor],
  );
  return row && { rebuilt: (row[0] as number | null) ?? undefined };
}

export async function selectRebuilt(connection: Connection): Promise<number | undefined> {
  const [row] = await run(connection, 'parameter-rebuilt', 'select rebuilt from fhir.index_generation', []);
  return (row?.[0] as number | null | undefined) ?? undefined;
}

export async function noteRebuilt(connection: Connection, extractor: number): Promise<void> {
  await run(connection, 'parameter-note-rebuilt', 'update fhir.index_generation set rebuilt = $1', [extractor]);
}

/** So many numbers of paths that nobody ever had. */
export async function drawPaths(connection: Connection, count: number): Promise<number[]> {
  const rows = await run(
    connection,
    'parameter-paths',
    `select nextval('fhir.search_path') from generate_series(1, $1::int4)`,
    [count],
  );
  return rows.map((row) => Number(row[0]));
}

export async function insertParameter(
  connection: Connection,
  { id, definition, paths, state }: Omit<ParameterRow, 'number' | 'percent'>,
): Promise<number> {
  const [row] = await run(
    connection,
    'parameter-insert',
    `insert into fhir.search_parameter (id, definition, paths, state) values ($1, $2, $3, $4) returning number`,
    [id, definition, paths, state],
  );
  return row?.[0] as number;
}

export async function updateDefinition(connection: Connection, number: number, definition: string): Promise<void> {
  await run(connection, 'parameter-define', 'update fhir.search_parameter set definition = $2 where number = $1', [
    number,
    definition,
  ]);
}

export async function updateState(connection: Connection, number: number, state: ParameterState): Promise<void> {
  await run(
    connection,
    'parameter-state',
    'update fhir.search_parameter set state = $2, percent = 0 where number = $1',
    [number, state],
  );
}

export async function deleteParameter(connection: Connection, number: number): Promise<void> {
  await run(connection, 'parameter-delete', 'delete from fhir.search_parameter where number = $1', [number]);
}

/** The state of a parameter, which stays so until the transaction ends. */
export async function holdState(connection: Connection, number: number): Promise<ParameterState | undefined> {
  const [row] = await run(
    connection,
    'parameter-hold',
    'select state from fhir.search_parameter where number = $1 for share',
    [number],
  );
  return row?.[0] as ParameterState | undefined;
}

export async function savePercent(connection: Connection, number: number, percent: number): Promise<void> {
  await run(
    connection,
    'parameter-percent',
    'update fhir.search_parameter set percent = $2 where number = $1 and percent <> $2',
    [number, percent],
  );
}

/**
 * Transactions that may have begun to write by older rules. A statement that brings index rows also inserts into the log of
 * changes, and takes its lock on that table before it looks at the generation: one that is not among these, and has not
 * ended, sees the generation as it is now.
 */
export async function selectWriters(connection: Connection): Promise<string[]> {
  const rows = await run(
    connection,
    'parameter-writers',
    `select distinct virtualtransaction from pg_locks
     where locktype = 'relation' and relation = 'fhir.change'::regclass and mode = 'RowExclusiveLock'
       and database = (select oid from pg_database where datname = current_database())
       and pid <> pg_backend_pid()`,
    [],
  );
  return rows.map((row) => row[0] as string);
}
