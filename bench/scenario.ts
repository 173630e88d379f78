import type { BenchData } from './bundles.ts';
import type { Options } from './options.ts';
import type { Results } from './results.ts';
import type { BenchServer } from './server.ts';

/** What a scenario works with. */
export interface Bench {
  options: Options;
  data: BenchData;
  server: BenchServer;
  /** Of the scenarios before. */
  results: Results;
  /** Progress, to standard error. */
  log(line: string): void;
}
