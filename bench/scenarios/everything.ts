import type { Bundle } from 'fhir/r4.js';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import { drive, type HttpRequest } from '../load.ts';
import type { Measured } from '../measure.ts';
import { measureLoad } from '../measure-load.ts';
import { sampleResources } from '../queries.ts';
import type { Bench } from '../scenario.ts';
import { type Latencies, quantile, round } from '../statistics.ts';

export interface EverythingResult extends Measured, Latencies {
  /** Median over residents with many resources. */
  msPerThousandResources: number;
  resourcesPerResident: number;
}

/** Enough that what each request costs by itself counts little. */
const manyResources = 500;
const residents = 400;
const mostRequests = 40;

/** The whole record of one resident after another, one client. */
export async function runEverything({ server, log }: Bench): Promise<EverythingResult> {
  const patients = await sampleResources(server.pool, resourceTypeNumber('Patient'), residents);
  const requests = patients.map(({ id }): HttpRequest => ({ method: 'GET', path: `/fhir/Patient/${id}/$everything` }));
  const sizes = new Map<string, number>();
  await drive(server.address, requests, 1, ({ path }, { text }) => {
    sizes.set(path, (JSON.parse(text) as Bundle).entry?.length ?? 0);
  });
  const large = requests.filter(({ path }) => (sizes.get(path) ?? 0) >= manyResources).slice(0, mostRequests);
  const chosen = large.length > 0 ? large : requests.slice(0, mostRequests);
  log(`everything: ${chosen.length} residents`);
  const perThousand: number[] = [];
  await drive(server.address, chosen, 1, ({ path }, { latencyMs }) => {
    perThousand.push((latencyMs * 1000) / (sizes.get(path) ?? 1));
  });
  const counted = chosen.map((request) => ({ ...request, units: sizes.get(request.path) ?? 0 }));
  const measuring = { unit: 'resource', server: server.processId, postmaster: server.postmaster };
  return {
    ...(await measureLoad(measuring, server.address, counted, 1)),
    msPerThousandResources: round(quantile(perThousand, 0.5)),
    resourcesPerResident: quantile(
      chosen.map(({ path }) => sizes.get(path) ?? 0),
      0.5,
    ),
  };
}
