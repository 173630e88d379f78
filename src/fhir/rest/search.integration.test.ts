import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const meta = {
    profile: ['http://example.org/StructureDefinition/heights|1.0'],
    tag: [{ system: 'urn:tag', code: 'a' }],
    security: [
      { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R', display: 'restricted' },
    ],
    source: 'http://clinic.example.org/system#1',
  };
  const code = { coding: [{ system: 'http://loinc.org', code: '8302-2' }] };
  for (const resource of [
    { resourceType: 'Patient', id: 'p', name: [{ family: 'Lin' }] },
    {
      resourceType: 'Patient',
      id: 'q',
      name: [{ family: 'Wu' }],
      link: [{ other: { reference: 'Patient/p' }, type: 'refer' }],
    },
    {
      resourceType: 'Observation',
      id: 'marked',
      meta,
      status: 'final',
      code,
      subject: { reference: 'Patient/p/_history/1' },
    },
    {
      resourceType: 'Observation',
      id: 'plain',
      status: 'final',
      code,
      subject: { identifier: { system: 'urn:mrn', value: '7' } },
    },
    {
      resourceType: 'PlanDefinition',
      id: 'plan',
      url: 'http://example.org/plan',
      version: '2',
      name: 'Weaning',
      status: 'active',
    },
    {
      resourceType: 'CarePlan',
      id: 'c',
      status: 'active',
      intent: 'plan',
      subject: { reference: 'Patient/p' },
      instantiatesCanonical: ['http://example.org/plan|2'],
    },
  ]) {
    const { status, text } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    expect(status, text).toBe(201);
  }
});

afterAll(() => server.stop());

const strict = { prefer: 'handling=strict' };
const idsOf = (body: { entry?: { resource: { id: string }; search: { mode: string } }[] }): string[] =>
  (body.entry ?? [])
    .filter(({ search }) => search.mode === 'match')
    .map(({ resource }) => resource.id)
    .sort();

describe('what all resources have', () => {
  it.each([
    ['_profile=http://example.org/StructureDefinition/heights', ['marked']],
    ['_profile=http://example.org/StructureDefinition/heights|1.0', ['marked']],
    ['_profile:missing=true', ['plain']],
    ['_profile:not=http://example.org/StructureDefinition/heights', ['plain']],
    ['_tag=urn:tag|a', ['marked']],
    ['_tag=a', ['marked']],
    ['_tag=urn:tag|', ['marked']],
    ['_tag:not=urn:tag|a', ['plain']],
    ['_tag:missing=true', ['plain']],
    ['_security=R', ['marked']],
    ['_security:text=restr', ['marked']],
    ['_security:missing=false', ['marked']],
    ['_source=http://clinic.example.org/system%231', ['marked']],
    ['_source:below=http://clinic.example.org', ['marked']],
    ['_source:missing=true', ['plain']],
    ['_id:not=plain', ['marked']],
    ['_lastUpdated=gt2000', ['marked', 'plain']],
    ['_contained=false', ['marked', 'plain']],
  ])('is searched by %s', async (query, expected) => {
    const { status, body } = await server.get(`/Observation?${query}`, strict);
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(expected);
    const all = await server.get(`/?_type=Observation,PlanDefinition&${query}`, strict);
    expect(idsOf(all.body)).toEqual(expect.arrayContaining(expected));
  });
});

describe('a reference', () => {
  it.each([
    ['Observation?subject=Patient/p', ['marked']],
    ['Observation?subject=Patient/p/_history/1', ['marked']],
    ['Observation?subject=http://127.0.0.1/fhir/Patient/p', ['marked']],
    ['Observation?patient.name=lin', ['marked']],
    ['Observation?subject:identifier=urn:mrn|7', ['plain']],
    ['Observation?subject:Patient.name=wu', []],
    ['CarePlan?instantiates-canonical=http://example.org/plan', ['c']],
    ['CarePlan?instantiates-canonical=http://example.org/plan|2', ['c']],
    ['CarePlan?instantiates-canonical=http://example.org/plan|3', []],
    ['CarePlan?instantiates-canonical:PlanDefinition.name=wean', ['c']],
    ['CarePlan?instantiates-canonical:PlanDefinition.name=other', []],
  ])('is followed: %s', async (query, expected) => {
    const { status, body, text } = await server.get(`/${query}`, strict);
    expect(status, text).toBe(200);
    expect(idsOf(body)).toEqual(expected);
  });
});

describe('a search', () => {
  it('by form is the same as one by address, and both together', async () => {
    const form = await server.app.inject({
      method: 'POST',
      url: '/fhir/Observation/_search?_tag=a',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'code=http%3A%2F%2Floinc.org%7C8302-2&status=final',
    });
    expect(form.statusCode).toBe(200);
    expect(idsOf(form.json())).toEqual(['marked']);
  });

  it.each([
    'Patient?nonsense=1',
    'Patient?name:nonsense=1',
    'Patient?_sort=nonsense',
    'Patient?_include=Patient:nonsense',
    'Patient?_contained=true',
    'Patient?birthdate=yesterday',
    'Patient?_count=many',
    'Patient?_filter=name is x',
    'Patient?_text=(',
    'PlanDefinition?_has:CarePlan:instantiates-canonical:patient=Patient/p',
  ])('that is not understood is answered with 400 when it is to be strict: %s', async (url) => {
    const { status, body } = await server.get(`/${url}`, strict);
    expect(status).toBe(400);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] });
  });

  it('that is lenient says what it passed over, and links to what it did', async () => {
    const { status, body } = await server.get('/Patient?nonsense=1&family=lin');
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(['p']);
    expect(body.entry.at(-1)).toMatchObject({
      search: { mode: 'outcome' },
      resource: { issue: [{ severity: 'warning', diagnostics: expect.stringContaining('nonsense') }] },
    });
    expect(body.link[0].url).not.toContain('nonsense');
  });

  it('of contained resources is refused even when it is lenient', async () => {
    expect((await server.get('/Patient?_contained=both')).status).toBe(400);
  });

  it('says that pages have no more than a thousand entries', async () => {
    const { body } = await server.get('/Patient?_count=100000');
    expect(body.entry.at(-1)).toMatchObject({
      search: { mode: 'outcome' },
      resource: { issue: [{ code: 'too-costly' }] },
    });
  });

  it('promises in the CapabilityStatement only what it answers', async () => {
    const { body } = await server.get('/metadata');
    const patient = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
    const names = patient.searchParam.map(({ name }: { name: string }) => name);
    expect(names).toContain('_text');
    expect(names).not.toContain('_content');
    expect((await server.get('/Patient?_content=x', strict)).status).toBe(400);
  });
});

describe('what says how a search is answered', () => {
  it.each(['_count=1&_count=2', '_summary=true&_summary=false', '_total=none&_total=accurate'])(
    'is refused when it is given twice: %s',
    async (query) => {
      expect((await server.get(`/Patient?${query}`)).status).toBe(400);
    },
  );

  it.each(['_sort=', '_elements=', '_elements=,', '_include=Patient:organization:Organization:more'])(
    'is refused, or reported, when it says nothing or too much: %s',
    async (query) => {
      expect((await server.get(`/Patient?${query}`, { prefer: 'handling=strict' })).status).toBe(400);
      const { status, body } = await server.get(`/Patient?${query}`);
      expect(status).toBe(200);
      expect(body.entry.at(-1).resource.resourceType).toBe('OperationOutcome');
    },
  );
});
