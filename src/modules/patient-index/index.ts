export type { EvidenceField, FieldEvidence, MatchBand, MatchEvidence } from './evidence.ts';
export { mergeOperations } from './merge/operation.ts';
export { resolvePatient, resolvePatients, supersededBy } from './merge/resolve.ts';
export { registerPatientIndex } from './routes.ts';
