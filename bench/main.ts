import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { holdGoals, holdLimits } from './limits.ts';
import { parseOptions } from './options.ts';
import { findDisturbed } from './quiet.ts';
import { computeRatios, findRegressions, type Ratios } from './ratios.ts';
import { type Run, runScenarios } from './run.ts';

const baselineFile = new URL('baseline.json', import.meta.url);

const log = (line: string): void => console.error(line);

/** The ratios of the baseline, when it was measured on the same data. */
function readBaseline({ data, limit }: Run): Ratios {
  if (!existsSync(baselineFile)) return {};
  const baseline = JSON.parse(readFileSync(baselineFile, 'utf8')) as Run & { ratios: Ratios };
  if (baseline.data === data && baseline.limit === limit) return baseline.ratios;
  log(`Not compared with the baseline, which was measured on other data: ${baseline.data}.`);
  return {};
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const run = await runScenarios(options, log);
  const ratios = computeRatios(run.results);
  const limits = holdLimits(run.results);
  const regressions = options.isBaseline ? [] : findRegressions(ratios, readBaseline(run));
  const disturbed = findDisturbed(run.results);
  const { results, ...about } = run;
  const output = { ...about, disturbed, limits, goals: holdGoals(results), ratios, regressions, results };
  const text = `${JSON.stringify(output, undefined, 2)}\n`;
  process.stdout.write(text);
  if (disturbed.length > 0) log(`Other programs disturbed ${disturbed.join(', ')}`);
  for (const { holds, name, value, limit } of limits)
    log(`${holds ? 'holds' : 'MISSED'}: ${name}: ${value} (${limit})`);
  for (const { holds, name, value, limit } of output.goals)
    log(`goal ${holds ? 'reached' : 'NOT REACHED'}: ${name}: ${value} (${limit})`);
  for (const { ratio, value, baseline } of regressions) log(`WORSE: ${ratio}: ${value}, was ${baseline}`);
  if (run.failed.length > 0) return 1;
  if (options.isBaseline) writeFileSync(baselineFile, text);
  return regressions.length === 0 && limits.every(({ holds }) => holds) ? 0 : 1;
}

process.exitCode = await main();
