import { createHash } from 'node:crypto';
import type { Transaction } from '#lib/postgres/pool.ts';
import { hashAgent, hashReference, parseAgent } from '../event.ts';
import type { AuditKey } from '../keys.ts';
import type { Block } from '../seal/block.ts';
import type { Findings } from './findings.ts';
import { type StoredEvent, selectAgents } from './queries.ts';

const separator = '\x1f';

const printFactsOf = (event: StoredEvent): string =>
  [
    event.number,
    event.at,
    event.action,
    event.outcome,
    event.interaction,
    event.entities,
    event.patients,
    event.detail,
  ].join(separator);

interface KnownAgent {
  readonly content: string;
  readonly who: string;
}

const greatestAgents = 50_000;

/** Holds events against the codes of authenticity with which they were written, and blocks against their events. */
export class EventVerifier {
  readonly #connection: Transaction;
  readonly #keys: readonly AuditKey[];
  readonly #findings: Findings;
  readonly #agents = new Map<string, KnownAgent | undefined>();

  constructor(connection: Transaction, keys: readonly AuditKey[], findings: Findings) {
    this.#connection = connection;
    this.#keys = keys.filter(({ authenticate }) => authenticate !== undefined);
    this.#findings = findings;
  }

  /** False when only public keys are here: then blocks are held against their events, and no more. */
  get canAuthenticate(): boolean {
    return this.#keys.length > 0;
  }

  /** Call first for the events that come. */
  async learnAgents(events: readonly StoredEvent[]): Promise<void> {
    if (this.#agents.size > greatestAgents) this.#agents.clear();
    const unknown = [...new Set(events.map(({ agent }) => agent))].filter((id) => !this.#agents.has(id));
    if (unknown.length === 0) return;
    for (const id of unknown) this.#agents.set(id, undefined);
    for (const [id, content] of await selectAgents(this.#connection, unknown)) {
      if (hashAgent(content).toString() === id) {
        this.#agents.set(id, { content, who: hashReference(parseAgent(content).reference).toString() });
      } else {
        this.#findings.add({
          kind: 'agent',
          text: `Who acted as ${id} was changed: their entry does not have that number.`,
        });
      }
    }
  }

  /** Whether the event is as a process that has the key wrote it; tells what is not. */
  isAuthentic(event: StoredEvent, place: { month?: number; block?: number }): boolean {
    const number = Number(event.number);
    const agent = this.#agents.get(event.agent);
    if (!agent) {
      this.#findings.add({
        kind: 'agent',
        number,
        ...place,
        text: `Who acted in event ${number} is not there (${event.agent}).`,
      });
      return false;
    }
    if (agent.who !== event.who) {
      const text = `Event ${number} was edited: it is listed under somebody else than who acted.`;
      this.#findings.add({ kind: 'edited', number, ...place, text });
      return false;
    }
    if (!this.canAuthenticate) return true;
    const text = `${printFactsOf(event)}${separator}${agent.content}`;
    if (this.#keys.some(({ authenticate }) => authenticate?.(text).toString() === event.mac)) return true;
    this.#findings.add({
      kind: 'edited',
      number,
      ...place,
      text: `Event ${number} is not what was written under this number: it was edited, swapped, or written by no process of Meridian.`,
    });
    return false;
  }

  /** Events are those found in the block's ranges, by number. */
  verifyBlock(block: Block, ranges: readonly (readonly [number, number])[], events: readonly StoredEvent[]): void {
    const { month, number, count, digest } = block;
    const before = this.#findings.count;
    const sha = createHash('sha256');
    let last = '';
    for (const event of events) {
      if (event.number === last) {
        const text = `Event ${last} stands there twice: one was inserted.`;
        this.#findings.add({ kind: 'inserted', number: Number(last), month, block: number, text });
      }
      last = event.number;
      this.isAuthentic(event, { month, block: number });
      sha.update(`${printFactsOf(event)}${separator}${event.agent}${separator}${event.mac}\n`);
    }
    const expected = ranges.reduce((sum, [low, high]) => sum + high - low, 0);
    if (events.length < expected) this.#reportMissing(block, ranges, events);
    const isWhole = events.length === count && sha.digest('hex') === digest;
    if (!isWhole && this.#findings.count === before) {
      const text = `Block ${number} of ${month} was sealed over other events: one of them was replaced as a whole.`;
      this.#findings.add({ kind: 'block', month, block: number, text });
    }
  }

  #reportMissing(
    { month, number: block }: Block,
    ranges: readonly (readonly [number, number])[],
    events: readonly StoredEvent[],
  ) {
    const present = new Set(events.map(({ number }) => Number(number)));
    for (const [low, high] of ranges) {
      for (let number = low; number < high; number++) {
        if (present.has(number)) continue;
        this.#findings.add({ kind: 'removed', number, month, block, text: `Event ${number} was removed.` });
      }
    }
  }
}
