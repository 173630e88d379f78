import { createToken } from '#adapters/smart/index.ts';
import { consentDenial, grantKey, grantKinds } from '#fhir/access/index.ts';
import { createFhir } from '#fhir/assemble.ts';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool } from '#lib/postgres/pool.ts';
import type { Principal } from '#modules/access/index.ts';
import { bearer } from '../authorization.ts';
import { drive, type HttpRequest } from '../load.ts';
import { grantPatients, selectRidsOf } from '../queries.ts';
import type { Bench } from '../scenario.ts';
import { searchKinds } from '../search-kinds.ts';
import { patientOf, type Samples, takeSamples } from '../search-samples.ts';
import { type Latencies, latencies, round } from '../statistics.ts';

type Side = 'system' | 'clinician';

interface Compared extends Record<Side, Latencies> {
  /** What a clinician waits, of what a client for which everything is open does. */
  p50Ratio: number;
  p95Ratio: number;
}

export interface AccessResult {
  /** Patients whose record is open to the clinician, and how many there are. */
  open: number;
  patients: number;
  kinds: Record<string, Compared>;
  /** The selective kinds together. */
  searches: Compared;
  reads: Compared;
}

const warmUps = 40;
const perKind = 120;
const reads = 500;
/** One client takes its requests in turns of so many, so that both sides see the same machine. */
const perTurn = 20;

/** The same selective searches by a client that may see everything, and by a physician of a hospital. */
export async function runAccess(bench: Bench): Promise<AccessResult> {
  const { server, log } = bench;
  const pool = createPool(server.connectionString, { max: 4, applicationName: 'meridian bench' });
  try {
    const fhir = createFhir({ pool, sidePool: pool, baseUrl: `${server.address}/fhir`, now: Date.now });
    const open = await openRecords(fhir);
    const samples = samplesOf(await takeSamples(pool), open.ids);
    const tokens = { system: await tokenOf(fhir, system), clinician: await tokenOf(fhir, physician) };
    const kinds: Record<string, Compared> = {};
    const all: Record<Side, number[]> = { system: [], clinician: [] };
    for (const [name, kind] of Object.entries(searchKinds)) {
      if (kind.demand !== 'selective' || kind.isSecondPage) continue;
      const requests = Array.from({ length: warmUps + perKind }, (_item, index) =>
        get(`/fhir/${kind.address(samples, index)}`),
      );
      const measured = await driveBoth(server.address, requests, tokens);
      for (const side of ['system', 'clinician'] as const) all[side].push(...measured[side]);
      kinds[name] = compare(measured);
      log(`access: ${name}: p50 ${kinds[name].clinician.p50Ms} ms, ${kinds[name].p50Ratio} times that of a system`);
    }
    const readable = await readableBy(server.address, tokens.clinician, samples);
    const requests = Array.from({ length: reads }, (_item, index) => get(readable[index % readable.length] ?? ''));
    const compared = { searches: compare(all), reads: compare(await driveBoth(server.address, requests, tokens)) };
    return { open: open.ids.size, patients: open.patients, kinds, ...compared };
  } finally {
    await pool.end();
  }
}

/** Addresses of the Observations that may be read: some are closed, or sensitive, in records that are open. */
async function readableBy(address: string, token: string, { observations }: Samples): Promise<string[]> {
  const readable: string[] = [];
  for (const { id } of observations) {
    const path = `/fhir/Observation/${id}`;
    const { ok } = await fetch(`${address}${path}`, { headers: bearer(token) });
    if (ok) readable.push(path);
  }
  if (readable.length === 0) throw new Error('The physician may read none of the sampled Observations');
  return readable;
}

const get = (path: string): HttpRequest => ({ method: 'GET', path });

const system: Principal = {
  reference: 'Device/bench-system',
  display: 'Bench: system',
  role: 'system',
  purpose: 'TREAT',
  scopes: ['system/*.rs'],
};
const physician: Principal = {
  reference: 'Practitioner/bench-physician',
  display: 'Bench: physician',
  role: 'hospital-physician',
  organization: 'Organization/bench-hospital',
};

