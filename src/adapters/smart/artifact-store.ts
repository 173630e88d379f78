import { createHash } from 'node:crypto';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Pool } from '#lib/postgres/pool.ts';
import { toMetadata } from './client-metadata.ts';
import {
  type Artifact,
  consumeArtifact,
  deleteArtifact,
  deleteArtifactsOfGrant,
  deleteGrant,
  findArtifact,
  findArtifactByUid,
  findClient,
  insertArtifact,
  saveArtifact,
} from './queries.ts';

/** What a client or browser holds is kept as this; 256 random bits need no salt. */
export const hashOf = (value: string): Buffer => createHash('sha256').update(value).digest();

const ofGrants = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

interface StoreDependencies {
  pool: Pool;
  now: () => number;
}

/** Where the provider keeps its codes, tokens, grants, sessions and interactions: one table for all. */
export function createArtifactStore({ pool, now }: StoreDependencies): (kind: string) => Adapter {
  return (kind) => (kind === 'Client' ? clientStore(pool) : storeOf(kind, { pool, now }));
}

function storeOf(kind: string, { pool, now }: StoreDependencies): Adapter {
  const keyOf = (id: string) => ({ kind, hash: hashOf(id) });
  return {
    find: async (id) => printPayload(await findArtifact(pool, keyOf(id)), id),
    findByUid: async (uid) => printPayload(await findArtifactByUid(pool, kind, uid), undefined),
    findByUserCode: async () => undefined,
    upsert: async (id, { jti: _, ...payload }, expiresIn = 0) => {
      const artifact = {
        ...keyOf(id),
        payload,
        grantId: ofGrants.has(kind) ? payload.grantId : undefined,
        uid: payload.uid,
        client: payload.clientId,
        expiresAt: new Date(now() + expiresIn * 1000),
      };
      if (kind !== 'ReplayDetection') await saveArtifact(pool, artifact);
      else if (!(await insertArtifact(pool, artifact))) {
        throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
      }
    },
    consume: async (id) => {
      if (await consumeArtifact(pool, keyOf(id), new Date(now()))) return;
      // Two requests brought it at the same time: one of them is a thief's.
      const grantId = (await findArtifact(pool, keyOf(id)))?.payload.grantId;
      if (typeof grantId === 'string') await deleteGrant(pool, grantId, hashOf(grantId));
      throw new errors.InvalidGrant('it was used already');
    },
    destroy: async (id) => {
      if (kind === 'Grant') await deleteGrant(pool, id, hashOf(id));
      else await deleteArtifact(pool, keyOf(id));
    },
    revokeByGrantId: async (grantId) => {
      await deleteArtifactsOfGrant(pool, kind, grantId);
    },
  };
}

function printPayload(found: Artifact | undefined, id: string | undefined): AdapterPayload | undefined {
  if (!found) return undefined;
  const consumed = found.consumedAt ? { consumed: Math.floor(found.consumedAt.getTime() / 1000) } : {};
  return { ...found.payload, ...(id !== undefined && { jti: id }), ...consumed };
}

/** Clients are registered by the operator alone. */
function clientStore(pool: Pool): Adapter {
  const refuse = async () => {
    throw new Error('Clients are registered by the command line.');
  };
  return {
    find: async (id) => {
      const client = await findClient(pool, id);
      return client && toMetadata(client);
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}
