import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { findData } from './bundles.ts';
import { holdGoals, holdLimits } from './limits.ts';
import { type Options, parseOptions, type ScenarioName } from './options.ts';
import { peakMemoryMb } from './process-usage.ts';
import { serverVersion } from './queries.ts';
import { computeRatios, findRegressions, type Ratios } from './ratios.ts';
import type { Results } from './results.ts';
import type { Bench } from './scenario.ts';
import { runCopy } from './scenarios/copy.ts';
import { runCreates } from './scenarios/create.ts';
import { runImport } from './scenarios/import.ts';
import { runReads } from './scenarios/read.ts';
import { runSearches } from './scenarios/search.ts';
import { runTransactions } from './scenarios/transaction.ts';
import { startServer } from './server.ts';
import { round } from './statistics.ts';

const baselineFile = new URL('baseline.json', import.meta.url);

/** In the order in which they run: what reads comes before what adds to the imported set. */
const runs = {
  import: runImport,
  copy: runCopy,
  read: runReads,
  search: runSearches,
  create: runCreates,
  transaction: runTransactions,
} satisfies Record<ScenarioName, (bench: Bench) => Promise<unknown>>;

const log = (line: string): void => console.error(line);

/** All but transactions work on the imported set. */
function withImport(scenarios: ScenarioName[]): ScenarioName[] {
  return scenarios.every((name) => name === 'transaction' || name === 'import') || scenarios.includes('import')
    ? scenarios
    : ['import', ...scenarios];
}

function describeMachine() {
  return {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    loadAverage: round(loadavg()[0] ?? 0, 2),
  };
}

async function runScenarios(options: Options) {
  const data = findData(options.dataFolder);
  const machine = describeMachine();
  log(`Data: ${data.name}. Load of the machine before the run: ${machine.loadAverage}.`);
  const server = await startServer(options.profileFolder);
  try {
    const results: Results = { serverPeakMb: 0 };
    const failed: ScenarioName[] = [];
    const postgres = await serverVersion(server.pool);
    for (const name of withImport(options.scenarios)) {
      log(`Scenario ${name}`);
      try {
        Object.assign(results, { [name]: await runs[name]({ options, data, server, log }) });
      } catch (error) {
        log(`FAILED: ${name}: ${(error as Error).stack}`);
        failed.push(name);
        if (name === 'import') break;
      }
      results.serverPeakMb = round(peakMemoryMb(server.processId));
    }
    return { results, failed, machine: { ...machine, postgres }, data: data.name, limit: options.limit };
  } finally {
    await server.stop();
  }
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const { results, ...about } = await runScenarios(options);
  const ratios = computeRatios(results);
  const limits = holdLimits(results);
  const baseline = existsSync(baselineFile)
    ? (JSON.parse(readFileSync(baselineFile, 'utf8')) as { ratios: Ratios }).ratios
    : {};
  const regressions = options.isBaseline ? [] : findRegressions(ratios, baseline);
  const output = {
    at: new Date().toISOString(),
    ...about,
    limits,
    goals: holdGoals(results),
    ratios,
    regressions,
    results,
  };
  const text = `${JSON.stringify(output, undefined, 2)}\n`;
  if (options.isBaseline) writeFileSync(baselineFile, text);
  process.stdout.write(text);
  for (const { name, value, limit, holds } of limits)
    log(`${holds ? 'holds' : 'MISSED'}: ${name}: ${value} (${limit})`);
  for (const { ratio, value, baseline: before } of regressions) log(`WORSE: ${ratio}: ${value}, was ${before}`);
  return about.failed.length === 0 && regressions.length === 0 && limits.every(({ holds }) => holds) ? 0 : 1;
}

process.exitCode = await main();
