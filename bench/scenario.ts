import type { BenchData } from './bundles.ts';
import type { Options } from './options.ts';
import type { BenchServer } from './server.ts';

/** What a scenario works with. */
export interface Bench {
  options: Options;
  data: BenchData;
  server: BenchServer;
  /** Progress, to standard error. */
  log(line: string): void;
}
