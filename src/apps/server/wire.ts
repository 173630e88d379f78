import { createFhir, type Fhir } from '#fhir/assemble.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';

type TextSearch = Parameters<typeof createFhir>[0]['textSearch'];
type BulkOptions = Parameters<typeof createFhir>[0]['bulk'];
type SubscriptionOptions = Parameters<typeof createFhir>[0]['subscriptions'];

export interface Services {
  pool: Pool;
  /** The base URL is known once the server listens. */
  fhir(baseUrl: string, bulk?: BulkOptions, subscriptions?: SubscriptionOptions): Fhir;
  stop(): Promise<void>;
}

/** Builds everything that a process needs, in order, from the bottom up. */
export function wire(
  connectionString: string,
  poolSize: number,
  applicationName: string,
  textSearch?: TextSearch,
): Services {
  const pool = createPool(connectionString, { max: poolSize, applicationName });
  const sidePool = createPool(connectionString, { max: 2, applicationName: `${applicationName} side` });
  return {
    pool,
    fhir: (baseUrl, bulk, subscriptions) =>
      createFhir({ subscriptions, pool, sidePool, baseUrl, now: Date.now, bulk, textSearch }),
    stop: async () => {
      await Promise.all([pool.end(), sidePool.end()]);
    },
  };
}
