import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compartments, searchParameters } from '#fhir/definitions/index.ts';
import { searchParameter } from '#fhir/indexing/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { clinicalDateCodes } from '../../indexing/index.ts';

let server: TestServer;

interface Entry {
  fullUrl: string;
  search: { mode: string };
}

const put = async (resource: { resourceType: string; id: string; [name: string]: unknown }) => {
  const { status, text } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
  expect(status, text).toBe(201);
};

const observation = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'Patient/ann' },
  ...more,
});

const nameOf = ({ fullUrl }: Entry) => fullUrl.replace('http://127.0.0.1/fhir/', '');

async function namesAt(url: string): Promise<string[]> {
  const { status, body, text } = await server.get(url);
  expect(status, text).toBe(200);
  return (body.entry ?? []).map(nameOf);
}

/** Every page in its order, as a client walks them. */
async function pagesOf(url: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = url; next; ) {
    const { body } = await server.get(next);
    pages.push((body.entry ?? []).map(nameOf));
    expect(pages.length).toBeLessThan(100);
    const link = body.link.find(({ relation }: { relation: string }) => relation === 'next');
    next = link?.url.replace('http://127.0.0.1/fhir', '');
  }
  return pages;
}

beforeAll(async () => {
  server = await startTestServer();
  await put({ resourceType: 'Organization', id: 'region', name: 'Region' });
  await put({
    resourceType: 'Organization',
    id: 'clinic',
    name: 'Clinic',
    partOf: { reference: 'Organization/region' },
  });
  await put({ resourceType: 'Organization', id: 'elsewhere', name: 'Nobody refers to it' });
  await put({ resourceType: 'Practitioner', id: 'doctor' });
  await put({ resourceType: 'Medication', id: 'pill', manufacturer: { reference: 'Organization/maker' } });
  await put({ resourceType: 'Organization', id: 'maker', name: 'Maker' });
  await put({ resourceType: 'Location', id: 'ward', managingOrganization: { reference: 'Organization/clinic' } });
  await put({ resourceType: 'Patient', id: 'ann', managingOrganization: { reference: 'Organization/clinic' } });
  await put({ resourceType: 'Patient', id: 'bob', generalPractitioner: [{ reference: 'Practitioner/doctor' }] });
  await put({
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/ann' },
    location: [{ location: { reference: 'Location/ward' } }],
    diagnosis: [{ condition: { reference: 'Condition/found' } }],
    period: { start: '2020-03-01', end: '2020-03-02' },
  });
  await put({
    resourceType: 'Condition',
    id: 'found',
    subject: { reference: 'Patient/ann' },
    onsetDateTime: '2020-02',
  });
  await put({
    resourceType: 'MedicationRequest',
    id: 'order',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/ann' },
    encounter: { reference: 'Encounter/visit' },
    medicationReference: { reference: 'Medication/pill' },
    requester: { reference: 'Practitioner/doctor' },
    authoredOn: '2020-03-01T10:00:00Z',
  });
  await put(observation('early', { effectiveDateTime: '2019-05-05' }));
  await put(observation('late', { effectiveDateTime: '2021-05-05', encounter: { reference: 'Encounter/visit' } }));
  await put(observation('undated'));
  await put(observation('deleted'));
  await server.send('DELETE', '/Observation/deleted');
  await put(observation('of-bob', { subject: { reference: 'Patient/bob' } }));
  await put({
    resourceType: 'Group',
    id: 'both',
    type: 'person',
    actual: true,
    member: [{ entity: { reference: 'Patient/ann' } }, { entity: { reference: 'Patient/bob' } }],
  });
});

afterAll(async () => {
  await server.stop();
});

const ofAnn = [
  'Patient/ann',
  'Condition/found',
  'Encounter/visit',
  'Group/both',
  'MedicationRequest/order',
  'Observation/early',
  'Observation/late',
  'Observation/undated',
];
const aroundAnn = [
  'Location/ward',
  'Medication/pill',
  'Organization/clinic',
  'Organization/maker',
  'Organization/region',
  'Practitioner/doctor',
];

