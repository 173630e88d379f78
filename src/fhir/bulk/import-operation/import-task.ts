import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import type { Jobs, RunningJob, Task } from '#lib/jobs/index.ts';
import type { ObjectStorage } from '#lib/object-storage/index.ts';
import type { Actor } from '../../access/index.ts';
import { timeLeftMs } from '../export/index.ts';
import { createImporter, type ImporterDependencies } from '../importer.ts';
import type { Counts } from '../tally.ts';
import { type FetchOptions, fetchSource, fetchText } from './fetch-source.ts';
import { type ImportInput, type ImportRequest, inputsOfManifest } from './parse-request.ts';
import { allowFile, allowSource } from './sources.ts';
import { type ErrorFile, writeErrors } from './write-errors.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'fhir.run-import': { payload: ImportPayload; progress: ImportState; result: ImportResult };
    'fhir.remove-import': { payload: { id: string; isWanted: boolean }; result: null };
  }
}

export interface ImportPayload {
  /** Who asked. */
  actor: Actor;
  request: ImportRequest;
  /** Address of the request. */
  url: string;
}

export interface ImportState {
  title: string;
  resources: number;
  bytesRead: number;
}

export interface ImportResult {
  /** Milliseconds since 1970 UTC. */
  endedAt: number;
  counts: Counts;
  errors: ErrorFile | null;
}

export interface ImportTaskDependencies extends ImporterDependencies {
  jobs: Jobs;
  /** Of the error files. */
  storage: ObjectStorage;
  /** Folder on this machine for files while they are imported. */
  workFolder: string;
  /** Addresses below which files may be imported. */
  prefixes: readonly string[];
  keepHours: number;
  now: () => number;
}

const longestManifest = 16 * 1024 * 1024;
const saveEveryMs = 2000;

export function runImportTask(deps: ImportTaskDependencies): Task<'fhir.run-import'> {
  return {
    name: 'fhir.run-import',
    meaning: 'Brings in the files of a bulk import.',
    attempts: 5,
    run: (job) => new Import(deps, job).run(),
  };
}

class Import {
  readonly #deps: ImportTaskDependencies;
  readonly #job: RunningJob<'fhir.run-import'>;
  readonly #folder: string;
  #state: ImportState = { title: 'starting', resources: 0, bytesRead: 0 };
  #savedAt = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(deps: ImportTaskDependencies, job: RunningJob<'fhir.run-import'>) {
    this.#deps = deps;
    this.#job = job;
    this.#folder = join(deps.workFolder, job.id);
  }

  async run(): Promise<ImportResult> {
    const { storage, now } = this.#deps;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const inputs = await this.#inputs();
    const addresses = new Map<string, string>();
    for (const [index, { url }] of inputs.entries()) {
      addresses.set(await this.#bringIn(url, index, inputs.length), url);
    }
    const report = join(this.#folder, 'report.ndjson');
    await rm(report, { force: true });
    const counts = await this.#importFiles([...addresses.keys()], report);
    const errors = await writeErrors(storage, report, `${this.#job.id}/errors.ndjson`, addresses);
    await this.#saving.catch(() => {});
    await rm(this.#folder, { recursive: true, force: true });
    return { endedAt: now(), counts, errors: errors ?? null };
  }

  async #importFiles(paths: string[], report: string): Promise<Counts> {
    try {
      const { counts } = await createImporter(this.#deps).importFiles(paths, {
        report,
        signal: this.#job.signal,
        onProgress: ({ resources, bytesRead }) => this.#tell({ title: 'importing', resources, bytesRead }),
      });
      return counts;
    } catch (error) {
      // Another process still has the files: most likely the one that had this job before.
      if (error instanceof Failure && error.code === 'conflict') throw new Failure('transient', error.message);
      throw error;
    }
  }

  async #inputs(): Promise<readonly ImportInput[]> {
    const { prefixes } = this.#deps;
    const { inputs, manifest } = this.#job.payload.request;
    if (manifest === undefined) return inputs;
    const url = allowSource(manifest, prefixes);
    if (url.protocol === 'file:') {
      throw new Failure('value', 'Name the manifest by an https address; files in a folder can be named as inputs.');
    }
    return inputsOfManifest(await fetchText(manifest, this.#fetching('manifest'), longestManifest), manifest, prefixes);
  }

  /** The path of an input on this machine. */
  async #bringIn(address: string, index: number, count: number): Promise<string> {
    const url = allowSource(address, this.#deps.prefixes);
    if (url.protocol === 'file:') return allowFile(url, this.#deps.prefixes);
    const path = join(this.#folder, `${String(index + 1).padStart(5, '0')}.ndjson`);
    await fetchSource(address, path, this.#fetching(`file ${index + 1} of ${count}`));
    return path;
  }

  #fetching(what: string): FetchOptions {
    return {
      prefixes: this.#deps.prefixes,
      signal: this.#job.signal,
      onBytes: (bytesRead) => this.#tell({ title: `fetching ${what}`, resources: 0, bytesRead }),
    };
  }

  /** Saved now and then; whoever has lost the job hears of it by the signal. */
  #tell(state: ImportState): void {
    this.#state = state;
    const now = performance.now();
    if (now - this.#savedAt < saveEveryMs) return;
    this.#savedAt = now;
    this.#saving = this.#job.save(this.#state);
    this.#saving.catch(() => {});
  }
}

/** Removes what an import has left, once nobody wants it or its time is over. Otherwise looks again later. */
export function removeImportTask({
  pool,
  jobs,
  storage,
  workFolder,
  keepHours,
  now,
}: ImportTaskDependencies): Task<'fhir.remove-import'> {
  return {
    name: 'fhir.remove-import',
    meaning: 'Removes the error file of a bulk import, and what it has fetched, when its time is over.',
    attempts: 20,
    async run({ payload }) {
      const { id, isWanted } = payload;
      const found = await jobs.read('fhir.run-import', id);
      const leftMs = timeLeftMs(found, isWanted, keepHours, now());
      if (leftMs > 0) {
        await jobs.enqueue(pool, 'fhir.remove-import', payload, { delayMs: leftMs });
        return null;
      }
      await storage.removeFolder(id);
      await rm(join(workFolder, id), { recursive: true, force: true });
      await jobs.forget('fhir.run-import', id);
      return null;
    },
  };
}
