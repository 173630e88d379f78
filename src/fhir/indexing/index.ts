export { clinicalDateCodes, clinicalDatePaths } from './clinical-dates.ts';
export { compileExtractor, type Extractor } from './compile-extractor.ts';
export type { CompositeParts, CompositeUnit, CompositeValue } from './composite-value.ts';
export { type DateRange, dateRange, searchDateBounds } from './date-range.ts';
export { extractorVersion } from './extractor-version.ts';
export { indexResource } from './index-resource.ts';
export type { IndexSink } from './index-sink.ts';
export { normaliseString } from './normalise-string.ts';
export { appliesTo } from './parameter-branches.ts';
export { plannedParameters, searchParameter, searchParametersOf } from './parameters.ts';
export {
  firstCustomPath,
  knownPathNumber,
  lastPath,
  type PathNumbering,
  pathName,
  pathNumber,
} from './path-numbers.ts';
export { compositeKind, type FindDefinition, findDefinition } from './plan-composite.ts';
export { type PlannedParameter, planParameter } from './plan-parameter.ts';
export { contentOf, narrativeOf } from './resource-text.ts';
export type {
  IndexedType,
  SearchBranch,
  SearchComponent,
  SearchParameterPlan,
  SearchParameterType,
} from './search-parameter-plan.ts';
export { anySystem, anyValue, compositeMask, tokenKey } from './token-key.ts';
export { ucumSystem } from './ucum-system.ts';
export { type PlacedWord, printTsvector, wordsOf } from './words.ts';
