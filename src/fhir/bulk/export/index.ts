export type { ExportRequest, ExportResult } from './export-request.ts';
export { type ExportTaskDependencies, removeExportTask, timeLeftMs, writeExportTask } from './export-task.ts';
export { type ExportOperationDependencies, exportOperations } from './operations.ts';
export { type Asked, parseExportRequest } from './parse-request.ts';
export { type ExportDependencies, type ExportState, writeExport } from './write-export.ts';
