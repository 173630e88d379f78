export { collectReferences, type FoundReference, rewriteReferences } from './references.ts';
export { checkStructure } from './structure.ts';
export { elementsOf, type SummaryMode, summaryOf } from './summary.ts';
