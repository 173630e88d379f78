import { createContext, Script } from 'node:vm';
import { Failure } from '#lib/failure.ts';

/**
 * Patterns and expressions that come with stored definitions may take exponential time. They run under a watch, which costs
 * some 50 microseconds, and one that was too slow is not tried again for a minute.
 */
const longestMs = 250;
/** What a pattern can cost on so short a text is bearable. */
const shortText = 16;

const restMs = 60_000;
/** Until when each is left alone. */
const tooSlow = new Map<string, number>();
const mostRemembered = 1000;

const script = new Script('work()');
const sandbox: { work?: () => unknown } = createContext({});

/** The result of some work; fails with `too-costly` when it takes too long. `name` tells it from other work. */
export function runBounded<T>(name: string, work: () => T): T {
  if ((tooSlow.get(name) ?? 0) > Date.now()) throw tooCostly(name);
  sandbox.work = work;
  try {
    return script.runInContext(sandbox, { timeout: longestMs }) as T;
  } catch (error) {
    // Recursion without an end may use up the stack before the time.
    const { code, name: kind } = error as { code?: unknown; name?: unknown };
    if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT' && kind !== 'RangeError') throw error;
    if (tooSlow.size >= mostRemembered) tooSlow.clear();
    tooSlow.set(name, Date.now() + restMs);
    throw tooCostly(name);
  }
}

const tooCostly = (name: string): Failure =>
  new Failure('too-costly', `${name.slice(0, 100)} takes more than ${longestMs} ms, or too much memory`);

export const testBounded = (expression: RegExp, text: string): boolean =>
  text.length <= shortText ? expression.test(text) : runBounded(expression.source, () => expression.test(text));

export const replaceBounded = (text: string, expression: RegExp, substitution: string): string => {
  const replace = (): string => text.replaceAll(expression, substitution);
  return text.length <= shortText ? replace() : runBounded(expression.source, replace);
};
