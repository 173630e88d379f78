import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; fails when it does not within the time. */
export async function until<Result>(
  what: string,
  find: () => Promise<Result> | Result,
  timeoutMs = 10_000,
): Promise<Exclude<Result, false | undefined | null>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found) return found as Exclude<Result, false | undefined | null>;
    if (Date.now() > end) throw new Error(`In ${timeoutMs} ms it did not happen that ${what}`);
    await sleep(15);
  }
}
