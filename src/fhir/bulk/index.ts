export type { BulkOptions } from './assemble.ts';
export {
  type ExportRequest,
  type ExportResult,
  type ExportState,
  parseExportRequest,
  writeExport,
} from './export/index.ts';
export { checkPrefix } from './import-operation/index.ts';
export {
  createImporter,
  type Importer,
  type ImporterDependencies,
  type ImportOptions,
  type ImportProgress,
  type ImportSummary,
} from './importer.ts';
export type { Counts, Fate } from './tally.ts';
