import type { Matching } from './candidates.ts';
import { type FollowDependencies, follow } from './follow.ts';
import { comparePending } from './review/compare-pending.ts';

export interface BackgroundDependencies extends FollowDependencies {
  readonly matching: Matching;
  /** What nobody is waiting for: `patient-index.failed`. */
  readonly log: (event: string, details: Record<string, unknown>) => void;
}

/** What the patient index does by itself while the process runs. */
export interface Background {
  start(): void;
  /** Ends after what is under way. */
  stop(): Promise<void>;
}

const pollMs = 500;

/** Follows what is written, and compares Patients; every process does so, and they share the work. */
export function createBackground(deps: BackgroundDependencies): Background {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  const run = async () => {
    try {
      while (!stopping.signal.aborted && (await follow(deps)));
      while (!stopping.signal.aborted && (await comparePending(deps)) > 0);
    } catch (error) {
      deps.log('patient-index.failed', { message: (error as Error).message });
    }
    if (!stopping.signal.aborted) timer = setTimeout(begin, pollMs);
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
