import type { Pool } from '#lib/postgres/pool.ts';
import { trimChanges } from '../changes/index.ts';
import type { DeliveryDependencies } from './delivery/deliver.ts';
import { Deliverer } from './delivery/deliverer.ts';
import { Listener } from './listener.ts';
import { Loop } from './loop.ts';
import type { Matcher } from './matching/match-changes.ts';
import { deleteOldEvents } from './queries.ts';
import type { Sockets } from './socket/sockets.ts';

export interface WorkOptions {
  /** How often each process looks for changes that nobody told it of. */
  pollMs?: number;
  /** How long after its process has died a subscription is taken over. */
  leaseMs?: number;
  /** How many receivers a process calls at a time. */
  concurrency?: number;
  /** How long the log of changes, and events, are kept. */
  changeDays?: number;
  eventDays?: number;
}

interface WorkParts {
  pool: Pool;
  sockets: Sockets;
  matcher: Matcher;
  delivery: DeliveryDependencies;
  options: WorkOptions;
}

/** By then, the transaction that has just written has most likely committed; if not, polling finds what it did. */
const commitMs = 15;
/** Until the process that is matching now has come to what this one wrote. */
const busyMs = 40;
const trimMs = 3_600_000;
const trimmedAtOnce = 10_000;

const defaults = { pollMs: 500, leaseMs: 5000, concurrency: 32, changeDays: 7, eventDays: 30 };

/** What a process does for subscriptions besides answering requests: each part at its own pace. */
export class Work {
  readonly #parts: Omit<WorkParts, 'options'>;
  readonly #options: Required<WorkOptions>;
  readonly #deliverer: Deliverer;
  readonly #listener: Listener;
  readonly #matching: Loop;
  readonly #delivering: Loop;
  readonly #serving: Loop;
  readonly #trimming: Loop;
  #written: NodeJS.Timeout | undefined;

  constructor({ options, ...parts }: WorkParts) {
    this.#parts = parts;
    this.#options = { ...defaults, ...options };
    const { pollMs, concurrency, leaseMs } = this.#options;
    const onError = (error: Error) => parts.delivery.log('subscription.unreachable', { reason: error.message });
    this.#matching = new Loop(() => this.#match(), pollMs, onError);
    this.#delivering = new Loop(() => this.#deliver(), pollMs, onError);
    this.#serving = new Loop(() => this.#serve(), pollMs, onError);
    this.#trimming = new Loop(() => this.#trim(), trimMs, onError);
    this.#deliverer = new Deliverer(parts.delivery, { concurrency, leaseMs }, () => this.#delivering.look());
    this.#listener = new Listener(parts.pool, () => this.#onEvents());
  }

  /** To be called when versions were written here. */
  onWritten(): void {
    this.#written ??= setTimeout(() => {
      this.#written = undefined;
      this.#matching.look();
    }, commitMs);
  }

  async start(): Promise<void> {
    await this.#listener.start();
    for (const loop of this.#loops()) loop.look();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#written);
    this.#listener.stop();
    await Promise.all(this.#loops().map((loop) => loop.stop()));
    this.#parts.sockets.closeAll();
    await this.#deliverer.stop();
  }

  #loops(): Loop[] {
    return [this.#matching, this.#delivering, this.#serving, this.#trimming];
  }

  #onEvents(): void {
    this.#delivering.look();
    this.#serving.look();
  }

  async #match(): Promise<number> {
    const outcome = await this.#parts.matcher.step();
    if (outcome.state === 'idle') return this.#options.pollMs;
    if (outcome.state === 'busy') return busyMs;
    if (outcome.hasWork) this.#onEvents();
    return outcome.isMore ? 0 : busyMs;
  }

  async #deliver(): Promise<number> {
    await this.#deliverer.step();
    return this.#options.pollMs;
  }

  async #serve(): Promise<number> {
    await this.#parts.sockets.step();
    return this.#options.pollMs;
  }

  async #trim(): Promise<number> {
    const { pool } = this.#parts;
    await trimChanges(pool, this.#options.changeDays);
    const deleted = await deleteOldEvents(pool, this.#options.eventDays, trimmedAtOnce);
    return deleted === trimmedAtOnce ? 0 : trimMs;
  }
}
