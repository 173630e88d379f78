import { Failure } from '#lib/failure.ts';
import type { Jobs, RunningJob, Task } from '#lib/jobs/index.ts';
import { type Access, type Actor, restrictionOf } from '../../access/index.ts';
import type { ExportRequest, ExportResult } from './export-request.ts';
import { deleteMembers } from './queries.ts';
import { type ExportDependencies, type ExportState, writeExport } from './write-export.ts';

declare module '#lib/jobs/task.ts' {
  interface Tasks {
    'fhir.write-export': { payload: ExportPayload; progress: ExportState & { title: string }; result: ExportResult };
    'fhir.remove-export': { payload: { id: string; isWanted: boolean }; result: null };
  }
}

export interface ExportPayload {
  request: ExportRequest;
  /** Address of the request. */
  url: string;
  /** Who asked: what they may read while it is written is exported. */
  actor: Actor;
}

export interface ExportTaskDependencies extends ExportDependencies {
  jobs: Jobs;
  /** How long the files of an export are there. */
  keepHours: number;
  /** What an actor may do now; undefined for nothing any more. */
  accessOf: (actor: Actor) => Promise<Access | undefined>;
}

export function writeExportTask(deps: ExportTaskDependencies): Task<'fhir.write-export'> {
  return {
    name: 'fhir.write-export',
    meaning: 'Writes the files of a bulk export.',
    attempts: 5,
    async run({ id, payload, progress, signal, save }: RunningJob<'fhir.write-export'>) {
      const access = await deps.accessOf(payload.actor);
      if (!access) throw new Failure('forbidden', 'Whoever asked for the export may not do so any more.');
      let title = progress?.title ?? 'starting';
      return writeExport(deps, {
        id,
        request: payload.request,
        restriction: restrictionOf(access, 'search'),
        state: progress,
        signal,
        save: (state) => save({ ...state, title }),
        onProgress: (reached) => {
          title = reached.title;
        },
      });
    },
  };
}

const hourMs = 3_600_000;

/** How long after the start of an export its files are looked after for the first time. */
export const firstLookMs = ({ keepHours }: Pick<ExportTaskDependencies, 'keepHours'>): number => keepHours * hourMs;

export const expiresAt = (endedAt: Date, keepHours: number): Date => new Date(endedAt.getTime() + keepHours * hourMs);

/** For so long, files of a job must stay; while it still runs, until somebody looks again. */
export function timeLeftMs(
  job: { endedAt: Date | undefined } | undefined,
  isWanted: boolean,
  keepHours: number,
  now: number,
): number {
  if (!job) return 0;
  if (!job.endedAt) return isWanted ? Math.min(hourMs, keepHours * hourMs) : 1000;
  return isWanted ? expiresAt(job.endedAt, keepHours).getTime() - now : 0;
}

/** Removes what an export has left: once nobody wants it any more, or its time is over. Otherwise looks again later. */
export function removeExportTask({
  pool,
  jobs,
  storage,
  keepHours,
  now,
}: ExportTaskDependencies): Task<'fhir.remove-export'> {
  return {
    name: 'fhir.remove-export',
    meaning: 'Removes the files of a bulk export when it was cancelled or its time is over.',
    attempts: 20,
    async run({ payload }) {
      const { id, isWanted } = payload;
      const found = await jobs.read('fhir.write-export', id);
      const leftMs = timeLeftMs(found, isWanted, keepHours, now());
      if (leftMs > 0) {
        await jobs.enqueue(pool, 'fhir.remove-export', payload, { delayMs: leftMs });
        return null;
      }
      await storage.removeFolder(id);
      await deleteMembers(pool, id);
      await jobs.forget('fhir.write-export', id);
      return null;
    },
  };
}
