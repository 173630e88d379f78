import type { Actor, Trail, TrailEntry } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { type Agent, actorToAgent, entryToRow, printFacts } from './event.ts';
import type { AuditKey } from './keys.ts';
import { createNumberStock } from './number-stock.ts';
import { type Connection, drawNumbers, insertAgents, insertEvents, type SignedRow } from './queries.ts';

export interface TrailDependencies {
  /** Of its own, so that it waits for nobody and nobody for it: two connections. */
  pool: Pool;
  key: AuditKey;
  /** A log line; ids at most. */
  log(event: string, details: Record<string, unknown>): void;
}

export interface StoppableTrail extends Trail {
  /** Looks that are not in the database yet. */
  readonly waiting: number;
  /** Brings what was noted into the database; fails when it could not. */
  stop(): Promise<void>;
}

/** A look is in the database so soon after it, and the statement's time. */
const flushMs = 300;
const flushAtOnce = 2000;
/** Beyond so many, looks are refused rather than forgotten. */
const greatestWaiting = 50_000;
const retryMs = 500;
/** Looks are refused, too, once none could be put down for so long. */
const patienceMs = 5000;
const greatestAgents = 20_000;

export function createTrail({ pool, key, log }: TrailDependencies): StoppableTrail {
  const sign = createSigning(pool, key);
  let waiting: TrailEntry[] = [];
  /** Numbered already: an attempt to insert them may have succeeded unnoticed. */
  let batch: SignedRow[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;
  let failingSince: number | undefined;
  let isStopped = false;

  const flushOnce = async () => {
    if (batch.length === 0) {
      const entries = waiting.slice(0, flushAtOnce);
      batch = await sign(entries);
      waiting = waiting.slice(entries.length);
    }
    if (batch.length > 0) await insertUnlessThere(pool, batch);
    batch = [];
  };

  const flushAll = async () => {
    clearTimeout(timer);
    timer = undefined;
    try {
      while (waiting.length > 0 || batch.length > 0) await flushOnce();
      failingSince = undefined;
    } catch (error) {
      if (failingSince === undefined)
        log('audit.flush-failed', { message: (error as Error).message, waiting: waiting.length });
      failingSince ??= Date.now();
      schedule(retryMs);
      throw error;
    }
  };
  const flush = async (): Promise<void> => {
    flushing ??= flushAll().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };
  const schedule = (delayMs: number) => {
    timer ??= setTimeout(() => void flush().catch(() => {}), delayMs);
  };

  return {
    get waiting() {
      return waiting.length + batch.length;
    },
    note(entry) {
      const isAway = failingSince !== undefined && Date.now() - failingSince > patienceMs;
      if (isStopped || isAway || waiting.length >= greatestWaiting) {
        throw new Failure(
          'transient',
          'Who looks at a record is put down, and that is not possible now: try again in a moment.',
        );
      }
      waiting.push(entry);
      if (timer === undefined && flushing === undefined) schedule(flushMs);
      else if (waiting.length === flushAtOnce) void flush().catch(() => {});
    },
    async write(connection, entries) {
      if (entries.length === 0) return;
      const rows = await sign(entries);
      for (let start = 0; start < rows.length; start += flushAtOnce) {
        await insertEvents(connection, rows.slice(start, start + flushAtOnce));
      }
    },
    async flush() {
      // A flush under way may have begun before the last note.
      await flushing?.catch(() => {});
      if (waiting.length > 0 || batch.length > 0) await flush();
    },
    async stop() {
      isStopped = true;
      await this.flush();
      clearTimeout(timer);
    },
  };
}

/** Gives entries their numbers and codes; whoever acts is in the database then. */
function createSigning(pool: Pool, key: AuditKey): (entries: readonly TrailEntry[]) => Promise<SignedRow[]> {
  const numbers = createNumberStock((blocks) => drawNumbers(pool, blocks));
  const agents = createAgents(pool);
  return async (entries) => {
    const known = await agents.ofAll(entries);
    let own = numbers.take(entries.length);
    while (!own) {
      await numbers.draw(entries.length);
      own = numbers.take(entries.length);
    }
    const given = own;
    return entries.map((entry, index) => signEntry(key, entry, given[index] as number, known[index] as Agent));
  };
}

function signEntry({ authenticate }: AuditKey, entry: TrailEntry, number: number, agent: Agent): SignedRow {
  const row = entryToRow(entry, number, agent);
  if (!authenticate)
    throw new Failure('not-supported', 'The trail is written with a private key, and only its public half is here.');
  return { ...row, mac: authenticate(`${printFacts(row)}\x1f${agent.content}`) };
}

const uniqueViolation = '23505';

async function insertUnlessThere(connection: Connection, rows: readonly SignedRow[]): Promise<void> {
  try {
    await insertEvents(connection, rows);
  } catch (error) {
    // The numbers are this process's own: they are there because an earlier attempt was committed and its answer lost.
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
  }
}

/** Agents are brought into the database beforehand, so that no transaction waits for another that names the same. */
function createAgents(pool: Pool) {
  const ofActor = new WeakMap<Actor, Agent>();
  const stored = new Map<bigint, Agent>();
  const agentOf = (actor: Actor): Agent => {
    const known = ofActor.get(actor);
    if (known) return known;
    const agent = actorToAgent(actor);
    ofActor.set(actor, agent);
    return agent;
  };
  return {
    async ofAll(entries: readonly TrailEntry[]): Promise<Agent[]> {
      const all = entries.map(({ actor }) => agentOf(actor));
      const missing = new Map(all.filter(({ id }) => !stored.has(id)).map((agent) => [agent.id, agent]));
      if (missing.size > 0) {
        await insertAgents(pool, [...missing.values()]);
        for (const [id, agent] of missing) stored.set(id, agent);
        for (const id of stored.keys()) {
          if (stored.size <= greatestAgents) break;
          stored.delete(id);
        }
      }
      return all;
    },
  };
}
