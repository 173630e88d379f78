import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Addresses } from './addresses.ts';
import { hashOf } from './artifact-store.ts';
import type { Asked } from './interaction.ts';
import type { SignedIn } from './people.ts';
import { lifetimes } from './provider.ts';
import { type Authorization, deleteGrant, deleteLaunch, insertAuthorization } from './queries.ts';
import { type ReadableDependencies, readAs, readEncounter } from './readable.ts';
import { isPlainScope } from './scope.ts';
import { entryOf } from './trail-entry.ts';

export interface ConsentDependencies extends ReadableDependencies {
  fhir: ReadableDependencies['fhir'] & Pick<FhirContext, 'trail'>;
  addresses: Addresses;
  now: () => number;
}

/** What somebody chose on the page. */
export interface Choice {
  patient: string | undefined;
  encounter: string | undefined;
  /** Fewer than were asked for; undefined for all. */
  scopes: readonly string[] | undefined;
}

interface Exchange {
  provider: Provider;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Lets an application have what it asked for, or what was left of it; returns where the browser goes. */
export async function consent(
  dependencies: ConsentDependencies,
  { provider, request, reply }: Exchange,
  asked: Asked,
  person: SignedIn,
  choice: Choice,
): Promise<string> {
  const { interaction } = asked;
  const scopes = asked.scopes.filter((scope) => choice.scopes?.includes(scope) ?? true);
  const context = await contextOf(dependencies, asked, person, choice);
  if (scopes.length === 0) throw new Failure('value', 'Leave it something to do, or refuse.');
  await forgetEarlier(dependencies, interaction.result?.consent?.grantId);
  const grant = new provider.Grant({ accountId: person.account, clientId: asked.client.id });
  const { fhir } = dependencies.addresses;
  const refused = asked.scopes.filter((scope) => !scopes.includes(scope));
  grant.addResourceScope(fhir, scopes.join(' '));
  grant.addOIDCScope(scopes.filter(isPlainScope).join(' '));
  if (refused.length > 0) grant.rejectResourceScope(fhir, refused.join(' '));
  const grantId = await grant.save();
  await keep(dependencies, asked, person, { ...context, grantId, scopes });
  const login = {
    accountId: person.account,
    amr: [...person.methods],
    ts: Math.floor(person.since / 1000),
    remember: false,
  };
  return provider.interactionResult(request.raw, reply.raw, { login, consent: { grantId } });
}

/** A page that was sent twice leaves one grant. */
async function forgetEarlier({ fhir }: ConsentDependencies, grantId: string | undefined): Promise<void> {
  if (grantId !== undefined) await deleteGrant(fhir.pool, grantId, hashOf(grantId));
}

type Context = Pick<Authorization, 'patient' | 'encounter' | 'intent' | 'fhirContext'>;

/** Only a patient whom the person may read, and an encounter of theirs. */
async function contextOf(
  dependencies: ConsentDependencies,
  { launch, needsPatient }: Asked,
  { principal }: SignedIn,
  choice: Choice,
): Promise<Context> {
  const patient = launch?.patient ?? (needsPatient ? choice.patient : undefined);
  const encounter = launch?.encounter ?? (needsPatient ? choice.encounter : undefined);
  if (needsPatient && patient === undefined) throw new Failure('required', 'Choose the patient whom it is about.');
  if (patient !== undefined) await readAs(dependencies, principal, 'Patient', patient);
  if (encounter !== undefined) await readEncounter(dependencies, principal, encounter, patient);
  return {
    patient: patient ?? null,
    encounter: encounter ?? null,
    intent: launch?.intent ?? null,
    fhirContext: launch?.fhirContext ?? null,
  };
}

async function keep(
  { fhir: { pool, trail }, now }: ConsentDependencies,
  { client, launchHash }: Asked,
  person: SignedIn,
  granted: Context & Pick<Authorization, 'grantId' | 'scopes'>,
): Promise<void> {
  const { account, role, session, principal } = person;
  const at = now();
  const authorization: Authorization = {
    ...granted,
    client: client.id,
    account,
    role,
    session: granted.scopes.includes('offline_access') ? null : session,
    reference: principal.reference,
    expiresAt: new Date(at + lifetimes.Grant * 1000),
  };
  const entry = entryOf(principal, authorization, at, 'smart.access-granted');
  await inTransaction(pool, async (transaction) => {
    if (launchHash && !(await deleteLaunch(transaction, launchHash))) {
      throw new Failure('conflict', 'The launch was used already. Start the application from the record again.');
    }
    await insertAuthorization(transaction, authorization, new Date(at));
    await trail.write(transaction, [entry]);
  });
}
