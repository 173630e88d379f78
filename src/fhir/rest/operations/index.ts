export { everythingOperations } from './everything.ts';
