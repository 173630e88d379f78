import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import { drive, type HttpRequest } from '../load.ts';
import { type LoadFigures, measureLoad, take } from '../measure-load.ts';
import { sampleResources } from '../queries.ts';
import type { Bench } from '../scenario.ts';
import { round } from '../statistics.ts';

export interface AuditResult {
  /** The same reads with the trail and without it, in turns; the median of their rounds. */
  with: LoadFigures;
  without: LoadFigures;
  /** CPU of server and PostgreSQL together that the trail adds, per read, in microseconds. */
  addedCpuMicros: number;
  /** Of the throughput of reads. */
  lost: number;
}

const rounds = 3;
/** Some seconds: what is written after a round is little against that. */
const requestCount = 40_000;
/** Until the looks of a round are written and sealed, lest the next one pays for them. */
const pauseMs = 2500;
const clients = 8;

/** What the trail costs: reads by 8 clients of the same service, with it and without it. */
export async function runAudit({ server, log }: Bench): Promise<AuditResult> {
  const observations = await sampleResources(server.pool, resourceTypeNumber('Observation'), 500);
  const requests = observations.map(({ id }): HttpRequest => ({ method: 'GET', path: `/fhir/Observation/${id}` }));
  if (requests.length === 0) throw new Error('There is no Observation to read: run the import scenario first');
  const figures: Record<'with' | 'without', LoadFigures[]> = { with: [], without: [] };
  const sides = {
    with: await start(server, join(server.dataFolder, 'bench-trail')),
    without: await start(server, ''),
  };
  try {
    for (const { address } of Object.values(sides)) await drive(address, take(requests, 3000), clients);
    for (let round = 0; round < rounds; round++) {
      log(`audit: round ${round + 1} of ${rounds}`);
      for (const name of ['with', 'without'] as const) {
        const { address, processId } = sides[name];
        const measuring = { unit: 'read', server: processId, postmaster: server.postmaster };
        await sleep(pauseMs);
        figures[name].push(await measureLoad(measuring, address, take(requests, requestCount), clients));
      }
    }
  } finally {
    for (const { stop } of Object.values(sides)) await stop();
  }
  const [audited, bare] = [median(figures.with), median(figures.without)];
  const cpu = ({ serverCpuMicrosPerUnit, postgresCpuMicrosPerUnit }: LoadFigures) =>
    serverCpuMicrosPerUnit + postgresCpuMicrosPerUnit;
  return {
    with: audited,
    without: bare,
    addedCpuMicros: round(cpu(audited) - cpu(bare)),
    lost: round(1 - audited.perSecond / bare.perSecond),
  };
}

function median(figures: readonly LoadFigures[]): LoadFigures {
  const sorted = [...figures].sort((left, right) => left.perSecond - right.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error('There was no round');
  return middle;
}

async function start({ connectionString, environment }: Bench['server'], folder: string) {
  const child = spawn(process.execPath, ['bench/trail-server.ts'], {
    env: { ...environment, BARE_DATABASE_URL: connectionString, TRAIL_FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endWithBench = () => child.kill('SIGTERM');
  process.once('exit', endWithBench);
  const ended = once(child, 'exit').then(() => {
    throw new Error('The server for the trail did not start');
  });
  const [address] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  ended.catch(() => {});
  const stop = async () => {
    process.off('exit', endWithBench);
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  };
  return { address: address.toString(), processId: child.pid ?? 0, stop };
}
