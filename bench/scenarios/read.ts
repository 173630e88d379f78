import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import { drive, type HttpRequest } from '../load.ts';
import { type LoadFigures, measureLoad, take } from '../measure-load.ts';
import { sampleResources } from '../queries.ts';
import type { Bench } from '../scenario.ts';
import type { BenchServer } from '../server.ts';

type ByClients = Record<'clients1' | 'clients8', LoadFigures>;

export interface ReadResult {
  patient: ByClients;
  observation: ByClients;
  /** The limit: the same Observations by a bare SELECT. */
  bare: ByClients;
}

interface Side {
  address: string;
  processId: number;
  requests: HttpRequest[];
}

const sampleLength = 500;
const requestCount = { clients1: 2000, clients8: 6000 };

export async function runReads(bench: Bench): Promise<ReadResult> {
  const { server } = bench;
  const bareProcess = await startBareSelect(server);
  try {
    const [patients, observations] = [await sample(server, 'Patient'), await sample(server, 'Observation')];
    const product = { address: server.address, processId: server.processId };
    const sides = {
      bare: { ...bareProcess, requests: observations.map(({ rid }) => get(`/bare/${rid}`)) },
      patient: { ...product, requests: patients.map(({ id }) => get(`/fhir/Patient/${id}`)) },
      observation: { ...product, requests: observations.map(({ id }) => get(`/fhir/Observation/${id}`)) },
    };
    for (const { address, requests } of Object.values(sides)) await drive(address, take(requests, 1000), 4);
    bench.log('read: 1 client');
    const one = await readAll(server, sides, 'clients1', 1);
    bench.log('read: 8 clients');
    const eight = await readAll(server, sides, 'clients8', 8);
    const both = (name: keyof typeof sides) => ({ clients1: one[name], clients8: eight[name] });
    return { patient: both('patient'), observation: both('observation'), bare: both('bare') };
  } finally {
    bareProcess.stop();
  }
}

const get = (path: string): HttpRequest => ({ method: 'GET', path });

async function sample({ pool }: BenchServer, type: string) {
  const resources = await sampleResources(pool, resourceTypeNumber(type), sampleLength);
  if (resources.length === 0) throw new Error(`There is no ${type} to read: run the import scenario first`);
  return resources;
}

async function readAll<Name extends string>(
  { postmaster }: BenchServer,
  sides: Record<Name, Side>,
  count: keyof typeof requestCount,
  clients: number,
): Promise<Record<Name, LoadFigures>> {
  const results: [string, LoadFigures][] = [];
  for (const [name, { address, processId, requests }] of Object.entries<Side>(sides)) {
    const measuring = { unit: 'read', server: processId, postmaster };
    results.push([name, await measureLoad(measuring, address, take(requests, requestCount[count]), clients)]);
  }
  return Object.fromEntries(results) as Record<Name, LoadFigures>;
}

async function startBareSelect({ connectionString, environment }: BenchServer) {
  const child = spawn(process.execPath, ['bench/bare-select.ts'], {
    env: { ...environment, BARE_DATABASE_URL: connectionString },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => {
    child.kill('SIGTERM');
  };
  process.once('exit', stop);
  const ended = once(child, 'exit').then(() => {
    throw new Error('The bare server did not start');
  });
  const [address] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  ended.catch(() => {});
  return { address: address.toString(), processId: child.pid ?? 0, stop };
}
