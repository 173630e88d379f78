import { createFhir, type Fhir, type FhirDependencies } from '#fhir/assemble.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { personRows } from '#modules/patient-index/index.ts';

type TextSearch = FhirDependencies['textSearch'];

/** What modules keep of resources, whichever process writes them: the server, or a command that imports. */
const derivedRows: FhirDependencies['derived'] = [personRows];

/** What a server offers beyond what a command needs. */
export type ServerParts = Omit<FhirDependencies, 'pool' | 'sidePool' | 'baseUrl' | 'now' | 'textSearch'>;

export interface Services {
  pool: Pool;
  /** The base URL is known once the server listens. */
  fhir(baseUrl: string, parts?: ServerParts): Fhir;
  stop(): Promise<void>;
}

/**
 * Builds everything that a process needs, in order, from the bottom up. Whatever writes must index the words that the server
 * indexes: `textSearch`.
 */
export function wire(
  connectionString: string,
  poolSize: number,
  applicationName: string,
  textSearch: TextSearch,
): Services {
  const pool = createPool(connectionString, { max: poolSize, applicationName });
  const sidePool = createPool(connectionString, { max: 2, applicationName: `${applicationName} side` });
  return {
    pool,
    fhir: (baseUrl, parts) =>
      createFhir({ derived: derivedRows, ...parts, pool, sidePool, baseUrl, now: Date.now, textSearch }),
    stop: async () => {
      await Promise.all([pool.end(), sidePool.end()]);
    },
  };
}
