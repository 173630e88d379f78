import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type ExportRequest,
  type ExportResult,
  type ExportState,
  parseExportRequest,
  writeExport,
} from '#fhir/bulk/index.ts';
import { readOperationInput } from '#fhir/rest/operation-input.ts';
import { Failure } from '#lib/failure.ts';
import { createFolderStorage } from '#lib/object-storage/index.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import { type Config, readConfig } from '../server/config.ts';
import { wire } from '../server/wire.ts';
import { openRecord } from './open-record.ts';
import { readArguments } from './read-arguments.ts';

const exportUsage = `meridian export <folder> [--type <type>]... [--since <instant>] [--filter <search>]...

Writes resources into NDJSON files in the folder, a file for each resource type, as they are at the start of the export.
An export that was broken off goes on where it stopped when the same command is given again.

  --type <type>      only these resource types: --type Patient,Observation or several times
  --since <instant>  only what was written after it, such as 2026-11-25T08:00:00Z, and what was deleted since
  --filter <search>  of a type only what meets a search: --filter "Observation?status=final"`;

const connections = 4;

const options = {
  type: { type: 'string', multiple: true },
  since: { type: 'string' },
  filter: { type: 'string', multiple: true },
} as const;
const stateName = 'unfinished-export';
/** Without an ending that the import takes for a resource. */
const manifestName = 'manifest';

/** Returns the exit code. */
export async function exportCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options);
  if (values.help) {
    console.log(exportUsage);
    return 0;
  }
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Failure('required', 'Name one folder to write to.');
  const request = toRequest(values);
  const config = readConfig();
  const database = await openRecord(config);
  try {
    const result = await exportTo(database.connectionString, config, resolve(folder), request);
    announce(result, folder);
    return 0;
  } finally {
    await database.stop();
  }
}

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

function toRequest({ type = [], since, filter = [] }: Values): ExportRequest {
  const parameters = [
    ...type.map((value) => ['_type', value] as const),
    ...(since === undefined ? [] : [['_since', since] as const]),
    ...filter.map((value) => ['_typeFilter', value] as const),
  ];
  return parseExportRequest({ level: 'system', input: readOperationInput({ parameters }), isLenient: false });
}

interface Kept {
  request: ExportRequest;
  state: ExportState;
}

/** Where the export of this folder stopped; undefined when nothing is there. */
function readState(folder: string, request: ExportRequest): ExportState | undefined {
  const path = join(folder, stateName);
  if (!existsSync(path)) {
    if (existsSync(join(folder, manifestName))) {
      throw new Failure('conflict', `${folder} holds an export already. Name another folder, or remove it.`);
    }
    return undefined;
  }
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept;
  if (JSON.stringify(kept.request) === JSON.stringify(request)) return kept.state;
  throw new Failure('conflict', `${folder} holds another unfinished export. Give its command again, or remove it.`);
}

function keepState(folder: string, kept: Kept): void {
  const path = join(folder, stateName);
  writeFileSync(`${path}.new`, JSON.stringify(kept));
  renameSync(`${path}.new`, path);
}

async function exportTo(
  connectionString: string,
  config: Config,
  folder: string,
  request: ExportRequest,
): Promise<ExportResult> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const state = readState(folder, request);
  const services = wire(connectionString, connections, 'meridian export', config.MERIDIAN_TEXT_SEARCH);
  const bar = createProgressBar('Exporting', process.stderr);
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Failure('transient', 'Stopped. The same command goes on from here.'));
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const result = await writeExport(
      { ...services.fhir(''), storage: createFolderStorage(folder) },
      {
        id: 'export',
        request,
        state,
        restriction: undefined,
        signal: stop.signal,
        save: async (reached) => keepState(folder, { request, state: reached }),
        onProgress: ({ resources, total }) =>
          bar.update({ done: resources, unit: 'resources', ...(total !== undefined && { total }) }),
      },
    );
    finish(folder, result);
    return result;
  } finally {
    bar.end();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await services.stop();
  }
}

/** The files stand in the folder itself in the end, with a manifest like that of the operation. */
function finish(folder: string, { transactionTime, files }: ExportResult): void {
  for (const { name } of files) {
    const path = join(folder, 'export', name);
    if (existsSync(path)) renameSync(path, join(folder, name));
  }
  const list = files.map(({ kind, type, name, count }) => ({ kind, type, name, count }));
  const manifest = { transactionTime: new Date(transactionTime / 1000).toISOString(), files: list };
  writeFileSync(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
  rmSync(join(folder, stateName));
  rmSync(join(folder, 'export'), { recursive: true, force: true });
}

const number = new Intl.NumberFormat('en');

function announce({ transactionTime, files }: ExportResult, folder: string): void {
  const count = files.filter(({ kind }) => kind === 'output').reduce((sum, file) => sum + file.count, 0);
  const instant = new Date(transactionTime / 1000).toISOString();
  console.log(
    `${number.format(count)} resources in ${number.format(files.length)} files in ${folder}, as of ${instant}.`,
  );
  console.log(`The next export goes on from there: --since ${instant}`);
}
