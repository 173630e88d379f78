import { setTimeout as sleep } from 'node:timers/promises';
import type { FhirContext } from '#fhir/rest/index.ts';
import { watchOnce } from './watch.ts';

export interface Watcher {
  stop(): Promise<void>;
}

const everyMs = 15_000;

/** Searches what was sealed for unusual looks, for as long as the process runs; of several processes, one at a time. */
export function startWatcher(
  context: Pick<FhirContext, 'pool' | 'store' | 'search'>,
  { timeZone, log }: { timeZone: string; log(event: string, details: Record<string, unknown>): void },
): Watcher {
  const stopping = new AbortController();
  const { signal } = stopping;
  let isFailing = false;
  const loop = async () => {
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal }).catch(() => {});
      try {
        while (!signal.aborted && (await watchOnce(context, timeZone))) isFailing = false;
      } catch (error) {
        if (!isFailing) log('audit.watch-failed', { message: (error as Error).message });
        isFailing = true;
      }
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
