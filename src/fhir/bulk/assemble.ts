import type { AnyTask } from '#lib/jobs/index.ts';
import type { ObjectStorage } from '#lib/object-storage/index.ts';
import type { Operation } from '../rest/operation.ts';
import type { Store } from '../store/index.ts';
import { type ExportTaskDependencies, exportOperations, removeExportTask, writeExportTask } from './export/index.ts';
import { importOperations, removeImportTask, runImportTask } from './import-operation/index.ts';
import type { ResourceCheck } from './parse-item.ts';

export interface BulkOptions extends Pick<ExportTaskDependencies, 'fileLength' | 'pieceLength'> {
  /** Of the files of exports, and what imports have to tell. */
  storage: ObjectStorage;
  /** How long files are there after an export or import has ended. */
  keepHours: number;
  /** Folder on this machine for files while they are imported. */
  workFolder: string;
  /** Addresses below which files may be imported; without any, nothing may be. */
  importSources: readonly string[];
}

export type BulkDependencies = Omit<ExportTaskDependencies, 'storage' | 'keepHours'> & {
  store: Store;
  /** Of what is imported. */
  check?: ResourceCheck;
};

/** The operations for bulk data, and the background work that they leave. */
export function createBulk(
  deps: BulkDependencies,
  { storage, keepHours, workFolder, importSources: prefixes, ...lengths }: BulkOptions,
): { operations: Operation[]; tasks: AnyTask[] } {
  const exporting = { ...deps, ...lengths, storage, keepHours };
  const importing = { ...deps, storage, keepHours, workFolder, prefixes };
  return {
    operations: [...exportOperations({ storage, keepHours }), ...importOperations({ storage, keepHours, prefixes })],
    tasks: [
      writeExportTask(exporting),
      removeExportTask(exporting),
      runImportTask(importing),
      removeImportTask(importing),
    ],
  };
}
