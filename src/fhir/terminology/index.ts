export { createTerminology, type Terminology } from './terminology.ts';
