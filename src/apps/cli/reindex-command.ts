import { setTimeout as sleep } from 'node:timers/promises';
import { isResourceType, resourceTypes } from '#fhir/definitions/index.ts';
import { type RebuildResult, reindexKey } from '#fhir/reindex/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { type Job, startWorker } from '#lib/jobs/index.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import { readConfig } from '../server/config.ts';
import { wire } from '../server/wire.ts';
import { openRecord } from './open-record.ts';
import { readArguments } from './read-arguments.ts';

const reindexUsage = `meridian reindex [--type <type>]...

Compares the search index with the resources, and puts right what differs, while a server may go on reading and writing.
When it is stopped, it goes on in a running server, or where it was when the same command is given again.

  --type <type>  only these resource types: --type Patient,Observation or several times`;

const connections = 4;

/** Returns the exit code. */
export async function reindexCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { type: { type: 'string', multiple: true } });
  if (values.help) {
    console.log(reindexUsage);
    return 0;
  }
  if (positionals.length > 0) throw new Failure('value', 'Name resource types by --type.');
  const types = readTypes(values.type ?? []);
  const config = readConfig();
  const database = await openRecord(config);
  const services = wire(database.connectionString, connections, 'meridian reindex', config.MERIDIAN_TEXT_SEARCH);
  try {
    announce(await reindex(services.fhir(''), types));
    return 0;
  } finally {
    await services.stop();
    await database.stop();
  }
}

function readTypes(values: readonly string[]): string[] {
  const types = [...new Set(values.flatMap((value) => value.split(',')))].sort();
  const unknown = types.find((type) => !isResourceType(type));
  if (unknown !== undefined) throw new Failure('value', `"${unknown}" is no resource type of FHIR R4.`);
  return types.length === 0 ? [...resourceTypes] : types;
}

/** The job belongs to all processes on the database; this one helps, and tells how far it is. */
async function reindex({ pool, jobs, tasks }: FhirContext, types: string[]): Promise<RebuildResult> {
  const id = await jobs.enqueue(pool, 'fhir.rebuild-index', { types }, { key: reindexKey(types) });
  const own = tasks.filter(({ name }) => name === 'fhir.rebuild-index');
  const worker = startWorker({ pool, jobs, tasks: own, pollMs: 200 });
  const bar = createProgressBar('Rebuilding the index', process.stderr);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    for (;;) {
      const job = await jobs.read('fhir.rebuild-index', id);
      if (job?.progress) {
        const { resources, total, token } = job.progress;
        bar.update({ done: resources, unit: 'resources', total: token ? resources : Math.max(total, resources + 1) });
      }
      if (!job || job.endedAt) return resultOf(job);
      if (stop.signal.aborted) throw new Failure('transient', 'Stopped. The same command goes on from here.');
      await sleep(100);
    }
  } finally {
    bar.end();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await worker.stop();
  }
}

function resultOf(job: Job<'fhir.rebuild-index'> | undefined): RebuildResult {
  if (job?.result) return job.result;
  const why = job?.failure ?? 'Somebody cancelled it.';
  throw new Failure('processing', `The index was not rebuilt to its end. ${why}`);
}

const number = new Intl.NumberFormat('en');

function announce({ resources, repaired, removed }: RebuildResult): void {
  console.log(
    `${number.format(resources)} resources were compared, ${number.format(repaired)} of them put right; ` +
      `${number.format(removed)} entries that nothing had any more were removed.`,
  );
}
