import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { operatorAccess } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { type ImportKind, importDirectory, importKinds, installSearchParameters } from '#modules/directory/index.ts';
import { importDivisions, loadDivisions } from '#modules/division/index.ts';
import { readConfig } from '../server/config.ts';
import { validationPolicy } from '../server/validation-policy.ts';
import { type Services, wire } from '../server/wire.ts';
import { openRecord } from './open-record.ts';
import { readArguments } from './read-arguments.ts';

const usage = `meridian directory import <kind> <file> [--dry-run]

Takes a CSV file into the directory, row by row, and prints each row that was refused, with what to do. The same file can
be sent again: what is there already stays as it is. UTF-8 and GB18030 are understood.

  <kind>     ${importKinds.join(', ')}
             or divisions: villages, and what has changed since the tables of codes (code, name, parent, valid_from,
             valid_until, successors)
  --dry-run  says what would happen, and changes nothing

Exit code: 0 everything is in, 2 some rows were refused, 1 the import failed.`;

const connections = 4;

interface Row {
  line: number;
  key: string;
  fate: string;
  problem?: string;
  problems?: { column: string; text: string }[];
}

/** Returns the exit code. */
export async function directoryCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { 'dry-run': { type: 'boolean', default: false } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [verb, kind = '', file = ''] = positionals;
  if (verb !== 'import' || file === '' || positionals.length > 3) {
    throw new Failure('required', `Say what to import, and from which file.\n\n${usage}`);
  }
  if (kind !== 'divisions' && !importKinds.some((known) => known === kind)) {
    throw new Failure('value', `What can be imported are: ${[...importKinds, 'divisions'].join(', ')}.`);
  }
  await access(file).catch(() => {
    throw new Failure('not-found', `There is no file ${file}.`);
  });
  const config = readConfig();
  const database = await openRecord(config);
  const services = wire(database.connectionString, connections, 'meridian directory', config.MERIDIAN_TEXT_SEARCH);
  try {
    const fhir = services.fhir('', { validation: validationPolicy(config) });
    await fhir.reindex.start();
    await loadDivisions(services.pool);
    await installSearchParameters(fhir);
    return await announce(rowsOf(services, fhir, { kind, file, isDryRun: values['dry-run'] }));
  } finally {
    await services.stop();
    await database.stop();
  }
}

function rowsOf(
  { pool }: Services,
  fhir: ReturnType<Services['fhir']>,
  { kind, file, isDryRun }: { kind: string; file: string; isDryRun: boolean },
): AsyncIterable<Row> {
  const bytes = createReadStream(file);
  if (kind === 'divisions') return importDivisions({ pool, mayChange: () => true, isDryRun }, bytes);
  return importDirectory(fhir, operatorAccess, { kind: kind as ImportKind, isDryRun }, bytes);
}

async function announce(rows: AsyncIterable<Row>): Promise<number> {
  const counts: Record<string, number> = {};
  for await (const { line, key, fate, problem, problems } of rows) {
    counts[fate] = (counts[fate] ?? 0) + 1;
    if (fate !== 'refused') continue;
    console.log(`Line ${line}, ${key}:`);
    if (problem) console.log(`  ${problem}`);
    for (const { column, text } of problems ?? []) console.log(`  ${column === '' ? '' : `${column}: `}${text}`);
  }
  const text = Object.entries(counts).map(([fate, count]) => `${count} ${fate}`);
  console.log(text.length > 0 ? `${text.join(', ')}.` : 'The file has no rows.');
  return counts.refused ? 2 : 0;
}
