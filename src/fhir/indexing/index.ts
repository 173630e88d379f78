export { type DateRange, dateRange, searchDateBounds } from './date-range.ts';
export type { IndexSink } from './index-sink.ts';
export { normaliseString } from './normalise-string.ts';
export type {
  IndexedType,
  SearchBranch,
  SearchComponent,
  SearchParameterPlan,
  SearchParameterType,
} from './search-parameter-plan.ts';
export { anySystem, anyValue, tokenKey } from './token-key.ts';
