export { type Audit, type AuditDependencies, createAudit } from './create-audit.ts';
export type { StoppableTrail } from './trail.ts';
export type { Finding, FindingKind } from './verify/findings.ts';
export { runVerification, type VerificationReport, type VerificationRequest } from './verify/run-verification.ts';
