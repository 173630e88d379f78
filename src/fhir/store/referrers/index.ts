export { selectFirstWritten } from './queries.ts';
export { findNames, findReferrers, findTargets, type Referrer } from './referrers.ts';
