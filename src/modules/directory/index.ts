export { branchToEdit } from './branch.ts';
export type { Directory } from './dependencies.ts';
export { type ImportKind, importKinds } from './import/columns.ts';
export { type ImportedRow, importDirectory } from './import/import-directory.ts';
export { registerDirectory } from './routes.ts';
export { directoryParameters, installSearchParameters } from './search-parameters.ts';
