export { findReferrers, findTargets, type Referrer } from './referrers.ts';
