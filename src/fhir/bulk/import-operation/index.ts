export { type ImportTaskDependencies, removeImportTask, runImportTask } from './import-task.ts';
export { type ImportOperationDependencies, importOperations } from './operations.ts';
export { checkPrefix } from './sources.ts';
