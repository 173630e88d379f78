export { type DateRange, dateRange, searchDateBounds } from './date-range.ts';
export { indexResource } from './index-resource.ts';
export type { IndexSink } from './index-sink.ts';
export { normaliseString } from './normalise-string.ts';
export { searchParameter, searchParametersOf } from './parameters.ts';
export type {
  IndexedType,
  SearchBranch,
  SearchComponent,
  SearchParameterPlan,
  SearchParameterType,
} from './search-parameter-plan.ts';
export { anySystem, anyValue, tokenKey } from './token-key.ts';
