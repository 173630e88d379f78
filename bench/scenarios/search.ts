import { Agent } from 'node:http';
import type { Bundle } from 'fhir/r4.js';
import { drive, type HttpRequest, send } from '../load.ts';
import { type LoadFigures, measureLoad } from '../measure-load.ts';
import type { Bench } from '../scenario.ts';
import { type Demand, type SearchKind, searchKinds } from '../search-kinds.ts';
import { type Samples, takeSamples } from '../search-samples.ts';
import type { BenchServer } from '../server.ts';
import { type Latencies, latencies, quantile } from '../statistics.ts';

export interface KindResult extends Latencies {
  /** Median of the matches on a page, or of the count. */
  found: number;
}

export interface SearchResult {
  kinds: Record<string, KindResult>;
  /** The kinds of each demand together, one client. */
  demands: Record<Demand, Latencies>;
  /** All kinds, one client. */
  clients1: LoadFigures;
  /** All kinds in turn, four clients. */
  clients4: LoadFigures;
}

const warmUps = 10;
const perKind = 60;
const mixedRounds = 100;

export async function runSearches(bench: Bench): Promise<SearchResult> {
  const { server } = bench;
  const samples = await takeSamples(server.pool);
  const measuring = { unit: 'search', server: server.processId, postmaster: server.postmaster };
  const kinds: Record<string, KindResult> = {};
  const byDemand: Record<Demand, number[]> = { selective: [], walking: [], counting: [] };
  const all: HttpRequest[] = [];
  for (const [name, kind] of Object.entries(searchKinds)) {
    const requests = await prepareRequests(server, kind, samples);
    const { latenciesMs, ...figures } = await runKind(server, name, requests);
    kinds[name] = figures;
    byDemand[kind.demand].push(...latenciesMs);
    bench.log(`search: ${name}: p50 ${kinds[name].p50Ms} ms, p95 ${kinds[name].p95Ms} ms`);
    all.push(...requests.slice(warmUps));
  }
  const mixed = Array.from(
    { length: mixedRounds * Object.keys(kinds).length },
    // A stride through all requests takes the kinds in turn; it shares no factor with their number.
    (_item, index) => all[(index * (perKind + 1)) % all.length] as HttpRequest,
  );
  return {
    kinds,
    demands: {
      selective: latencies(byDemand.selective),
      walking: latencies(byDemand.walking),
      counting: latencies(byDemand.counting),
    },
    clients1: await measureLoad(measuring, server.address, all, 1),
    clients4: await measureLoad(measuring, server.address, mixed, 4),
  };
}

async function prepareRequests({ address }: BenchServer, kind: SearchKind, samples: Samples): Promise<HttpRequest[]> {
  const requests: HttpRequest[] = [];
  const agent = new Agent({ keepAlive: true });
  try {
    for (let index = 0; requests.length < warmUps + perKind; index++) {
      const request: HttpRequest = { method: 'GET', path: `/fhir/${kind.address(samples, index)}` };
      const path = kind.isSecondPage ? await nextPage(agent, address, request) : request.path;
      if (path !== undefined) requests.push({ ...request, path });
      else if (index > 1000) throw new Error(`No search of this kind has a second page: ${request.path}`);
    }
  } finally {
    agent.destroy();
  }
  return requests;
}

async function nextPage(agent: Agent, address: string, request: HttpRequest): Promise<string | undefined> {
  const { text } = await send(agent, address, request);
  const { link = [] } = JSON.parse(text) as Bundle;
  const url = link.find(({ relation }) => relation === 'next')?.url;
  return url?.slice(new URL(url).origin.length);
}

async function runKind({ address }: BenchServer, name: string, requests: HttpRequest[]) {
  await drive(address, requests.slice(0, warmUps), 1);
  const found: number[] = [];
  const { latenciesMs } = await drive(address, requests.slice(warmUps), 1, ({ path }, { text }) => {
    found.push(countFound(path, JSON.parse(text) as Bundle));
  });
  if (found.every((count) => count === 0)) throw new Error(`No search "${name}" found anything`);
  return { ...latencies(latenciesMs), found: quantile(found, 0.5), latenciesMs };
}

/** A search that the server could not do as asked says so in an entry of mode outcome. */
function countFound(path: string, { entry = [], total = 0 }: Bundle): number {
  const outcome = entry.find(({ search }) => search?.mode === 'outcome');
  if (outcome) throw new Error(`${path} was not searched as asked: ${JSON.stringify(outcome.resource)}`);
  return path.includes('_summary=count') ? total : entry.filter(({ search }) => search?.mode === 'match').length;
}
