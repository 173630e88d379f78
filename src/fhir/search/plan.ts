/** What one criterion of a search offers, and how many resources meet it, about. */
export interface Offer {
  readonly estimate: number;
  /** How many index rows are read to find them all, where each only leads to one of them. */
  readonly rowsRead?: number | undefined;
  /** The estimate knows no statistics of the values that are asked for. */
  readonly isGuess: boolean;
  /** How many index lookups it takes to see whether a resource meets it, about. */
  readonly probeCost: number;
  /** Can be walked in the order of rids. */
  readonly canWalk: boolean;
  /** Can be read in any order. */
  readonly canRead: boolean;
  /** Can be walked by keys found in a first step. */
  readonly canKey: boolean;
  /** Can be found as what is left when all others are taken away. */
  readonly canExclude: boolean;
}

/** A way to the page that may fail; the next one is taken then, in the same statement. */
export type Attempt =
  /** So many rows of the walk, and no more: fails when the page is not full by then. */
  | { readonly by: 'head'; readonly rows: number }
  /** All rows of a criterion: fails when they are more than the limit. */
  | { readonly by: 'rows'; readonly criterion: number; readonly limit: number }
  /** A walk along the keys that the targets of a chain give: fails when the targets are more than the limit. */
  | { readonly by: 'keys'; readonly criterion: number; readonly limit: number };

export interface Plan {
  /** How many rows are probed for the other criteria, about. */
  readonly probed: number;
  /** The criterion whose index rows are walked; undefined for every resource of the types. */
  readonly walk: number | undefined;
  /** Tried in this order, before the walk to the end. */
  readonly attempts: readonly Attempt[];
  /** In the place of the walk to the end: all resources less those that this criterion excludes. */
  readonly exclusion?: number;
}

export interface PlanLimits {
  /** A walk of so many lookups is as good as anything. */
  readonly fewLookups: number;
  /** So many rows are read and thrown away without regret, and so many if it must be. */
  readonly leastRead: number;
  readonly greatestRead: number;
  /** Rows of a walk before another way is tried, at least. */
  readonly leastHead: number;
  /** With more targets than this, a chain is followed from the resources that refer. */
  readonly mostTargets: number;
  /** As many targets as that are taken when a walk has not filled the page. */
  readonly manyTargets: number;
  /** With more keys than this, a set of all their rids is made, instead of a lookup per key. */
  readonly mostKeys: number;
  /** The share of all resources that is sorted as what an exclusion leaves. */
  readonly mostLeft: number;
  /** With more rows that are equal in the first sort key, the index of the second one is walked. */
  readonly mostTied: number;
  /** Between the first and the last of what refers to a resource, up to so many rows are looked at. */
  readonly mostBetween: number;
}

export const planLimits: PlanLimits = {
  fewLookups: 1000,
  leastRead: 5000,
  greatestRead: 50_000,
  leastHead: 200,
  mostTargets: 300,
  manyTargets: 30_000,
  mostKeys: 64,
  mostLeft: 0.25,
  mostTied: 2000,
  mostBetween: 16,
};

export interface PlanInput {
  readonly offers: readonly Offer[];
  /** How many resources of the types there are, about. */
  readonly everyone: number;
  /** Rows of a page, and one. */
  readonly count: number;
  readonly isSorted: boolean;
  /** How many lookups it takes to know by what a row is sorted, about. */
  readonly sortCost: number;
  /** The walk gives the order of the page: not so with several sort keys. */
  readonly canHead: boolean;
  readonly limits: PlanLimits;
}

interface Choice {
  readonly index: number;
  readonly offer: Offer;
}

/** Reading a row of an index that is scanned, in lookups. */
const rowCost = 0.3;
/** A walk through this share of all resources is a good one, whatever else is asked. */
const shortWalk = 0.1;

/**
 * A page is found by walking an index in the order of the page (that of the rarest criterion, or of the sort key) and looking
 * the other criteria up for each row, until it is full: good when matches are dense. Or by reading all rows of the rarest
 * criterion and sorting what meets the others: good when they are few. Estimates of ranges, texts and chains are guesses, so
 * the better way is tried within limits, and the other one taken when it fails.
 */
