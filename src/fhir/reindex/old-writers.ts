import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '#lib/postgres/pool.ts';
import { selectWriters } from '../search-parameters/index.ts';

const lookMs = 50;

/** Waits until all have ended who may have begun to write before now, by rules that were in force then. */
export async function waitForOldWriters(pool: Pool, signal: AbortSignal): Promise<void> {
  let old = await selectWriters(pool);
  while (old.length > 0) {
    await sleep(lookMs, undefined, { signal });
    const still = new Set(await selectWriters(pool));
    old = old.filter((writer) => still.has(writer));
  }
}
