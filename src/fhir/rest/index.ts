export type { FhirContext } from './context.ts';
export { printOperationOutcome } from './operation-outcome.ts';
export { registerFhir } from './routes.ts';
