import type { FastifyInstance } from 'fastify';
import type { FhirContext } from '#fhir/rest/index.ts';
import { registerMerge } from './merge/routes.ts';
import { registerReview } from './review/routes.ts';

/** What the patient index offers beside FHIR, at `/api/patient-index`. */
export async function registerPatientIndex(app: FastifyInstance, context: FhirContext): Promise<void> {
  registerMerge(app, context);
  registerReview(app, context);
}