describe('Patient/$everything', () => {
  test('has the patient first, the compartment, and what that refers to; nothing of others', async () => {
    const { body } = await server.get('/Patient/ann/$everything');
    const names: string[] = body.entry.map(nameOf);
    expect(names[0]).toBe('Patient/ann');
    expect(names.toSorted()).toEqual([...ofAnn, ...aroundAnn].sort());
    const matches = body.entry.filter(({ search }: Entry) => search.mode === 'match').map(nameOf);
    expect(matches.toSorted()).toEqual(ofAnn.toSorted());
    expect(body.total).toBe(ofAnn.length);
  });

  test.each([1, 2, 3, 7, 14, 100])('in pages of %i has the same, each once, no page empty', async (count) => {
    const pages = await pagesOf(`/Patient/ann/$everything?_count=${count}`);
    expect(pages.flat()).toEqual(await namesAt('/Patient/ann/$everything'));
    expect(pages).toHaveLength(Math.ceil((ofAnn.length + aroundAnn.length) / count));
    expect(pages.every((page) => page.length > 0)).toBe(true);
  });

  test('has only the types of _type, and what supports them all the same', async () => {
    expect(await namesAt('/Patient/ann/$everything?_type=Condition,Practitioner')).toEqual([
      'Condition/found',
      'Practitioner/doctor',
    ]);
  });

  test('has only what was written since _since, and the patient', async () => {
    const { headers } = await server.get('/Observation/undated');
    const { body } = await server.get('/Observation/undated');
    expect(headers['last-modified']).toBeDefined();
    const names = await namesAt(`/Patient/ann/$everything?_since=${body.meta.lastUpdated}`);
    expect(names).toContain('Patient/ann');
    expect(names).toContain('Observation/undated');
    expect(names).not.toContain('Observation/early');
    expect(names).not.toContain('Organization/region');
    const pages = await pagesOf(`/Patient/ann/$everything?_since=${body.meta.lastUpdated}&_count=1`);
    expect(pages.flat()).toEqual(names);
    expect(pages.every((page) => page.length === 1)).toBe(true);
  });

  test('has only care between start and end, and what has no date', async () => {
    const names = await namesAt('/Patient/ann/$everything?start=2020-03&end=2020-12-31');
    expect(names).toContain('MedicationRequest/order');
    expect(names).toContain('Encounter/visit');
    expect(names).toContain('Observation/undated');
    expect(names).not.toContain('Observation/early');
    expect(names).not.toContain('Observation/late');
    const early = await namesAt('/Patient/ann/$everything?end=2019-12-31');
    expect(early).toContain('Observation/early');
    expect(early, 'nothing that is left refers to it').not.toContain('Medication/pill');
  });

  test('takes its parameters from Parameters as well', async () => {
    const parameters = { resourceType: 'Parameters', parameter: [{ name: '_count', valueInteger: 2 }] };
    const { body } = await server.send('POST', '/Patient/ann/$everything', parameters);
    expect(body.entry).toHaveLength(2);
    const next = body.link.find(({ relation }: { relation: string }) => relation === 'next');
    const { body: second } = await server.get(next.url.replace('http://127.0.0.1/fhir', ''));
    expect(second.entry).toHaveLength(2);
  });

  test('works as an entry of a batch', async () => {
    const { body } = await server.send('POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'Patient/ann/$everything' } }],
    });
    expect(body.entry[0].resource.entry).toHaveLength(ofAnn.length + aroundAnn.length);
  });

  test('at the type goes through all patients, each resource once on a page', async () => {
    const names = await namesAt('/Patient/$everything');
    expect(names.toSorted()).toEqual([...ofAnn, ...aroundAnn, 'Patient/bob', 'Observation/of-bob'].sort());
    const pages = await pagesOf('/Patient/$everything?_count=3');
    expect(new Set(pages.flat())).toEqual(new Set(names));
  });

  test.each([
    ['/Patient/nobody/$everything', 404],
    ['/Patient/ann/$everything?_type=Persn', 400],
    ['/Patient/ann/$everything?_count=0', 400],
    ['/Patient/ann/$everything?_count=x', 400],
    ['/Patient/ann/$everything?_cursor=1', 400],
    ['/Patient/ann/$everything?_cursor=5-1-7', 400],
    ['/Patient/ann/$everything?start=yesterday', 400],
    ['/Patient/ann/$everything?_sort=x', 400],
    ['/Observation/late/$everything', 404],
    ['/Encounter/$everything', 404],
  ])('%s answers %i', async (url, status) => {
    const answer = await server.get(url);
    expect(answer.status).toBe(status);
    expect(answer.body.resourceType).toBe('OperationOutcome');
  });

  test('of a deleted patient is 410', async () => {
    await put({ resourceType: 'Patient', id: 'gone' });
    await server.send('DELETE', '/Patient/gone');
    expect((await server.get('/Patient/gone/$everything')).status).toBe(410);
  });
});

