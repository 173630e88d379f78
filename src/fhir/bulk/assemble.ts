import type { AnyTask } from '#lib/jobs/index.ts';
import type { ObjectStorage } from '#lib/object-storage/index.ts';
import type { Operation, OperationRequest } from '../rest/operation.ts';
import { type ExportTaskDependencies, exportOperations, removeExportTask, writeExportTask } from './export/index.ts';

export interface BulkOptions {
  /** Of the files of exports. */
  storage: ObjectStorage;
  /** How long an export's files are there after it has ended. */
  keepHours: number;
  /** Fails unless whoever asks may have what this export holds; without it, everybody may who knows its id. */
  checkAccess?: (request: OperationRequest, id: string) => Promise<void>;
}

export type BulkDependencies = Omit<ExportTaskDependencies, 'storage' | 'keepHours'>;

/** The operations for bulk data, and the background work that they leave. */
export function createBulk(
  deps: BulkDependencies,
  { storage, keepHours, checkAccess = async () => {} }: BulkOptions,
): { operations: Operation[]; tasks: AnyTask[] } {
  const exporting: ExportTaskDependencies = { ...deps, storage, keepHours };
  return {
    operations: exportOperations({ storage, keepHours, checkAccess }),
    tasks: [writeExportTask(exporting), removeExportTask(exporting)],
  };
}
