import { randomBytes } from 'node:crypto';
import { type Actor, operatorAccess } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Principal } from '#modules/access/index.ts';
import { hashOf } from './artifact-store.ts';
import { type Client, checkClient } from './client.ts';
import { deleteClient, findClient, insertClient, listClients, saveArtifact } from './queries.ts';

type Operating = Pick<FhirContext, 'pool' | 'trail' | 'now'>;

/** What an operator at the machine does is put down like what anybody does. */
const entryOf = ({ now }: Operating, who: string, interaction: string, detail: string, patients: string[] = []) => {
  const actor: Actor = { ...operatorAccess.actor, display: who };
  return { actor, at: now(), action: 'E', interaction, outcome: '0', entities: [], patients, detail } as const;
};

/** Registers an application; fails with `value` when it cannot be honoured, `conflict` when the id is taken. */
export async function addClient(operating: Operating, who: string, client: Client): Promise<void> {
  checkClient(client);
  await inTransaction(operating.pool, async (transaction) => {
    const added = await insertClient(transaction, client, new Date(operating.now()));
    if (added === 0)
      throw new Failure('conflict', `There is a client ${client.id} already. Remove it, or choose another id.`);
    const detail = `${client.id} ${client.kind}: ${client.scopes.join(' ')}`;
    await operating.trail.write(transaction, [entryOf(operating, who, 'smart.client-added', detail)]);
  });
}

/** With everything that was granted to it: its tokens are refused within a second. */
export async function removeClient(operating: Operating, who: string, id: string): Promise<void> {
  await inTransaction(operating.pool, async (transaction) => {
    const removed = await deleteClient(transaction, id);
    if (removed === 0) throw new Failure('not-found', `There is no client ${id}.`);
    await operating.trail.write(transaction, [entryOf(operating, who, 'smart.client-removed', id)]);
  });
}

export const listAllClients = ({ pool }: Pick<Operating, 'pool'>): Promise<Client[]> => listClients(pool);

/** Whether a client is registered, and for this organisation where it acts under its own name. */
export async function isRegistered(
  { pool }: Pick<Operating, 'pool'>,
  id: string,
  organization: string | undefined,
): Promise<boolean> {
  const client = await findClient(pool, id);
  return client !== undefined && (client.kind !== 'backend' || (client.organization ?? undefined) === organization);
}

/** A token for somebody, made by whoever holds the machine; it is shown once, and kept as its hash. */
export async function createToken(
  operating: Operating,
  who: string,
  { principal, minutes }: { principal: Principal; minutes: number },
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(operating.now() + minutes * 60_000);
  const artifact = {
    kind: 'OperatorToken',
    hash: hashOf(token),
    payload: { principal: { ...principal, session: `token ${hashOf(token).toString('hex').slice(0, 16)}` } },
    grantId: undefined,
    uid: undefined,
    client: undefined,
    expiresAt,
  };
  const scopes = principal.scopes?.join(' ') ?? 'all that the role may';
  const detail = `as ${principal.reference}, ${principal.role}, until ${expiresAt.toISOString()}: ${scopes}`;
  const patient = /^Patient\/(.+)$/.exec(principal.reference)?.[1];
  await inTransaction(operating.pool, async (transaction) => {
    await saveArtifact(transaction, artifact);
    const patients = patient === undefined ? [] : [patient];
    await operating.trail.write(transaction, [entryOf(operating, who, 'smart.token-made', detail, patients)]);
  });
  return token;
}
