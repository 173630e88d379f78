import { randomUUID } from 'node:crypto';
import { claimSubscriptions, renewLeases } from '../queries.ts';
import { Delivery, type DeliveryDependencies } from './deliver.ts';

export interface DelivererOptions {
  /** How many receivers are called at a time: a slow one keeps one place, not the others. */
  concurrency: number;
  /** How long after its process has died a subscription is taken over. */
  leaseMs: number;
}

/** Takes the subscriptions for which something is due, and delivers. Any number of processes may do so at once. */
export class Deliverer {
  readonly #deps: DeliveryDependencies;
  readonly #options: DelivererOptions;
  readonly #owner = randomUUID();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #heart: NodeJS.Timeout;
  readonly #onFree: () => void;

  /** `onFree` is called when there is room for another subscription. */
  constructor(deps: DeliveryDependencies, options: DelivererOptions, onFree: () => void) {
    this.#deps = deps;
    this.#options = options;
    this.#onFree = onFree;
    this.#heart = setInterval(() => void this.#renew(), options.leaseMs / 4);
    this.#heart.unref();
  }

  /** Starts what is due, as far as there is room. */
  async step(): Promise<void> {
    const room = this.#options.concurrency - this.#running.size;
    if (room <= 0 || this.#stopping.signal.aborted) return;
    const { pool } = this.#deps;
    for (const { rid } of await claimSubscriptions(pool, this.#owner, this.#options.leaseMs, room)) this.#start(rid);
  }

  /** Lets messages under way end, and gives everything back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
    clearInterval(this.#heart);
  }

  #start(rid: number): void {
    const { log } = this.#deps;
    const delivery = new Delivery(this.#deps, this.#owner, this.#options.leaseMs, rid);
    const run = delivery
      .run(this.#stopping.signal)
      .catch((error: Error) => log('subscription.delivery-failed', { rid, reason: error.message }))
      .finally(() => {
        this.#running.delete(run);
        this.#onFree();
      });
    this.#running.add(run);
  }

  async #renew(): Promise<void> {
    if (this.#running.size === 0) return;
    try {
      await renewLeases(this.#deps.pool, this.#owner, this.#options.leaseMs);
    } catch (error) {
      this.#deps.log('subscription.unreachable', { reason: (error as Error).message });
    }
  }
}
