export { createParameterBook, newerVersion, type ParameterBook, type ParameterRegistry } from './book.ts';
export {
  type Connection,
  deleteParameter,
  holdState,
  lockRules,
  noteRebuilt,
  type ParameterState,
  raiseGeneration,
  savePercent,
  selectRebuilt,
  selectWriters,
  takeOver,
  updateState,
} from './queries.ts';
export { type Definition, type Enqueue, type Plan, planDefinitions, register } from './register.ts';
export type { CustomParameter, IndexRules } from './rules.ts';