describe('Encounter/$everything', () => {
  test('has the encounter, what refers to it, and what it refers to', async () => {
    const names = await namesAt('/Encounter/visit/$everything');
    expect(names[0]).toBe('Encounter/visit');
    expect(names.toSorted()).toEqual(
      [
        'Encounter/visit',
        'MedicationRequest/order',
        'Observation/late',
        'Patient/ann',
        'Condition/found',
        ...aroundAnn.filter((name) => !/clinic|region/.test(name)),
        'Organization/clinic',
        'Organization/region',
      ].sort(),
    );
    expect((await pagesOf('/Encounter/visit/$everything?_count=2')).flat()).toEqual(names);
  });
});

describe('a patient with much', () => {
  const count = 1300;

  beforeAll(async () => {
    await put({ resourceType: 'Patient', id: 'much' });
    const resource = (index: number) => ({
      ...observation(`much-${index}`, { subject: { reference: 'Patient/much' } }),
      performer: [{ reference: `Practitioner/much-${index % 700}` }],
    });
    const entry = Array.from({ length: count }, (_, index) => ({
      resource: resource(index),
      request: { method: 'PUT', url: `Observation/much-${index}` },
    }));
    const practitioners = Array.from({ length: 700 }, (_, index) => ({
      resource: { resourceType: 'Practitioner', id: `much-${index}` },
      request: { method: 'PUT', url: `Practitioner/much-${index}` },
    }));
    const { status } = await server.send('POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [...entry, ...practitioners],
    });
    expect(status).toBe(200);
  });

  test('is whole in one stream, and in pages', async () => {
    const names = await namesAt('/Patient/much/$everything');
    expect(names).toHaveLength(1 + count + 700);
    expect(new Set(names).size).toBe(names.length);
    expect((await pagesOf('/Patient/much/$everything?_count=1000')).flat()).toEqual(names);
    expect(await namesAt('/Patient/much/$everything?_count=5000')).toHaveLength(1000);
  });

  test('keeps its pages while others write', async () => {
    const { body } = await server.get('/Patient/much/$everything?_count=1000');
    await server.send('PUT', '/Observation/much-0', {
      ...observation('much-0'),
      subject: { reference: 'Patient/much' },
      note: [{ text: 'x' }],
    });
    await server.send('DELETE', '/Observation/much-1');
    const next = body.link.find(({ relation }: { relation: string }) => relation === 'next');
    const rest = await pagesOf(next.url.replace('http://127.0.0.1/fhir', ''));
    const names = [...body.entry.map(nameOf), ...rest.flat()];
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(1 + count + 700);
  });
});

describe('the tables behind it', () => {
  test.each(Object.entries(compartments.Encounter))('%s refers to encounters by %j', (type, codes) => {
    for (const code of codes) {
      const definition = searchParameters.find((parameter) => parameter.code === code && parameter.base.includes(type));
      expect(definition?.type).toBe('reference');
      const targets = definition?.target ?? [];
      expect(targets.includes('Encounter') || targets.length > 100).toBe(true);
    }
  });

  test.each(Object.entries(clinicalDateCodes))('%s has the dates %j', (type, codes) => {
    for (const code of codes) expect(searchParameter(type, code)?.type).toBe('date');
  });
});
