import type { Pool } from '#lib/postgres/pool.ts';
import type { Definition } from '../definition.ts';
import type { Owners } from '../owners.ts';
import {
  deleteLetters,
  insertLetter,
  markFailed,
  markSent,
  markStatus,
  release,
  renewLease,
  type SubscriptionRow,
} from '../queries.ts';
import type { WriteStatus } from '../write-status.ts';
import { type Composed, composeBundle, composeNext } from './compose.ts';
import type { Message, Receipt } from './post.ts';
import { isRefusal, type RetryRules, waitMs } from './retry.ts';

export interface DeliveryDependencies {
  owners: Owners;
  pool: Pool;
  baseUrl: string;
  retry: RetryRules;
  now: () => number;
  log: (event: string, details: Record<string, unknown>) => void;
  post: (message: Message) => Promise<Receipt>;
  /** The definition in force, or undefined when it cannot be carried out. */
  definitionOf: (row: SubscriptionRow) => Promise<Definition | undefined>;
  writeStatus: WriteStatus;
}

/** What a step leaves: go on, or stop because the subscription was given back. */
type Next = 'go on' | 'given back';

/** Sends one subscription everything that it is to be sent, in order, until it has all or the receiver fails. */
export class Delivery {
  readonly #deps: DeliveryDependencies;
  readonly #owner: string;
  readonly #leaseMs: number;
  readonly #rid: number;
  #version = 0;

  constructor(deps: DeliveryDependencies, owner: string, leaseMs: number, rid: number) {
    this.#deps = deps;
    this.#owner = owner;
    this.#leaseMs = leaseMs;
    this.#rid = rid;
  }

  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const row = await renewLease(this.#deps.pool, this.#rid, this.#owner, this.#leaseMs);
      if (!row) return;
      this.#version = row.version;
      if (signal.aborted) return this.#giveBack(0);
      if ((await this.#step(row)) === 'given back') return;
    }
  }

  async #step(row: SubscriptionRow): Promise<Next> {
    const { writeStatus, definitionOf, now } = this.#deps;
    if (row.status === 'off') return this.#end(null);
    const definition = await definitionOf(row);
    if (row.status === 'error' || !definition) {
      await writeStatus(row, 'error', row.failure ?? 'The subscription cannot be carried out.');
      return this.#end(null);
    }
    if (definition.end !== undefined && definition.end <= now()) return this.#setStatus(row, 'off', null);
    if (row.status === 'requested') return this.#agree(row, definition);
    if (row.channel !== 'rest-hook') return this.#end(this.#waitFor(row, definition));
    const composed = await composeNext(this.#deps.pool, this.#deps.baseUrl, row, definition, this.#deps.owners);
    if (composed) return this.#send(row, composed);
    if (row.issued > row.sent) return this.#skipGone(row);
    return this.#beat(row, definition);
  }

  /** The first message, which the receiver must take; without a topic, or over a socket, there is none. */
  async #agree(row: SubscriptionRow, definition: Definition): Promise<Next> {
    if (definition.topic && row.channel === 'rest-hook') {
      const receipt = await this.#deps.post(composeBundle('handshake', this.#deps.baseUrl, row, definition));
      if (!receipt.isTaken) return this.#fail(row, receipt, this.#deps.retry.giveUpHandshakeAfterMs);
    }
    return this.#setStatus(row, 'active', null);
  }

  async #send(row: SubscriptionRow, { message, numbers, isResend }: Composed): Promise<Next> {
    const { pool, post, retry, log } = this.#deps;
    const receipt: Receipt = message ? await post(message) : { isTaken: true, reason: '' };
    const last = numbers.at(-1) ?? row.sent;
    if (receipt.isTaken) {
      if (isResend) await deleteLetters(pool, row.rid, [...numbers]);
      await markSent(pool, row.rid, this.#owner, isResend ? row.sent : last);
      return 'go on';
    }
    const isSetAside = isRefusal(receipt.status) && numbers.length === 1 && row.attempts + 1 >= retry.refusals;
    if (!isSetAside) return this.#fail(row, receipt, retry.giveUpAfterMs);
    log('subscription.event-refused', {
      subscription: row.id,
      number: last,
      reason: receipt.reason,
      said: receipt.said,
    });
    await insertLetter(pool, row.rid, last, receipt.reason);
    await markSent(pool, row.rid, this.#owner, isResend ? row.sent : last);
    return 'go on';
  }

  /** Events that nobody could take in time were deleted for their age. */
  async #skipGone(row: SubscriptionRow): Promise<Next> {
    this.#deps.log('subscription.events-gone', { subscription: row.id, after: row.sent, upTo: row.issued });
    await markSent(this.#deps.pool, row.rid, this.#owner, row.issued);
    return 'go on';
  }

  async #beat(row: SubscriptionRow, definition: Definition): Promise<Next> {
    const { pool, baseUrl, now, post, retry } = this.#deps;
    const { heartbeatMs, topic } = definition;
    const silentMs = now() - (row.contacted?.getTime() ?? 0);
    if (!topic || heartbeatMs === undefined || silentMs < heartbeatMs) return this.#end(this.#waitFor(row, definition));
    const receipt = await post(composeBundle('heartbeat', baseUrl, row, definition));
    if (!receipt.isTaken) return this.#fail(row, receipt, retry.giveUpAfterMs);
    await markSent(pool, row.rid, this.#owner, row.sent);
    return 'go on';
  }

  /** How long there is nothing to do, if no event comes. */
  #waitFor(row: SubscriptionRow, { heartbeatMs, end, topic }: Definition): number | null {
    const now = this.#deps.now();
    const waits: number[] = [];
    if (heartbeatMs !== undefined && topic && row.channel === 'rest-hook') {
      waits.push((row.contacted?.getTime() ?? now) + heartbeatMs - now);
    }
    if (end !== undefined) waits.push(end - now);
    return waits.length === 0 ? null : Math.max(1, Math.min(...waits));
  }

  async #fail(row: SubscriptionRow, { reason, said }: Receipt, giveUpAfterMs: number): Promise<Next> {
    const { pool, retry, now, log } = this.#deps;
    const failingMs = row.failingSince ? now() - row.failingSince.getTime() : 0;
    if (failingMs >= giveUpAfterMs) {
      log('subscription.given-up', { subscription: row.id, reason, said });
      return this.#setStatus(row, 'error', reason);
    }
    log('subscription.attempt-failed', { subscription: row.id, attempts: row.attempts + 1, reason, said });
    await markFailed(pool, row.rid, this.#owner, row.version, reason, waitMs(row.attempts, retry));
    return 'given back';
  }

  /** The resource first: when this process dies in between, another one does the step again. */
  async #setStatus(row: SubscriptionRow, status: 'active' | 'error' | 'off', failure: string | null): Promise<Next> {
    await this.#deps.writeStatus(row, status, failure);
    await markStatus(this.#deps.pool, row.rid, this.#owner, row.version, status, failure);
    return status === 'active' ? 'go on' : this.#end(null);
  }

  async #end(wait: number | null): Promise<Next> {
    await this.#giveBack(wait);
    return 'given back';
  }

  #giveBack(wait: number | null): Promise<void> {
    return release(this.#deps.pool, this.#rid, this.#owner, this.#version, wait);
  }
}
