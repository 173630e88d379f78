export { type Background, createBackground } from './background.ts';
export type { EvidenceField, FieldEvidence, MatchBand, MatchEvidence } from './evidence.ts';
export { createCurrentModel } from './matching/current-model.ts';
export { mergeOperations } from './merge/operation.ts';
export { resolvePatient, resolvePatients, supersededBy } from './merge/resolve.ts';
export { createMatching } from './review/matching.ts';
export { registerPatientIndex } from './routes.ts';
