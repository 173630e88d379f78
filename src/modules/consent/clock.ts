import { type Actor, operatorAccess } from '#fhir/access/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { close, deadlineOf } from './consent.ts';
import type { ConsentDependencies } from './dependencies.ts';
import { eraseTask } from './notices.ts';
import { dropDeadline, putAwayExpired, setDeadline, takeDue } from './queries.ts';
import { load, save } from './save.ts';

export interface ClockDependencies extends Pick<ConsentDependencies, 'pool' | 'store' | 'validator' | 'now' | 'newId'> {
  /** What nobody is waiting for: `consent.failed`. */
  readonly log: (event: string, details: Record<string, unknown>) => void;
}

export interface ConsentClock {
  start(): void;
  /** Ends after what is under way. */
  stop(): Promise<void>;
}

const pauseMs = 60_000;
/** Grants that ended a day ago are looked for in no search: they move to the history. */
const putAwayAfterMs = 24 * 60 * 60 * 1000;
const putAwayAtOnce = 5000;

/** The platform itself, as the trail names it. */
const platform: Actor = { ...operatorAccess.actor, reference: 'system', display: 'Meridian', purpose: 'HOPERAT' };

/**
 * Writes down what has come to its end, and tells who must erase. Nothing waits for it: a grant knows when it ends. Every
 * process does so, and they share the work.
 */
export function createConsentClock(deps: ClockDependencies): ConsentClock {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  const run = async () => {
    try {
      while (!stopping.signal.aborted && (await closeOneDue(deps)));
      const before = (deps.now() - putAwayAfterMs) * 1000;
      while (!stopping.signal.aborted && (await putAwayExpired(deps.pool, before, putAwayAtOnce)) === putAwayAtOnce);
    } catch (error) {
      deps.log('consent.failed', { message: (error as Error).message });
    }
    if (!stopping.signal.aborted) timer = setTimeout(begin, pauseMs);
  };
  const begin = () => {
    turn = run();
  };
  return {
    start: begin,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await turn;
    },
  };
}

/** One consent that is due; false when none is. */
export async function closeOneDue(deps: Omit<ClockDependencies, 'log'>): Promise<boolean> {
  return inTransaction(deps.pool, async (transaction) => {
    const id = await takeDue(transaction, deps.now());
    if (id === undefined) return false;
    const consent = await load(deps, transaction, id).catch(() => undefined);
    const deadline = consent && deadlineOf(consent);
    if (!consent || !deadline) {
      await dropDeadline(transaction, id);
      return true;
    }
    if (deadline.at > deps.now()) {
      await setDeadline(transaction, id, deadline.at);
      return true;
    }
    const at = new Date(deps.now()).toISOString();
    const closed = close(consent, deadline.action, { by: undefined, at });
    const { party, kind } = closed;
    const mustErase = deadline.action === 'expire' && kind === 'sharing' && party !== undefined;
    await save(deps, transaction, platform, closed, {
      interaction: `consent.${closed.state}`,
      beside: mustErase ? [eraseTask({ ...closed, party }, deps.newId(), at)] : [],
    });
    return true;
  });
}
