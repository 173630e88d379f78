export {
  type Account,
  type Caller,
  isPersonRole,
  type Method,
  type PersonRole,
  type RoleAssignment,
  type Session,
  type Words,
} from './account.ts';
export {
  addAccount,
  findPerson,
  giveRole,
  isAdministered,
  type Listed,
  listPeople,
  type NewAccount,
  type NewRole,
  resetAccount,
  setLock,
  standingRoles,
  takeRole,
} from './administer.ts';
export { changePassword } from './change-password.ts';
export { type DemonstrationProofs, ensureDemonstration, ensureDemonstrationProofs } from './demonstration.ts';
export type { AccountDependencies, AccountSettings } from './dependencies.ts';
export { beginTrip, type ExternalTrip, endTrip, readTrip, resumeSignIn } from './external.ts';
export {
  beginAuthenticator,
  beginEnrolment,
  type Enrolment,
  finishAuthenticator,
  finishEnrolment,
  signInWithCode,
} from './factor/authenticator.ts';
export type { FactorKind } from './factor/factors.ts';
export { type Factors, listFactors, type Removable, removeFactor } from './factor/manage.ts';
export { beginPasskey, beginPasskeySignIn, finishPasskey, type Site, signInWithPasskey } from './factor/passkey.ts';
export { renewRecoveryCodes } from './factor/recovery-codes.ts';
export { isActing } from './queries.ts';
export { checkSealingKey } from './sealing-key.ts';
export {
  endSessions,
  findActing,
  type Opened,
  readSession,
  rolesNow,
  sessionsOf,
  signOut,
  switchRole,
} from './session.ts';
export {
  type SignInCaller,
  type Step,
  signInAsDemonstration,
  signInWithOneTimeCode,
  signInWithPassword,
  signInWithRole,
} from './sign-in.ts';
export { Blocked } from './throttle.ts';
