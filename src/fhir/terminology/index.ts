export { type CodeSystemHeader, type LoadProgress, type LoadSummary, loadFile } from './load/load-files.ts';
export type { ValueSetSource } from './sources.ts';
export { createTerminology, type Terminology } from './terminology.ts';
