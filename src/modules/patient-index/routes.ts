import type { FastifyInstance } from 'fastify';
import type { FhirContext } from '#fhir/rest/index.ts';
import { type PatientMatching, registerMatching } from './matching/index.ts';
import { registerMerge } from './merge/routes.ts';
import { registerReview } from './review/routes.ts';

/** What the patient index offers beside FHIR, at `/api/patient-index`. */
export async function registerPatientIndex(
  app: FastifyInstance,
  context: FhirContext,
  matching: PatientMatching,
): Promise<void> {
  registerMatching(app, context, matching);
  registerMerge(app, context);
  registerReview(app, context, matching);
}
