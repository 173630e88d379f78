import type { RunningJob, Task } from '#lib/jobs/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { resourceTypes } from '../definitions/index.ts';
import { extractorVersion } from '../indexing/index.ts';
import { type IndexRules, noteRebuilt, type ParameterBook } from '../search-parameters/index.ts';
import { OldRules, ridRange } from '../store/index.ts';
import { forgetExpected, indexExpected, selectUnexpected, type TokenPosition } from '../store/index-again/index.ts';
import { waitForOldWriters } from './old-writers.ts';
import type { ReindexDependencies } from './parameter-task.ts';
import { estimateAll, type Page, walk, withLocked } from './walk.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'fhir.rebuild-index': { payload: { types: string[] }; progress: RebuildProgress; result: RebuildResult };
  }
}

export interface RebuildResult {
  /** Resources that were looked at. */
  resources: number;
  /** Of these, resources of which rows were missing, or others than they should be. */
  repaired: number;
  /** Entries for codes that nothing had any more. */
  removed: number;
}

export interface RebuildProgress extends RebuildResult {
  /** All resources up to this rid are done. */
  after: number;
  /** About how many there are. */
  total: number;
  /** Set once all resources are done: codes up to here are, too. */
  token?: TokenPosition;
}

type Job = RunningJob<'fhir.rebuild-index'>;

/**
 * Makes the index equal to one that is made from nothing but the resources, while they are read and written. Only what
 * differs is locked and written.
 */
export function rebuildIndexTask(deps: ReindexDependencies): Task<'fhir.rebuild-index'> {
  return {
    name: 'fhir.rebuild-index',
    meaning: 'Compares the search index with the resources, and puts right what differs.',
    attempts: 20,
    run: (job) => rebuild(deps, job),
  };
}

async function rebuild(deps: ReindexDependencies, job: Job): Promise<RebuildResult> {
  const { pool } = deps;
  const { types } = job.payload;
  let progress = job.progress ?? (await begin(deps, job));
  if (!progress.token) {
    progress = await repairAll(deps, job, progress);
    await inTransaction(pool, indexExpected);
    progress = { ...progress, token: firstToken };
    await job.save(progress);
  }
  progress = await removeUnexpected(deps, job, progress);
  await forgetExpected(pool);
  if (types.length === resourceTypes.length) await noteRebuilt(pool, extractorVersion);
  const { resources, repaired, removed } = progress;
  return { resources, repaired, removed };
}

async function begin({ pool }: ReindexDependencies, { payload, signal, save }: Job): Promise<RebuildProgress> {
  await waitForOldWriters(pool, signal);
  await forgetExpected(pool);
  const total = await estimateAll(pool, payload.types);
  const progress = { after: 0, resources: 0, repaired: 0, removed: 0, total };
  await save(progress);
  return progress;
}

async function repairAll(deps: ReindexDependencies, job: Job, before: RebuildProgress): Promise<RebuildProgress> {
  let progress = before;
  for await (const page of walk(deps.pool, job.payload.types, progress.after, job.signal)) {
    const repaired = await byCurrentRules(deps.parameters, (rules) => repairPage(deps, page, rules));
    progress = {
      ...progress,
      after: page.last,
      resources: progress.resources + page.rows.length,
      repaired: progress.repaired + repaired,
    };
    await job.save(progress);
  }
  return progress;
}

async function repairPage({ pool, store }: ReindexDependencies, page: Page, rules: IndexRules): Promise<number> {
  const rids = await store.indexAgain.differing(pool, page, page.rows, rules);
  await withLocked(pool, rids, (transaction, rows, gone) =>
    store.indexAgain.repair(transaction, [...rows.map(({ rid }) => rid), ...gone], rows, rules),
  );
  return rids.length;
}

const firstToken: TokenPosition = { key: '-9223372036854775808', rid: 0 };
const tokensAtATime = 20_000;

async function removeUnexpected(
  { pool, store, parameters }: ReindexDependencies,
  job: Job,
  before: RebuildProgress,
): Promise<RebuildProgress> {
  const ranges = job.payload.types.map(ridRange);
  const bounds = { firsts: ranges.map(({ first }) => first), lasts: ranges.map(({ last }) => last) };
  let progress = before;
  for (let token: TokenPosition | undefined = progress.token ?? firstToken; token; ) {
    job.signal.throwIfAborted();
    const { next, found } = await selectUnexpected(pool, token, tokensAtATime, bounds);
    const removals = new Map<number, number>();
    const rids = [...new Set(found.map(({ rid }) => rid))].sort((left, right) => left - right);
    await byCurrentRules(parameters, (rules) =>
      withLocked(pool, rids, async (transaction, rows, gone) => {
        const those = new Set([...rows.map(({ rid }) => rid), ...gone]);
        const tokens = found.filter(({ rid }) => those.has(rid));
        const removed = await store.indexAgain.removeTokens(transaction, tokens, rows, rules);
        // By the first of them, so that an attempt that was rolled back is not counted twice.
        removals.set(tokens[0]?.rid ?? 0, removed);
      }),
    );
    const removed = [...removals.values()].reduce((sum, count) => sum + count, 0);
    progress = { ...progress, removed: progress.removed + removed, token: next ?? token };
    await job.save(progress);
    token = next;
  }
  return progress;
}

const attempts = 5;

/** Runs again when search parameters have changed meanwhile. */
async function byCurrentRules<Result>(
  parameters: ParameterBook,
  run: (rules: IndexRules) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(await parameters.fresh());
    } catch (error) {
      if (!(error instanceof OldRules) || attempt === attempts) throw error;
      await parameters.refresh();
    }
  }
}
