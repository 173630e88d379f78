import { cpus, loadavg } from 'node:os';
import { findData } from './bundles.ts';
import type { Options, ScenarioName } from './options.ts';
import { peakMemoryMb } from './process-usage.ts';
import { serverVersion } from './queries.ts';
import { waitUntilQuiet } from './quiet.ts';
import type { Results } from './results.ts';
import type { Bench } from './scenario.ts';
import { runAccess } from './scenarios/access.ts';
import { runAudit } from './scenarios/audit.ts';
import { runCopy } from './scenarios/copy.ts';
import { runCounts } from './scenarios/count.ts';
import { runCreates } from './scenarios/create.ts';
import { runEverything } from './scenarios/everything.ts';
import { runExport } from './scenarios/export.ts';
import { runGrowth } from './scenarios/growth.ts';
import { runImport } from './scenarios/import.ts';
import { runMatches } from './scenarios/match.ts';
import { runReads } from './scenarios/read.ts';
import { runSearches } from './scenarios/search.ts';
import { runTransactions } from './scenarios/transaction.ts';
import { startServer } from './server.ts';
import { round } from './statistics.ts';

export interface Run {
  at: string;
  machine: Record<string, string | number | undefined>;
  data: string;
  limit: number;
  failed: ScenarioName[];
  results: Results;
}

/** In the order in which they run: what reads comes before what adds to the imported set. */
const scenarios = {
  import: runImport,
  copy: runCopy,
  read: runReads,
  audit: runAudit,
  search: runSearches,
  access: runAccess,
  everything: runEverything,
  count: runCounts,
  export: runExport,
  create: runCreates,
  transaction: runTransactions,
  growth: runGrowth,
  match: runMatches,
} satisfies Record<ScenarioName, (bench: Bench) => Promise<unknown>>;

/** Per scenario, so that a run ends within six minutes on a machine that is never quiet. */
const quietTimeoutMs = 30_000;

/** Runs the scenarios on a server of their own, in one database, and stops it. */
export async function runScenarios(options: Options, log: (line: string) => void): Promise<Run> {
  const data = findData(options.dataFolder);
  const machine = describeMachine();
  log(`Data: ${data.name}. Load of the machine before the run: ${machine.loadAverage}.`);
  const server = await startServer(options.profileFolder);
  const run: Run = {
    at: new Date().toISOString(),
    machine: { ...machine, postgres: await serverVersion(server.pool) },
    data: data.name,
    limit: options.limit,
    failed: [],
    results: { serverPeakMb: 0, serverPeakMbAfter: {} },
  };
  const bench: Bench = { options, data, server, log };
  try {
    for (const name of withImport(options.scenarios)) {
      const hasRun = await runScenario(run, name, bench);
      if (server.hasEnded() || (!hasRun && name === 'import')) break;
    }
    if (server.hasEnded())
      run.failed.push(...options.scenarios.filter((name) => !(name in run.results) && !run.failed.includes(name)));
    return run;
  } finally {
    await server.stop();
  }
}

function describeMachine() {
  return {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    loadAverage: round(loadavg()[0] ?? 0, 2),
  };
}

/** All but transactions and matches work on the imported set. */
function withImport(names: ScenarioName[]): ScenarioName[] {
  const needImport = names.some((name) => name !== 'transaction' && name !== 'match');
  return needImport && !names.includes('import') ? ['import', ...names] : names;
}

async function runScenario({ results, failed }: Run, name: ScenarioName, bench: Bench): Promise<boolean> {
  bench.log(`Scenario ${name}; other programs use ${round(await waitUntilQuiet(quietTimeoutMs), 2)} cores`);
  try {
    Object.assign(results, { [name]: await scenarios[name](bench) });
    return true;
  } catch (error) {
    bench.log(`FAILED: ${name}: ${(error as Error).stack}`);
    failed.push(name);
    return false;
  } finally {
    // A server that has ended has no memory any more.
    results.serverPeakMb = Math.max(results.serverPeakMb, round(peakMemoryMb(bench.server.processId)));
    results.serverPeakMbAfter[name] = results.serverPeakMb;
  }
}
