import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { parseScope, type ResourceScope } from '#modules/access/index.ts';
import { hashOf } from './artifact-store.ts';
import type { Client } from './client.ts';
import type { SignedIn } from './people.ts';
import { findClient, findLaunch, type Launch } from './queries.ts';
import { narrowScopes } from './scope.ts';

/** What the page must show before somebody decides, and whether there is anything to decide. */
export interface InteractionView {
  application: { id: string; name: string };
  /** As whom they would let it act. */
  person: { reference: string; display: string; role: string };
  scopes: { scope: string; about: ResourceScope | null }[];
  /** `given` by the launch, to be chosen among those whom the person may read, or none of its affair. */
  patient: { state: 'given' | 'needed' | 'none'; id: string | null };
  encounter: { id: string | null; isWanted: boolean };
  /** Registered for everybody: the page consents at once where there is no patient to choose. */
  isTrusted: boolean;
}

/** What an application asks for, of somebody who is signed in. */
export interface Asked {
  interaction: Awaited<ReturnType<Provider['interactionDetails']>>;
  client: Client;
  scopes: string[];
  launch: Launch | undefined;
  launchHash: Buffer | undefined;
  needsPatient: boolean;
}

interface AskedDependencies {
  pool: Pool;
  now: () => number;
  provider: Provider;
}

/** The interaction that this browser began; `not-found` for that of another, and for one that is over. */
export async function readAsked(
  { pool, now, provider }: AskedDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  person: SignedIn,
): Promise<Asked> {
  const { uid } = request.params as { uid: string };
  const interaction = await provider.interactionDetails(request.raw, reply.raw).catch(() => undefined);
  if (interaction?.uid !== uid) {
    throw new Failure(
      'not-found',
      'This request of an application is over. Go back to the application and start again.',
    );
  }
  const { client_id: id, scope, launch: handle } = interaction.params;
  const client = await findClient(pool, String(id));
  if (!client) throw new Failure('not-found', 'This application is no longer registered.');
  const scopes = narrowScopes(String(scope ?? '').split(' '), client.scopes);
  const launchHash = scopes.includes('launch') && typeof handle === 'string' ? hashOf(handle) : undefined;
  const launch = launchHash && (await findLaunch(pool, launchHash, new Date(now())));
  if (scopes.includes('launch') && (launch?.client !== client.id || launch.account !== person.account)) {
    throw new Failure(
      'conflict',
      'The launch is over, or was another person’s. Start the application from the record again.',
    );
  }
  const needsPatient = scopes.includes('launch/patient') || scopes.some((one) => one.startsWith('patient/'));
  return { interaction, client, scopes, launch, launchHash, needsPatient };
}

export function viewOf({ client, scopes, launch, needsPatient }: Asked, { principal }: SignedIn): InteractionView {
  const given = launch?.patient ?? null;
  const state = given !== null ? 'given' : needsPatient ? 'needed' : 'none';
  const { reference, display, role } = principal;
  const own = role === 'resident' && state === 'needed' ? (/^Patient\/(.+)$/.exec(reference)?.[1] ?? null) : null;
  return {
    application: { id: client.id, name: client.name },
    person: { reference, display, role },
    scopes: scopes.map((scope) => ({ scope, about: parseScope(scope) ?? null })),
    patient: { state, id: given ?? own },
    encounter: { id: launch?.encounter ?? null, isWanted: scopes.includes('launch/encounter') },
    isTrusted: client.isTrusted && state !== 'needed' && role !== 'resident',
  };
}
