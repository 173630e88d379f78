export type { CategoryConditions } from './category-conditions.ts';
export { type AccessDependencies, type AccessModule, createAccess } from './create-access.ts';
export type { DataCategory } from './data-categories/data-category.ts';
export { type DataCategories, loadDataCategories } from './data-categories/load.ts';
export { type Label, labelsOf, withLabels } from './labels/labels.ts';
export { type SensitiveCategory, sensitiveContent } from './labels/sensitive-categories.ts';
export { isRole, type Principal, type Role, roles } from './principal.ts';
export { parseScope, printScope, type ResourceScope } from './scopes/scope.ts';
