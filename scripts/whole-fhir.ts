import { createFhir, type Fhir } from '../src/fhir/assemble.ts';
import { createFolderStorage } from '../src/lib/object-storage/index.ts';
import { createPool } from '../src/lib/postgres/pool.ts';

/** The FHIR service with all that it can do, to be described: neither its database nor its storage is ever used. */
export function wholeFhir(): Fhir {
  const pool = createPool('postgresql://127.0.0.1/none', { max: 1, applicationName: 'meridian generate' });
  return createFhir({
    pool,
    sidePool: pool,
    baseUrl: 'http://127.0.0.1/fhir',
    now: Date.now,
    bulk: { storage: createFolderStorage(''), keepHours: 24, workFolder: '', importSources: [] },
    subscriptions: { topicsFolder: 'content/topics', rules: { hosts: [] } },
  });
}
