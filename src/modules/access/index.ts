export { type AccessDependencies, type AccessModule, createAccess } from './create-access.ts';
export { isRole, type Principal, type Role, roles } from './principal.ts';
