import { Failure } from '#lib/failure.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import type { Search } from '../search/index.ts';
import type { Store } from '../store/index.ts';
import { refuseBroken } from '../validation/index.ts';
import { FileProgress } from './file-progress.ts';
import { type FindMatches, ReferenceFinder } from './find-references.ts';
import { findInputs, type InputFile } from './input/find-inputs.ts';
import type { ResourceCheck } from './parse-item.ts';
import { Pipeline } from './pipeline.ts';
import { analyzeRecord, forgetFiles, lockFiles, saveFiles, selectFiles, unlockFiles } from './queries.ts';
import { writeReport } from './report.ts';
import type { SettleDependencies } from './settle-batch.ts';
import { settleDeferred } from './settle-deferred.ts';
import type { Counts } from './tally.ts';

export interface ImporterDependencies {
  /** At least four connections. */
  pool: Pool;
  store: Store;
  search: Pick<Search, 'findMatches'>;
  /** Refuses what breaks a rule of R4 unless it is said otherwise. */
  check?: ResourceCheck | undefined;
}

export interface ImportProgress {
  /** Settled so far, by this run and those that it continues. */
  resources: number;
  bytesRead: number;
  bytesTotal: number;
}

export interface ImportOptions {
  /** File for what was not stored; it is only made when there is something to say. */
  report: string;
  onProgress?: (progress: ImportProgress) => void;
  /** Stops at the next batch; the same import then goes on from there. */
  signal?: AbortSignal;
}

export interface ImportSummary {
  counts: Counts;
  /** Everything but what was rejected or ignored. */
  accepted: number;
  rejected: number;
  ignored: number;
  /** An earlier run had been broken off, and its counts are part of these. */
  isContinued: boolean;
}

export interface Importer {
  /** Brings in files and folders. Fails before anything is read when a path is wrong or is being imported already. */
  importFiles(paths: readonly string[], options: ImportOptions): Promise<ImportSummary>;
}

/** From so many new resources on, the planner's statistics are worth renewing at once. */
const manyResources = 10_000;

export function createImporter({ pool, store, search, check = refuseBroken }: ImporterDependencies): Importer {
  const findMatches: FindMatches = (connection, type, query) =>
    search.findMatches(connection, { type, query, restriction: undefined });
  return {
    async importFiles(paths, options) {
      const files = findInputs(paths);
      const session = await pool.connect();
      try {
        await holdFiles(session, files);
        const deps = { pool, store, check, findMatches, finder: new ReferenceFinder(pool, findMatches) };
        const summary = await importHeld(deps, session, files, options);
        await unlockFiles(session);
        return summary;
      } finally {
        session.release();
      }
    },
  };
}

async function holdFiles(session: Transaction, files: readonly InputFile[]): Promise<void> {
  const taken = await lockFiles(session, identitiesOf(files));
  const file = files.find(({ identity }) => identity === taken[0]);
  if (!file) return;
  await unlockFiles(session);
  throw new Failure('conflict', `${file.path} is being imported by another process. Wait until it has ended.`);
}

const bytesOf = (files: readonly InputFile[]) => files.reduce((sum, { byteLength }) => sum + byteLength, 0);

const identitiesOf = (files: readonly InputFile[]) => files.map(({ identity }) => identity);

async function importHeld(
  deps: SettleDependencies,
  session: Transaction,
  files: readonly InputFile[],
  options: ImportOptions,
): Promise<ImportSummary> {
  const { pool } = deps;
  const progress = new FileProgress(files, await selectFiles(pool, identitiesOf(files)));
  const save = async () => {
    const rows = progress.takeUnsaved();
    if (rows.length > 0) await saveFiles(session, rows);
  };
  try {
    await readAll(deps, files, progress, options);
  } catch (error) {
    if (options.signal?.aborted) await save();
    throw error;
  }
  await save();
  const bytesTotal = bytesOf(files);
  await settleDeferred(deps, files, progress, () =>
    options.onProgress?.({ resources: progress.total.total(), bytesRead: bytesTotal, bytesTotal }),
  );
  await writeReport(pool, files, options.report);
  await forgetFiles(session, identitiesOf(files));
  const { total } = progress;
  if (total.total('created', 'updated', 'deleted') >= manyResources) await analyzeRecord(pool);
  return {
    counts: total.counts,
    accepted: total.total() - total.total('rejected', 'ignored'),
    rejected: total.total('rejected'),
    ignored: total.total('ignored'),
    isContinued: progress.isContinued,
  };
}

async function readAll(
  deps: SettleDependencies,
  files: readonly InputFile[],
  progress: FileProgress,
  { onProgress, signal = new AbortController().signal }: ImportOptions,
): Promise<void> {
  const bytesTotal = bytesOf(files);
  let bytesBefore = 0;
  let bytesRead = 0;
  const tell = () => onProgress?.({ resources: progress.total.total(), bytesRead, bytesTotal });
  const pipeline = new Pipeline(deps, progress, tell);
  try {
    for (const file of files) {
      await pipeline.readFile(file, (bytes) => (bytesRead = bytesBefore + bytes), signal);
      bytesBefore += file.byteLength;
      bytesRead = bytesBefore;
    }
  } finally {
    await pipeline.end();
  }
}
