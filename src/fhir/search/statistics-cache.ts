import type { Pool } from '#lib/postgres/pool.ts';
import { selectStatistics } from './queries.ts';
import { gatherStatistics, noStatistics, type Statistics } from './statistics.ts';

const maximumAgeMs = 60_000;

/** Holds the statistics, and reads them anew in the background when they are old: a search never waits for them. */
export class StatisticsCache {
  readonly #pool: Pool;
  #current = noStatistics;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get current(): Statistics {
    if (performance.now() - this.#readAt > maximumAgeMs) void this.refresh();
    return this.#current;
  }

  /** Reads them now. A failure leaves the old ones: they are a help, not a need. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    this.#readAt = performance.now();
    try {
      const rows = await selectStatistics(this.#pool);
      // Before the first ANALYZE there are none.
      if (rows.tokenDefault !== null && rows.referenceDefault !== null) this.#current = gatherStatistics(rows);
    } catch {
      // Another attempt follows when these are old again.
    }
  }
}
