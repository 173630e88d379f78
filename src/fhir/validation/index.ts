export { type CodeSet, codeSet, codesOfSystem } from './code-sets.ts';
export { collectLinks, type Link } from './links.ts';
export {
  modes,
  type OrganisationRule,
  parseOrganisations,
  type ValidationMode,
  type ValidationPolicy,
} from './policy/policy.ts';
export { createProfiles, type Profiles } from './profile/profiles.ts';
export type { StructureDefinition } from './profile/structure-definition.ts';
export { collectReferences, type FoundReference, rewriteLinks, rewriteReferences } from './references.ts';
export { insertIssues, selectReported } from './stored/queries.ts';
export { storedDefinitions } from './stored/stored-definitions.ts';
export { checkStructure } from './structure.ts';
export { elementsOf, type SummaryMode, summaryOf } from './summary.ts';
export { type Validation, validateResource } from './validate.ts';
export { createValidator, refuseBroken, type Validator, type ValueSetSource } from './validator.ts';
