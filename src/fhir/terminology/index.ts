export { type CodeSystemHeader, type LoadProgress, type LoadSummary, loadFile } from './load/load-files.ts';
export { createTerminology, type Terminology } from './terminology.ts';
