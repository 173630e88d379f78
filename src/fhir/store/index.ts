export type { Change, Outcome } from './change.ts';
export { instantOf, printContent } from './content.ts';
export type { HistoryPage, HistoryRequest } from './history.ts';
export { type Method, method } from './method.ts';
export type { Connection, StoredRow } from './queries.ts';
export { lockConditions } from './queries.ts';
export { parseLiteralReference } from './reference.ts';
export { nameOf, referenceKey, ridOf, ridRange, targetOfReferenceKey, typeOfRid } from './rid.ts';
export { createStore, type Store } from './store.ts';
