export type { FoundResource, SearchInput, SearchResult } from './request.ts';
export { createSearch, type Search, type SearchDependencies } from './search.ts';
export type { CodeInSystem, TerminologySource } from './terminology-source.ts';
