import type { FastifyInstance } from 'fastify';
import { type Access, accessOf } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Vault } from '#lib/vault.ts';
import { type EmergencySettings, registerAccess } from '#modules/access/index.ts';
import { registerAudit } from '#modules/audit/index.ts';
import { registerConsent } from '#modules/consent/index.ts';
import { branchToEdit, registerDirectory } from '#modules/directory/index.ts';
import { registerDivision } from '#modules/division/index.ts';
import { type HealthCodeSettings, registerHealthCode } from '#modules/health-code/index.ts';
import { type PatientMatching, registerPatientIndex } from '#modules/patient-index/index.ts';

/** What is built once for a process. */
export interface ApiModules {
  readonly matching: PatientMatching;
  readonly emergencies?: EmergencySettings;
  readonly healthCode: { readonly vault: Vault; readonly settings: HealthCodeSettings };
}

/** What the modules offer beside FHIR, each at `/api/<module>`: JSON in and out, failures as OperationOutcome. */
export async function registerApi(app: FastifyInstance, context: FhirContext, modules: ApiModules): Promise<void> {
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    accessOf(request);
  });
  await app.register(async (api) => registerPatientIndex(api, context, modules.matching), { prefix: '/patient-index' });
  const scopeOf = async (access: Access) => (await branchToEdit(context, access)).holds;
  await app.register(async (api) => registerDivision(api, { ...context, scopeOf }), { prefix: '/division' });
  await app.register(async (api) => registerDirectory(api, context), { prefix: '/directory' });
  await app.register(async (api) => registerAccess(api, context, modules.emergencies), { prefix: '/access' });
  await app.register(async (api) => registerAudit(api, context), { prefix: '/audit' });
  await app.register(async (api) => registerConsent(api, context), { prefix: '/consent' });
  const healthCode = { ...context, ...modules.healthCode };
  await app.register(async (api) => registerHealthCode(api, healthCode), { prefix: '/health-code' });
  app.all('/*', ({ method }) => {
    throw new Failure('not-supported', `There is no ${method} of this address.`);
  });
}
