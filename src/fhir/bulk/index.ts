export {
  createImporter,
  type Importer,
  type ImporterDependencies,
  type ImportOptions,
  type ImportProgress,
  type ImportSummary,
} from './importer.ts';
export type { Counts, Fate } from './tally.ts';
