/** What one criterion of a search offers, and how many resources meet it, about. */
export interface Offer {
  readonly estimate: number;
  /** Can be walked in the order of rids. */
  readonly canWalk: boolean;
  /** Can be read in any order. */
  readonly canRead: boolean;
  /** Can be walked by keys found in a first step. */
  readonly canKey: boolean;
}

export interface Plan {
  /** The criterion whose index rows are walked; undefined for every resource of the types. */
  readonly walk: number | undefined;
  /**
   * What is tried first, in the same statement: all of a criterion's rows, if they are not more than the limit, or the keys
   * that a chain's targets give.
   */
  readonly trial: { readonly criterion: number; readonly by: 'rows' | 'keys'; readonly limit: number } | undefined;
}

/** A walk over so few rows is as good as anything. */
const fewRows = 2000;
/** So many rows are read and thrown away without regret. */
const leastTrial = 5000;
const greatestTrial = 50_000;

interface Choice {
  readonly index: number;
  readonly offer: Offer;
}

function least(offers: readonly Offer[], is: (offer: Offer) => boolean): Choice | undefined {
  let best: Choice | undefined;
  for (const [index, offer] of offers.entries()) {
    if (is(offer) && (!best || offer.estimate < best.offer.estimate)) best = { index, offer };
  }
  return best;
}

/**
 * Pages in the order of rids: walk the rarest criterion and look the others up for each row, until the page is full. A
 * criterion that cannot be walked but may be much rarer is tried first.
 */
export function planUnsorted(offers: readonly Offer[], everyone: number): Plan {
  const walk = least(offers, ({ canWalk }) => canWalk);
  const walked = walk?.offer.estimate ?? everyone;
  if (walk && walked <= fewRows) return { walk: walk.index, trial: undefined };
  const trial = least(offers, ({ canWalk, canRead, canKey }) => !canWalk && (canRead || canKey));
  if (!trial || trial.offer.estimate > walked / 2) return { walk: walk?.index, trial: undefined };
  const { index: criterion, offer } = trial;
  return { walk: walk?.index, trial: { criterion, by: offer.canKey ? 'keys' : 'rows', limit: leastTrial } };
}

/**
 * Pages in another order: read the rarest criterion's rows, keep those that meet the others, sort them. When they are too
 * many, walk the index of the sort key instead and look every criterion up, until the page is full.
 */
export function planSorted(offers: readonly Offer[], everyone: number, count: number): Plan {
  const trial = least(offers, ({ canRead }) => canRead);
  const walk = least(offers, ({ canWalk }) => canWalk)?.index;
  if (!trial) return { walk, trial: undefined };
  const shares = offers.map(({ estimate }) => Math.min(1, estimate / Math.max(everyone, 1)));
  const matches = Math.max(1, everyone * shares.reduce((product, share) => product * share, 1));
  const walked = Math.min(everyone, (count * everyone) / matches);
  const read = trial.offer.estimate;
  if (read > leastTrial && read > walked) return { walk, trial: undefined };
  const limit = Math.min(greatestTrial, Math.max(leastTrial, 2 * read));
  return { walk, trial: { criterion: trial.index, by: 'rows', limit } };
}