const tokenOf = (fhir: FhirContext, principal: Principal): Promise<string> =>
  createToken(fhir, 'bench', { principal, minutes: 60 });

const organizationType = 'http://terminology.hl7.org/CodeSystem/organization-type';
const organization = (id: string, name: string, kind: string, partOf?: string): JsonObject => ({
  resourceType: 'Organization',
  id,
  name,
  type: [{ coding: [{ system: organizationType, code: kind }] }],
  ...(partOf !== undefined && { partOf: { reference: `Organization/${partOf}` } }),
});

/** A hospital with departments, and a health centre that keeps the registrations, below one health authority. */
const world: JsonObject[] = [
  organization('bench-authority', 'Bench health commission', 'govt'),
  organization('bench-hospital', 'Bench hospital', 'prov', 'bench-authority'),
  organization('bench-cardiology', 'Cardiology', 'dept', 'bench-hospital'),
  organization('bench-surgery', 'Surgery', 'dept', 'bench-hospital'),
  organization('bench-centre', 'Bench health centre', 'prov', 'bench-authority'),
  { resourceType: 'Practitioner', id: 'bench-physician', name: [{ text: 'Bench physician' }] },
];

/** The hospital treats two patients of three; one patient of fifty has closed a category to it. All are registered below. */
async function openRecords({ pool, store }: FhirContext): Promise<{ ids: Set<string>; patients: number }> {
  await store.commit(
    world.map((resource) => ({ type: `${resource.resourceType}`, id: `${resource.id}`, method: 2, resource })),
  );
  const [hospital, centre] = await selectRidsOf(pool, resourceTypeNumber('Organization'), [
    'bench-hospital',
    'bench-centre',
  ]);
  if (hospital === undefined || centre === undefined) throw new Error('The organisations of the bench are not there');
  const type = resourceTypeNumber('Patient');
  const patients = await grantPatients(pool, { type, key: grantKey(centre, grantKinds.custodian), of: 1, first: 1 });
  await grantPatients(pool, { type, key: grantKey(hospital, consentDenial(1)), of: 50, first: 1 });
  const treated = await grantPatients(pool, { type, key: grantKey(hospital, grantKinds.treating), of: 3, first: 2 });
  return { ids: new Set(treated), patients: patients.length };
}

/** Of whom a clinician may see. */
function samplesOf(samples: Samples, open: ReadonlySet<string>): Samples {
  const isOpen = (item: { subject?: { reference?: string } }): boolean =>
    open.has(patientOf(item)?.replace('Patient/', '') ?? '');
  return {
    patients: samples.patients.filter(({ id = '' }) => open.has(id)),
    encounters: samples.encounters.filter(isOpen),
    observations: samples.observations.filter(isOpen),
    conditions: samples.conditions.filter(isOpen),
    medicationRequests: samples.medicationRequests.filter(isOpen),
  };
}

/** The first requests warm both sides up, and are not counted. */
async function driveBoth(
  address: string,
  requests: readonly HttpRequest[],
  tokens: Record<Side, string>,
): Promise<Record<Side, number[]>> {
  const measured: Record<Side, number[]> = { system: [], clinician: [] };
  const sides: Side[] = ['system', 'clinician'];
  for (let from = 0; from < requests.length; from += perTurn) {
    for (const side of sides) {
      const turn = requests.slice(from, from + perTurn).map((request) => ({ ...request, token: tokens[side] }));
      const { latenciesMs } = await drive(address, turn, 1);
      if (from >= warmUps) measured[side].push(...latenciesMs);
    }
    sides.reverse();
  }
  return measured;
}

function compare({ system, clinician }: Record<Side, number[]>): Compared {
  const sides = { system: latencies(system), clinician: latencies(clinician) };
  return {
    ...sides,
    p50Ratio: round(sides.clinician.p50Ms / sides.system.p50Ms, 3),
    p95Ratio: round(sides.clinician.p95Ms / sides.system.p95Ms, 3),
  };
}
