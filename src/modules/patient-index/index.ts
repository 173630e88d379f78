export { type Background, createBackground } from './background.ts';
export type { EvidenceField, FieldEvidence, MatchBand, MatchEvidence } from './evidence.ts';
export { createCurrentModel } from './matching/current-model.ts';
export {
  beforeCreate,
  createMatching,
  matchingTasks,
  matchOperations,
  type PatientMatching,
  personRows,
  searchBeforeCreate,
  startMatching,
} from './matching/index.ts';
export { mergeOperations } from './merge/operation.ts';
export { resolvePatient, resolvePatients, supersededBy } from './merge/resolve.ts';
export type { MergePreview, MergeView, UnmergeView } from './merge/view.ts';
export type { ReviewPage, ReviewPairView, ReviewView } from './review/view.ts';
export { registerPatientIndex } from './routes.ts';
