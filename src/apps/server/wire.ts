import { v7 as uuidv7 } from 'uuid';
import type { FhirContext } from '#fhir/rest/index.ts';
import { createSearch } from '#fhir/search/index.ts';
import { createStore } from '#fhir/store/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';

export interface Services {
  pool: Pool;
  /** The base URL is known once the server listens. */
  fhir(baseUrl: string): FhirContext;
  stop(): Promise<void>;
}

/** Builds everything that a process needs, in order, from the bottom up. */
export function wire(connectionString: string, poolSize: number, applicationName: string): Services {
  const now = Date.now;
  const pool = createPool(connectionString, { max: poolSize, applicationName });
  const sidePool = createPool(connectionString, { max: 2, applicationName: `${applicationName} side` });
  const store = createStore({ pool, sidePool, now });
  return {
    pool,
    fhir: (baseUrl) => ({
      pool,
      store,
      search: createSearch({ pool, baseUrl }),
      baseUrl,
      now,
      newId: uuidv7,
    }),
    stop: async () => {
      await Promise.all([pool.end(), sidePool.end()]);
    },
  };
}
