import { type Column, readTable, type TableRow } from '#lib/csv/read-table.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import { kindOfCode, nationCode, parseDay, parseDivisionCode } from './division.ts';
import { describe } from './edition.ts';
import { endDivision, insertSuccessors, selectDivision, upsertDivisions } from './queries.ts';

type Name = 'code' | 'name' | 'parent' | 'validFrom' | 'validUntil' | 'successors';

export const divisionColumns: readonly Column<Name>[] = [
  { name: 'code', headings: ['code', '代码'], isRequired: true },
  { name: 'name', headings: ['name', '名称'], isRequired: true },
  { name: 'parent', headings: ['parent', '上级代码'], isRequired: false },
  { name: 'validFrom', headings: ['valid_from', '生效日期'], isRequired: false },
  { name: 'validUntil', headings: ['valid_until', '失效日期'], isRequired: false },
  { name: 'successors', headings: ['successors', '现代码'], isRequired: false },
];

export interface ImportedRow {
  line: number;
  /** What the row is about, as it stood there. */
  key: string;
  fate: 'stored' | 'unchanged' | 'refused';
  /** What is wrong, and what to do. */
  problem?: string;
}

export interface DivisionImport {
  pool: Pool;
  /** Whether whoever imports may change this code. */
  mayChange: (code: string) => boolean;
  isDryRun: boolean;
}

const source = 'import';

/** Thrown to take back a dry run. */
class TakenBack extends Error {
  readonly row: ImportedRow;
  constructor(row: ImportedRow) {
    super('A dry run is taken back.');
    this.row = row;
  }
}

/**
 * Takes villages, and what has changed since the edition: a row with `valid_until` ends what a code meant and names its
 * successors, any other one begins a meaning. Each row stands or falls alone; the same file twice changes nothing.
 */
export async function* importDivisions(
  { pool, mayChange, isDryRun }: DivisionImport,
  file: AsyncIterable<Uint8Array>,
): AsyncGenerator<ImportedRow> {
  for await (const row of readTable(file, divisionColumns)) {
    try {
      yield await inTransaction(pool, async (transaction) => {
        const done = await importRow(transaction, row, mayChange);
        if (isDryRun) throw new TakenBack(done);
        return done;
      });
    } catch (error) {
      if (error instanceof TakenBack) yield error.row;
      else if (error instanceof Failure) yield { ...nameOf(row), fate: 'refused', problem: error.message };
      else throw error;
    }
  }
}

const nameOf = ({ line, cells }: TableRow<Name>) => ({ line, key: `${cells.code} ${cells.name}`.trim().slice(0, 100) });

async function importRow(
  transaction: Transaction,
  row: TableRow<Name>,
  mayChange: (code: string) => boolean,
): Promise<ImportedRow> {
  const { cells } = row;
  const code = parseDivisionCode(cells.code);
  if (code === nationCode || !mayChange(code)) {
    throw new Failure('forbidden', `${code} lies outside the branch that you look after.`);
  }
  const changed =
    cells.validUntil === ''
      ? await begin(transaction, code, cells)
      : await end(transaction, code, parseDay(cells.validUntil, 'valid_until'), cells.successors);
  return { ...nameOf(row), fate: changed ? 'stored' : 'unchanged' };
}

async function begin(transaction: Transaction, code: string, cells: TableRow<Name>['cells']): Promise<boolean> {
  if (cells.name === '' || cells.name.length > 100) {
    throw new Failure('value', 'Give the name of the division, in 1 to 100 characters.');
  }
  const from = cells.validFrom === '' ? undefined : parseDay(cells.validFrom, 'valid_from');
  const today = from ?? '2999-12-31';
  const parent = cells.parent === '' ? parentOf(code) : parseDivisionCode(cells.parent);
  const above = await selectDivision(transaction, parent, today);
  if (!above) throw new Failure('not-found', `There is no division ${parent} above ${code}. Import it first.`);
  const known = await selectDivision(transaction, code, today);
  const isKnown = known !== undefined && known.validUntil === undefined;
  if (isKnown && known.name === cells.name && known.parent === parent) return false;
  if (isKnown && from !== undefined && known.validFrom !== from) await endDivision(transaction, code, from);
  // Without a day, a name is put right where it stands.
  const start = from ?? (isKnown ? known.validFrom : undefined);
  const division = describe({ code, name: cells.name, parent, from: start });
  return (await upsertDivisions(transaction, source, [division])) > 0;
}

async function end(transaction: Transaction, code: string, until: string, successors: string): Promise<boolean> {
  const known = await selectDivision(transaction, code, until);
  if (!known) throw new Failure('not-found', `There is no division ${code} to end.`);
  const followers = successors
    .split(/[\s;、]+/)
    .filter(Boolean)
    .map(parseDivisionCode);
  for (const follower of followers) {
    if (await selectDivision(transaction, follower, until)) continue;
    throw new Failure('not-found', `There is no division ${follower} to follow ${code}. Import it first.`);
  }
  const ended = await endDivision(transaction, code, until);
  await insertSuccessors(
    transaction,
    source,
    followers.map((successor) => ({ code, until, successor })),
  );
  return ended;
}

/** By the form of the code; a row says it where it is otherwise. */
function parentOf(code: string): string {
  const kind = kindOfCode(code);
  if (kind === 'village') return code.slice(0, 9);
  if (kind === 'township') return code.slice(0, 6);
  if (kind === 'county') return `${code.slice(0, 4)}00`;
  return kind === 'city' ? `${code.slice(0, 2)}0000` : nationCode;
}
