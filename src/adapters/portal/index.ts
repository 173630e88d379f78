export type { DemoPerson, DemoRole, Wording } from './demo-person.ts';
export { type PortalOptions, registerPortal } from './register-portal.ts';
