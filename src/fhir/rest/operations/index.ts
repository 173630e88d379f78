export { everythingOperations } from './everything.ts';
export { metaOperations } from './meta.ts';
