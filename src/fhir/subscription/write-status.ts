import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { method, type Store } from '../store/index.ts';
import type { SubscriptionRow } from './queries.ts';

export type WriteStatus = (
  row: Pick<SubscriptionRow, 'id' | 'version'>,
  status: 'active' | 'error' | 'off',
  failure: string | null,
) => Promise<void>;

/** Writes a status into the Subscription resource, unless somebody has written a later version of it. */
export function createWriteStatus(pool: Pool, store: Store): WriteStatus {
  return async ({ id, version }, status, failure) => {
    const stored = await store.read(pool, 'Subscription', id);
    if (!stored?.content || stored.version !== version) return;
    const { error: _, ...resource } = parseJson(stored.content) as JsonObject;
    if (resource.status === status) return;
    const changed = { ...resource, status, ...(status === 'error' && failure !== null && { error: failure }) };
    try {
      const change = { type: 'Subscription', id, method: method.put, resource: changed, expectedVersion: version };
      await store.commit([change]);
    } catch (error) {
      // Somebody was faster; the log of changes will tell.
      if (!(error instanceof Failure)) throw error;
    }
  };
}
