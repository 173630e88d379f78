export type { AccountView, SessionView } from './account-routes.ts';
export type { PeopleView, PersonView } from './administration-routes.ts';
export { registerAdministrationRoutes } from './administration-routes.ts';
export { createPortalAuthentication, type PortalAuthentication } from './authenticate.ts';
export { createPeople, type SignedInPerson } from './people.ts';
export type { RoleView, SignedInView } from './person.ts';
export type { DemonstrationPerson, PortalContext } from './portal-context.ts';
export { type PortalOptions, registerPortal, registerPortalApi } from './register-portal.ts';
export type { StepView } from './sign-in-routes.ts';
