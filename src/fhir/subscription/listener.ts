import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import { listen } from './queries.ts';

const reconnectMs = 1000;

/** Hears at once, over a connection of its own, that another process made events. What it misses is found by polling. */
export class Listener {
  readonly #pool: Pool;
  readonly #onEvent: () => void;
  #client: Transaction | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(pool: Pool, onEvent: () => void) {
    this.#pool = pool;
    this.#onEvent = onEvent;
  }

  async start(): Promise<void> {
    if (this.#isStopped) return;
    try {
      const client = await this.#pool.connect();
      if (this.#isStopped) return client.release(true);
      this.#client = client;
      client.on('notification', this.#onEvent);
      client.once('error', () => this.#lose());
      client.once('end', () => this.#lose());
      await listen(client);
    } catch {
      this.#lose();
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #lose(): void {
    this.#drop();
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.start(), reconnectMs);
    this.#timer.unref();
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.off('notification', this.#onEvent);
    client?.release(true);
  }
}
