import { createFhir, type Fhir } from '../src/fhir/assemble.ts';
import { createFolderStorage } from '../src/lib/object-storage/index.ts';
import { createPool } from '../src/lib/postgres/pool.ts';
import { auditOperations } from '../src/modules/audit/index.ts';
import {
  createCurrentModel,
  createMatching,
  matchingTasks,
  matchOperations,
  mergeOperations,
} from '../src/modules/patient-index/index.ts';

/** The FHIR service with all that it can do, to be described: neither its database nor its storage is ever used. */
export function wholeFhir(): Fhir {
  const pool = createPool('postgresql://127.0.0.1/none', { max: 1, applicationName: 'meridian generate' });
  const matching = createMatching(createCurrentModel(pool, Date.now));
  return createFhir({
    pool,
    sidePool: pool,
    baseUrl: 'http://127.0.0.1/fhir',
    now: Date.now,
    bulk: { storage: createFolderStorage(''), keepHours: 24, workFolder: '', importSources: [] },
    operations: [...auditOperations, ...mergeOperations, ...matchOperations(matching)],
    tasks: matchingTasks({ pool, now: Date.now }),
    subscriptions: { topicsFolder: 'content/topics', rules: { hosts: [] } },
  });
}
