export { createIndexAgain, type IndexAgain, lockFree } from './index-again.ts';
export {
  deleteEntries,
  estimateResources,
  forgetExpected,
  type IndexedRow,
  indexExpected,
  lockIndexed,
  selectIndexed,
  selectLastRid,
  selectUnexpected,
  type TokenPosition,
} from './queries.ts';
