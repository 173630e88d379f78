import { setTimeout as sleep } from 'node:timers/promises';
import { createFhir } from '#fhir/assemble.ts';
import { startWorker } from '#lib/jobs/index.ts';
import { createFolderStorage } from '#lib/object-storage/index.ts';
import { createPool } from '#lib/postgres/pool.ts';

/**
 * A process that does the background work of bulk data until it is killed, with small pieces that each take a while:
 * export-jobs.ts <database> <folder>.
 */
const [, , connectionString = '', folder = ''] = process.argv;
const pool = createPool(connectionString, { max: 6, applicationName: 'exporting' });
const sidePool = createPool(connectionString, { max: 2, applicationName: 'exporting side' });
const files = createFolderStorage(folder);
const storage: typeof files = {
  ...files,
  async append(file, bytes) {
    const longer = await files.append(file, bytes);
    await sleep(150);
    return longer;
  },
};
const bulk = {
  storage,
  keepHours: 24,
  workFolder: folder,
  importSources: [],
  pieceLength: 65_536,
  fileLength: 600_000,
};
const { jobs, tasks } = createFhir({ pool, sidePool, baseUrl: 'http://127.0.0.1/fhir', now: Date.now, bulk });
startWorker({ pool, jobs, tasks, pollMs: 50, leaseMs: 1500 });
process.stdout.write('ready\n');
