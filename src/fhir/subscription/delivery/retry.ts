/** How long one goes on trying, and when something is given up. */
export interface RetryRules {
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** A receiver that takes nothing for so long puts its subscription into error. */
  readonly giveUpAfterMs: number;
  /** The same for the first message, with which a receiver agrees to be sent more. */
  readonly giveUpHandshakeAfterMs: number;
  /** So often an event is sent that the receiver refuses for what it is; then it is set aside. */
  readonly refusals: number;
}

export const retryRules: RetryRules = {
  firstWaitMs: 1000,
  longestWaitMs: 15 * 60_000,
  giveUpAfterMs: 7 * 86_400_000,
  giveUpHandshakeAfterMs: 10 * 60_000,
  refusals: 8,
};

/** Twice as long after each attempt, spread by a fifth so that receivers that failed together are not called together. */
export function waitMs(attempts: number, { firstWaitMs, longestWaitMs }: RetryRules, random = Math.random()): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempts, 30));
  return Math.round(wait * (0.9 + 0.2 * random));
}

/** The receiver works, and says that this message is wrong: another time will not help. */
export const isRefusal = (status: number | undefined): boolean =>
  status !== undefined && [400, 413, 415, 422].includes(status);
