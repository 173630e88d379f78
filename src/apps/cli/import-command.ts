import { createImporter, type ImportSummary } from '#fhir/bulk/index.ts';
import { Failure } from '#lib/failure.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import { type Config, readConfig } from '../server/config.ts';
import { validationPolicy } from '../server/validation-policy.ts';
import { wire } from '../server/wire.ts';
import { openRecord } from './open-record.ts';
import { printSummary } from './print-summary.ts';
import { readArguments } from './read-arguments.ts';

const importUsage = `meridian import <file or folder>... [--report <file>]

Brings FHIR R4 resources into the record: Bundles and single resources (.json), or one of them a line (.ndjson),
gzipped or not; of folders, all such files. The same input can be imported again: what is there already stays as it is,
and an import that was broken off goes on where it stopped.

  --report <file>  where to write, one JSON object a line, what was not stored and why
                   (import-report-<time>.ndjson in this folder, unless told otherwise)

Exit code: 0 everything is in, 2 some resources were rejected, 1 the import failed.`;

const connections = 8;

/** Returns the exit code. */
export async function importCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { report: { type: 'string' } });
  if (values.help) {
    console.log(importUsage);
    return 0;
  }
  if (positionals.length === 0) throw new Failure('required', 'Name a file or folder to import.');
  const report = values.report ?? `import-report-${new Date().toISOString().replaceAll(/[-:]|\..*/g, '')}.ndjson`;
  const config = readConfig();
  const database = await openRecord(config);
  try {
    const summary = await importInto(database.connectionString, positionals, report, config);
    return announce(summary, report);
  } finally {
    await database.stop();
  }
}

async function importInto(
  connectionString: string,
  paths: string[],
  report: string,
  config: Config,
): Promise<ImportSummary> {
  const services = wire(connectionString, connections, 'meridian import', config.MERIDIAN_TEXT_SEARCH);
  const { pool, store, search, validator, reindex } = services.fhir('', { validation: validationPolicy(config) });
  const bar = createProgressBar('Importing', process.stderr);
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Failure('transient', 'Stopped. The same command goes on from here.'));
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    // So that an empty record is known to be indexed by these rules.
    await reindex.start();
    return await createImporter({ pool, store, search, check: validator.checkAtOnce }).importFiles(paths, {
      report,
      signal: stop.signal,
      onProgress: ({ resources, bytesRead, bytesTotal }) =>
        bar.update({ done: resources, unit: 'resources', share: bytesTotal > 0 ? bytesRead / bytesTotal : 1 }),
    });
  } finally {
    bar.end();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await services.stop();
  }
}

function announce(summary: ImportSummary, report: string): number {
  const { rejected, ignored, isContinued } = summary;
  if (isContinued) console.log('An import that had been broken off was continued; its counts are included.\n');
  console.log(printSummary(summary));
  if (rejected + ignored > 0) console.log(`What was not stored, and why: ${report}`);
  return rejected > 0 ? 2 : 0;
}
