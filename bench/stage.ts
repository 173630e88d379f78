import { drive, type HttpRequest } from './load.ts';
import { measureLoad, take } from './measure-load.ts';
import { countResources } from './queries.ts';
import type { Bench } from './scenario.ts';
import { sampleBodies } from './scenarios/create.ts';
import { patientSearches, takeSamples } from './search-samples.ts';
import type { StageCosts } from './stage-costs.ts';

const requestCount = 1500;

/** Measures reads, searches and creates on what is stored now; the creates add to it. */
export async function measureStage(bench: Bench): Promise<StageCosts> {
  const { server, log } = bench;
  const resources = await countResources(server.pool);
  log(`stage: ${resources} resources`);
  const samples = await takeSamples(server.pool);
  const reads = samples.patients.map(({ id }): HttpRequest => ({ method: 'GET', path: `/fhir/Patient/${id}` }));
  const searches = patientSearches(samples).map((path): HttpRequest => ({ method: 'GET', path: `/fhir/${path}` }));
  const creates = await sampleBodies(bench);
  const run = async (unit: string, requests: HttpRequest[], clients: number) => {
    // The code is compiled, and the statements are prepared, before anything counts.
    await drive(server.address, take(requests, requestCount), clients);
    const measuring = { unit, server: server.processId, postmaster: server.postmaster };
    return measureLoad(measuring, server.address, take(requests, requestCount), clients);
  };
  return {
    resources,
    read: await run('read', reads, 1),
    search: await run('search', searches, 1),
    create: await run('resource', creates, 8),
  };
}
