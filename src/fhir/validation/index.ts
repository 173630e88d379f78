export { collectLinks, type Link } from './links.ts';
export { collectReferences, type FoundReference, rewriteLinks, rewriteReferences } from './references.ts';
export { checkStructure } from './structure.ts';
export { elementsOf, type SummaryMode, summaryOf } from './summary.ts';
