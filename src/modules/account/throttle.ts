import { isIPv6 } from 'node:net';
import { Failure } from '#lib/failure.ts';
import type { Caller } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';
import { type AttemptRule, deleteOldAttempts, forgiveAttempt, reserveAttempt } from './queries.ts';
import { hashOf } from './secret.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const forgetMs = 24 * hour;

/**
 * How guesses are slowed down. An account waits at most a quarter of an hour, so that nobody can be kept out for long by whoever
 * knows their name; an address is shared by a whole clinic, hence its many free guesses.
 */
const rules = {
  account: { free: 5, delayMs: 30 * second, mostMs: 15 * minute, forgetMs },
  code: { free: 5, delayMs: 60 * second, mostMs: hour, forgetMs },
  address: { free: 40, delayMs: 15 * second, mostMs: hour, forgetMs: hour },
} satisfies Record<string, AttemptRule>;

/** Whoever guesses must wait. */
export class Blocked extends Failure {
  /** Milliseconds since 1970 UTC. */
  readonly until: number;

  constructor(until: number, now: number) {
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    super('throttled', `There were too many wrong attempts. Wait ${seconds} s, then try again.`);
    this.until = until;
  }
}

/** A guess that was counted in advance. */
export interface Guess {
  /** Takes it back: it was right. */
  wasRight(): Promise<void>;
}

/**
 * Counts a guess at an account (its id, or the name that was typed) or at its second factor; fails with `Blocked` when there were
 * too many of it, or from this address.
 */
export async function guess(
  { pool, now }: AccountDependencies,
  kind: 'account' | 'code',
  subject: string,
  caller: Caller,
): Promise<Guess> {
  const at = now();
  const keys = {
    address: hashOf(`address:${networkOf(caller.address)}`),
    subject: hashOf(`${kind}:${subject}`),
  };
  const addressUntil = await reserveAttempt(pool, keys.address, rules.address, at);
  if (addressUntil !== undefined) throw new Blocked(addressUntil, at);
  const until = await reserveAttempt(pool, keys.subject, rules[kind], at);
  if (until !== undefined) throw new Blocked(until, at);
  return {
    wasRight: async () => {
      await forgiveAttempt(pool, keys.subject, true, at);
      await forgiveAttempt(pool, keys.address, false, at);
      await deleteOldAttempts(pool, at - forgetMs);
    },
  };
}

/** Whoever has one IPv6 address has all of its /64. */
function networkOf(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d)/i, '');
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.split('::');
  const groups = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - end.length;
  return [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...end].slice(0, 4).join(':');
}
