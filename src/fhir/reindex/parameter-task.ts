import { Failure } from '#lib/failure.ts';
import type { RunningJob, Task } from '#lib/jobs/index.ts';
import { inTransaction, type Pool, type Transaction } from '#lib/postgres/pool.ts';
import {
  type CustomParameter,
  deleteParameter,
  holdState,
  lockRules,
  type ParameterBook,
  type ParameterState,
  raiseGeneration,
  savePercent,
  updateState,
} from '../search-parameters/index.ts';
import type { Store } from '../store/index.ts';
import { deleteEntries } from '../store/index-again/index.ts';
import { waitForOldWriters } from './old-writers.ts';
import { estimateAll, percentOf, walk, withLocked } from './walk.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'fhir.index-parameter': {
      payload: { parameter: number; state: ParameterState };
      progress: ParameterProgress;
      result: { resources: number; isComplete: boolean };
    };
  }
}

export interface ParameterProgress {
  /** All resources up to this rid are done. */
  after: number;
  /** Resources that were looked at. */
  seen: number;
  /** About how many there are. */
  total: number;
}

export interface ReindexDependencies {
  pool: Pool;
  store: Store;
  parameters: ParameterBook;
}

/** In the place of a percentage: a resource has values of which no rows can be made. */
const hasFailed = -1;

/** Somebody deleted the parameter, or wrote another definition. */
class Superseded extends Error {}

type Job = RunningJob<'fhir.index-parameter'>;

export function indexParameterTask(deps: ReindexDependencies): Task<'fhir.index-parameter'> {
  return {
    name: 'fhir.index-parameter',
    meaning: 'Indexes stored resources for a search parameter that was created, or removes the rows of a deleted one.',
    attempts: 20,
    atATime: 2,
    async run(job) {
      const rules = await deps.parameters.refresh();
      const parameter = rules.parameters.find(({ number }) => number === job.payload.parameter);
      if (parameter?.state !== job.payload.state) return { resources: 0, isComplete: false };
      try {
        const resources = await indexAll(deps, job, parameter);
        await finish(deps, parameter);
        return { resources, isComplete: true };
      } catch (error) {
        if (error instanceof Superseded) return { resources: 0, isComplete: false };
        if (error instanceof Failure && error.code === 'too-costly') {
          await savePercent(deps.pool, parameter.number, hasFailed);
        }
        throw error;
      }
    },
  };
}

async function indexAll(deps: ReindexDependencies, job: Job, parameter: CustomParameter): Promise<number> {
  const { pool, store } = deps;
  const types = [...parameter.planned.keys()];
  let progress = job.progress;
  if (!progress) {
    await waitForOldWriters(pool, job.signal);
    progress = { after: 0, seen: 0, total: await estimateAll(pool, types) };
    await job.save(progress);
  }
  for await (const page of walk(pool, types, progress.after, job.signal)) {
    const rids = await store.indexAgain.having(parameter, page.rows);
    await withLocked(pool, rids, async (transaction, rows) => {
      await requireState(transaction, parameter);
      if (parameter.state === 'removing') await store.indexAgain.remove(transaction, parameter, rows);
      else await store.indexAgain.add(transaction, parameter, rows);
    });
    progress = { ...progress, after: page.last, seen: progress.seen + page.rows.length };
    await job.save(progress);
    await savePercent(pool, parameter.number, percentOf(progress.seen, progress.total));
  }
  return progress.seen;
}

/** Until the transaction ends, the parameter stays what it is. */
async function requireState(transaction: Transaction, { number, state }: CustomParameter): Promise<void> {
  if ((await holdState(transaction, number)) !== state) throw new Superseded();
}

const entriesAtATime = 5000;

async function finish({ pool, parameters }: ReindexDependencies, parameter: CustomParameter): Promise<void> {
  const { number, state, ownPaths } = parameter;
  if (state === 'removing') {
    while ((await deleteEntries(pool, [...ownPaths], entriesAtATime)) > 0);
  }
  await inTransaction(pool, async (transaction) => {
    await lockRules(transaction);
    await requireState(transaction, parameter);
    if (state === 'removing') await deleteParameter(transaction, number);
    else await updateState(transaction, number, 'active');
    await raiseGeneration(transaction);
  });
  parameters.expire();
}
