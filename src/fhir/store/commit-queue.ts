import { Failure } from '#lib/failure.ts';
import type { Outcome } from './change.ts';
import { nameOf } from './rid.ts';
import type { Settled, Unit } from './write.ts';

interface Waiting {
  unit: Unit;
  names: readonly string[];
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: unknown) => void;
}

export interface CommitQueueOptions {
  /** Commits units together. What it throws goes for all of them. */
  commit(units: readonly Unit[]): Promise<Settled[]>;
  /** Commits one unit, waiting for those who hold its resources. */
  commitAlone(unit: Unit): Promise<Outcome[]>;
}

/** More connections than two brought 3 %; more resources at once brought latency alone. */
const writers = 2;
const longestBatch = 100;
const longestQueue = 10_000;

/**
 * Gathers small writes of concurrent requests into batches, one statement each. Nobody waits for company: a batch starts
 * as soon as one of the writers is free, and takes what has come until then. Two units that write the same resource
 * are committed one after the other, in their order.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #waiting: Waiting[] = [];
  readonly #held = new Set<string>();
  #free = writers;
  #isScheduled = false;

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  /** Resolves after the commit. */
  commit(unit: Unit): Promise<Outcome[]> {
    if (this.#waiting.length >= longestQueue) {
      return Promise.reject(new Failure('throttled', 'Too many writes are waiting. Repeat this one in a moment.'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unit, names: unit.map(({ type, id }) => nameOf(type, id)), resolve, reject });
      this.#schedule();
    });
  }

  /** After the requests that arrived together with this one have been read. */
  #schedule(): void {
    if (this.#isScheduled || this.#free === 0 || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const batch = this.#take();
      if (batch.length === 0) return;
      this.#free--;
      void this.#run(batch);
    });
  }

  /** The first that do not write what is being written, so that per resource the order is kept. */
  #take(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    let size = 0;
    for (const waiting of this.#waiting) {
      const { names } = waiting;
      const isTaken = size < longestBatch && !names.some((name) => this.#held.has(name));
      (isTaken ? batch : left).push(waiting);
      if (!isTaken) continue;
      size += names.length;
      for (const name of names) this.#held.add(name);
    }
    this.#waiting = left;
    return batch;
  }

  async #run(batch: Waiting[]): Promise<void> {
    let settled: Settled[] = [];
    let failure: { error: unknown } | undefined;
    try {
      settled = await this.#options.commit(batch.map(({ unit }) => unit));
    } catch (error) {
      failure = { error };
    }
    this.#free++;
    for (const [index, waiting] of batch.entries()) {
      const result = failure ?? settled[index];
      if (result === 'busy') {
        void this.#runAlone(waiting);
        continue;
      }
      this.#release(waiting);
      if (result === undefined) waiting.reject(new Error('A batch did not settle all of its units'));
      else if ('error' in result) waiting.reject(result.error);
      else waiting.resolve(result.outcomes);
    }
    this.#schedule();
  }

  async #runAlone(waiting: Waiting): Promise<void> {
    try {
      waiting.resolve(await this.#options.commitAlone(waiting.unit));
    } catch (error) {
      waiting.reject(error);
    }
    this.#release(waiting);
    this.#schedule();
  }

  #release({ names }: Waiting): void {
    for (const name of names) this.#held.delete(name);
  }
}
