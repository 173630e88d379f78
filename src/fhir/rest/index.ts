export { type Answer, answerRow, type Preferences, parsePreferences } from './answer.ts';
export { type BundleLink, printBundle, printSearchEntry } from './bundle.ts';
export type { BeforeCreate, FhirContext, WritePolicy } from './context.ts';
export {
  inParameter,
  type Operation,
  type OperationParameter,
  type OperationRequest,
  outParameter,
} from './operation.ts';
export { type OperationInput, readOperationInput } from './operation-input.ts';
export { printOperationOutcome } from './operation-outcome.ts';
export { sendError } from './reply.ts';
export { requireId, requireType } from './require.ts';
export { registerFhir } from './routes.ts';
