export {
  type Access,
  type AccessVerb,
  fullAccess,
  isNone,
  operatorAccess,
  refusal,
  requireAccess,
  restrictionOf,
} from './access.ts';
export type { Actor } from './actor.ts';
export { consentDenial, consentGrant, type GrantKind, grantKey, grantKinds } from './grant.ts';
export { createWriteGuard } from './guard.ts';
export { patientsOf } from './patients-of.ts';
export { accessOf } from './request-access.ts';
export { requireRow, storeFor } from './store-for.ts';
export { noTrail, type Trail, type TrailAction, type TrailEntity, type TrailEntry } from './trail.ts';
