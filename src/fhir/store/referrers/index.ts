export { selectFirstWritten } from './queries.ts';
export { findReferrers, findTargets, type Referrer } from './referrers.ts';
