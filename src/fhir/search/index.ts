export type { Cursor, FoundResource, SearchInput, SearchRequest, SearchResult } from './request.ts';
