import { createHash } from 'node:crypto';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Connection } from '../store/index.ts';
import { type Definition, type DefinitionDependencies, parseDefinition } from './definition.ts';
import { moveVersion, registerSubscription, type Status, type SubscriptionRow, selectByRid } from './queries.ts';

/** A version of a Subscription resource; `content` is undefined once it is deleted. */
export interface SubscriptionVersion {
  rid: number;
  id: string;
  version: number;
  content: string | undefined;
}

/** What must be agreed on anew with the receiver when it changes. */
const agreementOf = ({ criteria, _criteria, channel }: JsonObject): string =>
  createHash('sha256')
    .update(JSON.stringify([criteria, _criteria, channel]))
    .digest('base64url');

/** The definition in a version, or why it cannot be carried out. */
export async function readDefinition(
  resource: JsonObject,
  deps: DefinitionDependencies,
): Promise<{ definition?: Definition; failure?: string }> {
  try {
    return { definition: await parseDefinition(resource, deps) };
  } catch (error) {
    if (error instanceof Failure) return { failure: error.message };
    throw error;
  }
}

function nextStatus(resource: JsonObject, agreement: string, existing: SubscriptionRow | undefined): Status {
  if (resource.status === 'off' || resource.status === 'error') return resource.status;
  const isKept = resource.status === 'active' && existing?.agreement === agreement;
  return isKept && existing.status === 'active' ? 'active' : 'requested';
}

/** Puts a version that the log of changes tells of in force. */
export async function register(
  connection: Connection,
  { rid, id, version, content }: SubscriptionVersion,
  deps: DefinitionDependencies,
): Promise<void> {
  const existing = await selectByRid(connection, rid);
  if (existing && existing.version >= version) return;
  if (content === undefined) {
    const { channel = '', agreement = '' } = existing ?? {};
    await registerSubscription(connection, { rid, id, version, status: 'off', channel, agreement, failure: null });
    return;
  }
  const resource = JSON.parse(content) as JsonObject;
  const agreement = agreementOf(resource);
  const { definition, failure } = await readDefinition(resource, deps);
  const wanted = nextStatus(resource, agreement, existing);
  const status = failure !== undefined && wanted !== 'off' ? 'error' : wanted;
  if (existing?.status === status && existing.agreement === agreement && status !== 'requested') {
    await moveVersion(connection, rid, version);
    return;
  }
  await registerSubscription(connection, {
    rid,
    id,
    version,
    status,
    channel: definition?.channel ?? '',
    agreement,
    failure: failure ?? existing?.failure ?? null,
  });
}
