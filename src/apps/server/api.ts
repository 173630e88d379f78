import type { FastifyInstance } from 'fastify';
import type { FhirContext } from '#fhir/rest/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { type PatientMatching, registerPatientIndex } from '#modules/patient-index/index.ts';

/** What is built once for a process. */
export interface ApiModules {
  readonly matching: PatientMatching;
}

/** What the modules offer beside FHIR, each at `/api/<module>`: JSON in and out, failures as OperationOutcome. */
export async function registerApi(app: FastifyInstance, context: FhirContext, modules: ApiModules): Promise<void> {
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  await app.register(async (api) => registerPatientIndex(api, context, modules.matching), { prefix: '/patient-index' });
  app.all('/*', ({ method }) => {
    throw new Failure('not-supported', `There is no ${method} of this address.`);
  });
}
