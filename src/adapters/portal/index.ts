export type { DemoPerson, DemoRole, Words } from './demo-person.ts';
export { type PortalOptions, registerPortal } from './register-portal.ts';
