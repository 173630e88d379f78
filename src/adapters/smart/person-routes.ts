import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type Provider from 'oidc-provider';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { parseScope } from '#modules/access/index.ts';
import { hashOf } from './artifact-store.ts';
import { type ConsentDependencies, consent } from './consent.ts';
import { readAsked, viewOf } from './interaction.ts';
import type { People } from './people.ts';
import {
  deleteGrant,
  findAuthorization,
  findClient,
  insertLaunch,
  listAuthorizations,
  listClients,
} from './queries.ts';
import { readAs, readEncounter } from './readable.ts';
import { fieldsOf, idIn, refuseForeignPage, requirePerson, textIn, textsIn } from './requests.ts';
import { entryOf } from './trail-entry.ts';

export interface PersonRouteDependencies extends ConsentDependencies {
  people: People;
  provider: () => Provider;
}

/** How long the way from the portal to the application and back may take. */
const launchMs = 5 * 60 * 1000;

/** What pages of the portal ask of the authorization server, for whoever is signed in to the portal. */
export function registerPersonRoutes(app: FastifyInstance, dependencies: PersonRouteDependencies): void {
  app.addHook('onRequest', async (request) => {
    await requirePerson(dependencies.people, request);
    if (request.method !== 'GET') refuseForeignPage(request);
  });
  registerInteractions(app, dependencies);
  registerLaunch(app, dependencies);
  registerAuthorizations(app, dependencies);
}

function registerInteractions(app: FastifyInstance, dependencies: PersonRouteDependencies): void {
  const { people, now, fhir, provider } = dependencies;
  const asking = () => ({ pool: fhir.pool, now, provider: provider() });
  app.get('/interactions/:uid', async (request, reply) => {
    const person = await requirePerson(people, request);
    return viewOf(await readAsked(asking(), request, reply, person), person);
  });
  app.post('/interactions/:uid/consent', async (request, reply) => {
    const person = await requirePerson(people, request);
    const fields = fieldsOf(request.body ?? {});
    const choice = {
      patient: idIn(fields, 'patient'),
      encounter: idIn(fields, 'encounter'),
      scopes: textsIn(fields, 'scopes'),
    };
    const asked = await readAsked(asking(), request, reply, person);
    return { next: await consent(dependencies, { provider: provider(), request, reply }, asked, person, choice) };
  });
  app.post('/interactions/:uid/refuse', async (request, reply) => {
    const { uid } = request.params as { uid: string };
    const found = await provider()
      .interactionDetails(request.raw, reply.raw)
      .catch(() => undefined);
    if (found?.uid !== uid) throw new Failure('not-found', 'This request of an application is over.');
    const result = { error: 'access_denied', error_description: 'the person refused' };
    return { next: await provider().interactionResult(request.raw, reply.raw, result) };
  });
}

/** https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-ehr-launch */
function registerLaunch(app: FastifyInstance, dependencies: PersonRouteDependencies): void {
  const { people, now, fhir, addresses } = dependencies;
  app.get('/applications', async (request) => {
    const { principal } = await requirePerson(people, request);
    const clients = await listClients(fhir.pool);
    const context = principal.role === 'resident' ? 'patient' : undefined;
    const launchable = clients.filter(({ launchUri, scopes }) => {
      const contexts = scopes.map((scope) => parseScope(scope)?.context);
      return launchUri !== null && (context === undefined || contexts.includes(context));
    });
    return { applications: launchable.map(({ id, name }) => ({ id, name })) };
  });
  app.post('/launch', async (request) => {
    const { principal, account } = await requirePerson(people, request);
    const fields = fieldsOf(request.body);
    const client = await findClient(fhir.pool, textIn(fields, 'client', 64) ?? '');
    if (!client?.launchUri) throw new Failure('not-found', 'No application of this id can be started from a record.');
    const patient = idIn(fields, 'patient');
    const encounter = idIn(fields, 'encounter');
    if (patient !== undefined) await readAs(dependencies, principal, 'Patient', patient);
    if (encounter !== undefined) await readEncounter(dependencies, principal, encounter, patient);
    const handle = randomBytes(32).toString('base64url');
    const launch = {
      client: client.id,
      account,
      patient: patient ?? null,
      encounter: encounter ?? null,
      intent: textIn(fields, 'intent', 100) ?? null,
      fhirContext: null,
    };
    await insertLaunch(fhir.pool, hashOf(handle), launch, new Date(now() + launchMs));
    const url = new URL(client.launchUri);
    url.searchParams.set('iss', addresses.fhir);
    url.searchParams.set('launch', handle);
    return { launch: handle, url: url.href };
  });
}

function registerAuthorizations(app: FastifyInstance, { people, now, fhir }: PersonRouteDependencies): void {
  app.get('/authorizations', async (request) => {
    const { account } = await requirePerson(people, request);
    const listed = await listAuthorizations(fhir.pool, account, new Date(now()));
    return { authorizations: listed.slice(0, 100), hasMore: listed.length > 100 };
  });
  app.delete('/authorizations/:id', async (request) => {
    const { account, principal } = await requirePerson(people, request);
    const { id } = request.params as { id: string };
    const found = await findAuthorization(fhir.pool, id);
    if (found?.account !== account) throw new Failure('not-found', 'You have granted nothing under this id.');
    await inTransaction(fhir.pool, async (transaction) => {
      await deleteGrant(transaction, id, hashOf(id));
      await fhir.trail.write(transaction, [entryOf(principal, found, now(), 'smart.access-taken-back')]);
    });
    return { ended: 1 };
  });
}
