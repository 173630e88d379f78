import type { Access } from '#fhir/access/index.ts';
import { readTable, type TableRow } from '#lib/csv/read-table.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { type Branch, branchToEdit } from '../branch.ts';
import { type Directory, type DirectoryWrite, writeResources } from '../dependencies.ts';
import { lockDirectory } from '../queries.ts';
import { type ImportKind, importColumns } from './columns.ts';
import { planners } from './planners.ts';

export interface ImportedRow {
  line: number;
  /** What the row is about, as it stood there. */
  key: string;
  fate: 'created' | 'updated' | 'unchanged' | 'refused';
  /** Where it came to lie: `Organization/1`. */
  reference?: string;
  /** What is wrong, column by column, and what to do. */
  problems?: { column: string; text: string }[];
}

export interface DirectoryImport {
  kind: ImportKind;
  /** Says what would happen, and changes nothing. */
  isDryRun: boolean;
}

const batchSize = 100;

/**
 * Takes a CSV file into the directory, row by row: each stands or falls alone, in the order of the file, so that a later row may
 * name what an earlier one brought. A row whose thing is there changes it; the same file twice changes nothing.
 */
export async function* importDirectory(
  directory: Directory,
  access: Access,
  { kind, isDryRun }: DirectoryImport,
  file: AsyncIterable<Uint8Array>,
): AsyncGenerator<ImportedRow> {
  const branch = await branchToEdit(directory, access);
  const seen = new Map<string, number>();
  let batch: TableRow<string>[] = [];
  for await (const row of readTable(file, importColumns[kind])) {
    batch.push(row);
    if (batch.length < batchSize) continue;
    yield* await importBatch({ directory, access, branch, kind, isDryRun, seen }, batch);
    batch = [];
  }
  yield* await importBatch({ directory, access, branch, kind, isDryRun, seen }, batch);
}

interface Import extends DirectoryImport {
  directory: Directory;
  access: Access;
  branch: Branch;
  /** The line on which each key stood. */
  seen: Map<string, number>;
}

/** Of a dry run, thrown to take back what was written. */
class TakenBack extends Error {
  readonly rows: ImportedRow[];
  constructor(rows: ImportedRow[]) {
    super('A dry run is taken back.');
    this.rows = rows;
  }
}

/** Rows share a transaction while all goes well; where the database refuses one, the batch is done again row by row. */
async function importBatch(run: Import, rows: readonly TableRow<string>[]): Promise<ImportedRow[]> {
  if (rows.length === 0) return [];
  const before = new Map(run.seen);
  try {
    return await inTransaction(run.directory.pool, async (transaction) => {
      // A transaction that is tried again has seen none of its rows.
      run.seen = new Map(before);
      await lockDirectory(transaction);
      const done: ImportedRow[] = [];
      for (const row of rows) done.push(await importRow(run, transaction, row));
      if (run.isDryRun) throw new TakenBack(done);
      return done;
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.rows;
    if (!(error instanceof Failure)) throw error;
    const [row] = rows;
    if (rows.length === 1 && row) return [refused(run.kind, row, error)];
    run.seen = new Map(before);
    const done: ImportedRow[] = [];
    for (const one of rows) done.push(...(await importBatch(run, [one])));
    return done;
  }
}

async function importRow(run: Import, transaction: Transaction, row: TableRow<string>): Promise<ImportedRow> {
  let write: DirectoryWrite;
  try {
    const planned = await planners[run.kind]({ ...run, transaction }, row.cells);
    const line = run.seen.get(planned.key);
    if (line !== undefined && line !== row.line) {
      throw new Failure('conflict', `Line ${line} is about the same. Leave one of them.`);
    }
    run.seen.set(planned.key, row.line);
    write = planned.write;
    await run.directory.validator.check(write.resource);
  } catch (error) {
    if (error instanceof Failure) return refused(run.kind, row, error);
    throw error;
  }
  const [outcome] = await writeResources(run.directory, transaction, run.access, [write]);
  const fate = outcome?.status === 'created' ? 'created' : outcome?.status === 'updated' ? 'updated' : 'unchanged';
  return { line: row.line, key: keyOf(run.kind, row), fate, reference: `${write.type}/${write.id}` };
}

const keyOf = (kind: ImportKind, { cells }: TableRow<string>): string =>
  importColumns[kind]
    .filter(({ isRequired }) => isRequired)
    .map(({ name }) => cells[name])
    .join(' ')
    .slice(0, 120);

function refused(kind: ImportKind, row: TableRow<string>, failure: Failure): ImportedRow {
  const problems = failure.issues.map(({ expression = '', diagnostics }) => ({
    column: importColumns[kind].find(({ name }) => name === expression)?.headings[0] ?? '',
    text: diagnostics,
  }));
  return { line: row.line, key: keyOf(kind, row), fate: 'refused', problems };
}
