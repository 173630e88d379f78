import { cpuMs } from '../cost.ts';
import type { Bench } from '../scenario.ts';
import { measureStage } from '../stage.ts';
import type { StageCosts } from '../stage-costs.ts';
import { round } from '../statistics.ts';

export interface GrowthResult {
  atFirst: StageCosts;
  atLast: StageCosts;
  /** Growth of CPU for each over the growth of log n: 1 is logarithmic, above is worse. */
  slopes: Record<'read' | 'search' | 'create', number>;
}

/** What a record of full size costs, set against the first ten thousand resources. */
export async function runGrowth(bench: Bench): Promise<GrowthResult> {
  const { atFirst } = bench;
  if (!atFirst) throw new Error('Growth is measured from the import on: it has not run');
  const atLast = await measureStage(bench);
  const logarithmic = Math.log(atLast.resources) / Math.log(atFirst.resources);
  const slope = (name: 'read' | 'search' | 'create') => round(cpuMs(atLast[name]) / cpuMs(atFirst[name]) / logarithmic);
  const slopes = { read: slope('read'), search: slope('search'), create: slope('create') };
  for (const [name, value] of Object.entries(slopes)) {
    bench.log(`growth: ${name}: ${value} times log n from ${atFirst.resources} to ${atLast.resources} resources`);
  }
  return { atFirst, atLast, slopes };
}