export function planPage(input: PlanInput): Plan {
  const { offers, everyone, count, isSorted, sortCost, canHead, limits } = input;
  const walk = leastOffer(offers, ({ canWalk }) => canWalk);
  const walked = isSorted ? everyone : (walk?.offer.estimate ?? everyone);
  const probes = offers.filter((offer) => isSorted || offer !== walk?.offer);
  const probeCost = probes.reduce((sum, offer) => sum + offer.probeCost, 0);
  const density = offers.reduce((share, { estimate }) => share * Math.min(1, estimate / Math.max(everyone, 1)), 1);
  const matches = Math.max(1, everyone * density);
  const needed = Math.min(walked, (count * walked) / matches);
  const read = chooseRead(input, walk);
  const headOf = (most: number, patience = 4): Attempt & { by: 'head' } => {
    const rows = Math.round(between(limits.leastHead, patience * needed, Math.max(limits.leastHead, most)));
    return { by: 'head', rows };
  };
  const exclusion = chooseExclusion(input, walked, read);
  if (exclusion) {
    const attempts = canHead ? [headOf(everyone / 20)] : [];
    return { walk: walk?.index, attempts, probed: needed, exclusion: exclusion.index };
  }
  if (!read || (!isSorted && walk && walked * probeCost <= limits.fewLookups)) {
    return { walk: walk?.index, attempts: [], probed: needed };
  }
  const attempt = readAttempt(read, isSorted, limits);
  const probesBesideRead = probeCost - (probes.includes(read.offer) ? read.offer.probeCost : 0);
  const rowsRead = Math.min(rowsOf(read.offer), limits.greatestRead);
  const leadCost = read.offer.rowsRead === undefined ? 0 : 1;
  const readCost = rowsRead * (rowCost + leadCost + probesBesideRead + sortCost);
  if (isSorted && readCost > everyone * Math.max(1, probeCost))
    return { walk: walk?.index, attempts: [], probed: needed };
  const lastAttempt = attempt.by === 'keys' ? { ...attempt, limit: limits.manyTargets } : attempt;
  // When the walk fails, it has cost no more than what follows: the less is known, the longer it may take.
  const isHopeless = rowsOf(read.offer) > 2 * limits.greatestRead;
  const head = headOf(rowsRead, attempt.by === 'keys' ? 20 : isHopeless ? 150 : read.offer.isGuess ? 40 : 4);
  if (!canHead) return { walk: walk?.index, attempts: [attempt], probed: rowsRead };
  if (readCost <= needed * probeCost) {
    const attempts = attempt.by === 'keys' ? [attempt, headOf(limits.leastRead), lastAttempt] : [attempt];
    return { walk: walk?.index, attempts, probed: rowsRead };
  }
  return { walk: walk?.index, attempts: [head, lastAttempt], probed: head.rows };
}

/** The offer that fewest resources meet, among some. */
export function leastOffer(offers: readonly Offer[], is: (offer: Offer) => boolean): Choice | undefined {
  let best: Choice | undefined;
  for (const [index, offer] of offers.entries()) {
    if (is(offer) && (!best || offer.estimate < best.offer.estimate)) best = { index, offer };
  }
  return best;
}

/** The criterion whose rows are read, where that is another way than the walk. */
function chooseRead({ offers, isSorted, canHead, limits }: PlanInput, walk: Choice | undefined): Choice | undefined {
  const read = isSorted
    ? leastOffer(offers, ({ canRead }) => canRead)
    : leastOffer(offers, ({ canWalk, canRead, canKey }) => !canWalk && (canRead || canKey));
  if (!read) return undefined;
  // What is known to be frequent is found on the walk; what is only thought to be may be rare.
  const isHopeless = rowsOf(read.offer) > 2 * limits.greatestRead && !(read.offer.isGuess && canHead);
  const isWorse = !isSorted && walk && read.offer.estimate > walk.offer.estimate;
  return isHopeless || isWorse ? undefined : read;
}

/** The criterion that excludes most, where nothing leads to its matches but a look at all resources. */
function chooseExclusion(input: PlanInput, walked: number, read: Choice | undefined): Choice | undefined {
  const { offers, everyone, isSorted, limits } = input;
  if (walked < everyone * shortWalk || (read && read.offer.estimate < everyone * shortWalk)) return undefined;
  const choice = leastOffer(offers, ({ canExclude }) => canExclude);
  if (!choice || (isSorted && choice.offer.estimate > everyone * limits.mostLeft)) return undefined;
  return choice;
}

function readAttempt({ index, offer }: Choice, isSorted: boolean, limits: PlanLimits): Attempt {
  if (offer.canKey && !isSorted) return { by: 'keys', criterion: index, limit: limits.mostTargets };
  const limit = Math.round(between(limits.leastRead, 4 * rowsOf(offer), limits.greatestRead));
  return { by: 'rows', criterion: index, limit };
}

const rowsOf = ({ estimate, rowsRead = estimate }: Offer): number => rowsRead;

const between = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));
