export { type Concern, type ConcernKind, type ConcernState, concernKinds, concernStates } from './concern/concern.ts';
export { startWatcher, type Watcher } from './concern/watcher.ts';
export { type Audit, type AuditDependencies, createAudit } from './create-audit.ts';
export { auditOperations } from './reading/operations.ts';
export { registerAudit } from './routes.ts';
export type { StoppableTrail } from './trail.ts';
export type { Finding, FindingKind } from './verify/findings.ts';
export { runVerification, type VerificationReport, type VerificationRequest } from './verify/run-verification.ts';
