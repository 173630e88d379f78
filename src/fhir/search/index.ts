export { ofPatients, openUnder, patientPaths } from './about-patient.ts';
export { all, any, type Condition, nothing } from './condition.ts';
export type { FoundResource, SearchInput, SearchResult } from './request.ts';
export type { Restriction } from './restriction.ts';
export { createSearch, type Search, type SearchDependencies } from './search.ts';
export type { CodeInSystem, TerminologySource } from './terminology-source.ts';
