import type { AnyTask, Jobs } from '#lib/jobs/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { resourceTypes } from '../definitions/index.ts';
import { extractorVersion } from '../indexing/index.ts';
import type { Operation } from '../rest/operation.ts';
import { lockRules, newerVersion, selectRebuilt, takeOver } from '../search-parameters/index.ts';
import { enqueueParameter, keyOf, reindexOperations } from './operations.ts';
import { indexParameterTask, type ReindexDependencies } from './parameter-task.ts';
import { rebuildIndexTask } from './rebuild-task.ts';

export { enqueueParameter, keyOf as reindexKey } from './operations.ts';
export type { RebuildResult } from './rebuild-task.ts';

export interface Reindex {
  operations: readonly Operation[];
  tasks: readonly AnyTask[];
  /**
   * Lets nobody write by older rules than this code's, and asks for what is left to be done: rows by older rules are made
   * anew, parameters indexed or removed. Safe to call at every start of every process.
   */
  start(): Promise<void>;
  /** Whether some rows are by older rules, so that searches may miss something. */
  isBehind(): Promise<boolean>;
}

export function createReindex(deps: ReindexDependencies & { jobs: Jobs }): Reindex {
  const { pool, jobs, parameters } = deps;
  return {
    operations: reindexOperations,
    tasks: [indexParameterTask(deps), rebuildIndexTask(deps)],
    async start() {
      await inTransaction(pool, async (transaction) => {
        const taken = await takeOver(transaction, extractorVersion);
        if (!taken) throw newerVersion();
        if (taken.rebuilt !== extractorVersion) {
          const payload = { types: [...resourceTypes] };
          await jobs.enqueue(transaction, 'fhir.rebuild-index', payload, { key: keyOf(resourceTypes) });
        }
        for (const { number, state } of await lockRules(transaction)) {
          if (state !== 'active') await enqueueParameter(jobs)(transaction, number, state);
        }
      });
      parameters.expire();
    },
    isBehind: async () => ((await selectRebuilt(pool)) ?? 0) < extractorVersion,
  };
}
