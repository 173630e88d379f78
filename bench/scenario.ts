import type { BenchData } from './bundles.ts';
import type { Options } from './options.ts';
import type { BenchServer } from './server.ts';
import type { StageCosts } from './stage-costs.ts';

/** What a scenario works with. */
export interface Bench {
  options: Options;
  data: BenchData;
  server: BenchServer;
  /** Set by the import, for what is compared with it. */
  atFirst?: StageCosts;
  /** Progress, to standard error. */
  log(line: string): void;
}
