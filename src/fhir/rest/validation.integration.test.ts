import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

const base = 'http://meridian.health/fhir/StructureDefinition/';

const observation = (changes: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: 'Patient/1' },
  ...changes,
});

const issuesIn = (body: { issue: { severity: string; code: string; expression?: string[] }[] }) =>
  body.issue.map(({ severity, code, expression }) => `${severity} ${code} ${expression?.[0] ?? ''}`.trim());

describe('a server that is strict', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(() => server.stop());

  test('refuses a code, a reference and a combination that R4 does not allow, and says all at once', async () => {
    const { status, body } = await server.send(
      'POST',
      '/Observation',
      observation({
        status: 'done',
        subject: { reference: 'Practitioner/1' },
        valueInteger: 1,
        dataAbsentReason: { text: 'lost' },
        effectivePeriod: { start: '2024-02-01', end: '2024-01-01' },
      }),
    );
    expect(status).toBe(422);
    expect(issuesIn(body).sort()).toEqual([
      'error code-invalid Observation.status',
      'error invariant Observation',
      'error invariant Observation.effective.ofType(Period)',
      'error value Observation.subject',
    ]);
  });

  test('refuses what is contained and never mentioned, and a reference to what is not contained', async () => {
    const contained = [{ resourceType: 'Patient', id: 'p' }];
    const unused = await server.send('POST', '/Observation', observation({ contained }));
    expect(issuesIn(unused.body)).toEqual(['error invariant Observation.contained[0]']);
    const used = observation({ contained, subject: { reference: '#p' } });
    expect((await server.send('POST', '/Observation', used)).status).toBe(201);
    const missing = await server.send('POST', '/Observation', observation({ subject: { reference: '#q' } }));
    expect(issuesIn(missing.body)).toEqual(['error invariant Observation.subject']);
  });

  test('refuses a transaction for one entry, and says which', async () => {
    const entry = (resource: object) => ({ resource, request: { method: 'POST', url: 'Observation' } });
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [entry(observation()), entry(observation({ status: 'x' }))],
    };
    const { status, body } = await server.send('POST', '/', bundle);
    expect(status).toBe(422);
    expect(issuesIn(body)).toEqual(['error code-invalid Bundle.entry[1].resource.status']);
    expect(
      (await server.get('/Observation?_summary=count&status=final&code=8867-4&subject=Patient/1')).body.total,
    ).toBe(0);
  });

  test('refuses a patch that breaks a rule', async () => {
    const { body } = await server.send('POST', '/Observation', observation());
    const patch = [{ op: 'replace', path: '/status', value: 'x' }];
    const { status } = await server.app
      .inject({
        method: 'PATCH',
        url: `/fhir/Observation/${body.id}`,
        headers: { 'content-type': 'application/json-patch+json' },
        payload: JSON.stringify(patch),
      })
      .then(({ statusCode }) => ({ status: statusCode }));
    expect(status).toBe(422);
  });

  test('names no more than a hundred issues, and how many more there are', async () => {
    const component = Array.from({ length: 150 }, () => ({ code: { text: 'x' }, valueQuantity: { code: 'mg' } }));
    const { body } = await server.send('POST', '/Observation', observation({ component }));
    expect(body.issue).toHaveLength(101);
    expect(body.issue[100].diagnostics).toBe('There are at least 50 more issues; correct these first.');
  });

  test('checks the profiles of Meridian that a resource claims, and passes over claims that nobody knows', async () => {
    const claiming = (profile: string, changes: object = {}) => ({
      resourceType: 'Patient',
      meta: { profile: [profile] },
      ...changes,
    });
    const { status, body } = await server.send('POST', '/Patient', claiming(`${base}resident-patient`));
    expect(status).toBe(400);
    expect(issuesIn(body).sort()).toEqual([
      'error required Patient.birthDate',
      'error required Patient.gender',
      'error required Patient.identifier',
      'error required Patient.name',
    ]);
    expect((await server.send('POST', '/Patient', claiming('http://example.org/unknown'))).status).toBe(201);
  });

  test('checks a profile that was stored, with codes of a value set that was stored', async () => {
    const url = 'http://example.org/StructureDefinition/ward';
    const valueSet = 'http://example.org/ValueSet/ward';
    const system = 'http://example.org/CodeSystem/ward';
    await server.send('PUT', '/ValueSet/ward', {
      resourceType: 'ValueSet',
      id: 'ward',
      url: valueSet,
      status: 'active',
      compose: { include: [{ system, concept: [{ code: 'icu' }] }] },
    });
    const stored = await server.send('PUT', '/StructureDefinition/ward', {
      resourceType: 'StructureDefinition',
      id: 'ward',
      url,
      name: 'Ward',
      status: 'active',
      kind: 'resource',
      abstract: false,
      type: 'Location',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Location',
      derivation: 'constraint',
      differential: {
        element: [
          { id: 'Location', path: 'Location' },
          { id: 'Location.name', path: 'Location.name', min: 1 },
          {
            id: 'Location.physicalType',
            path: 'Location.physicalType',
            min: 1,
            binding: { strength: 'required', valueSet },
          },
        ],
      },
    });
    expect(stored.status).toBe(201);
    const ward = (code: string) => ({
      resourceType: 'Location',
      meta: { profile: [url] },
      name: 'Ward 3',
      physicalType: { coding: [{ system, code }] },
    });
    expect((await server.send('POST', '/Location', ward('icu'))).status).toBe(201);
    const refused = await server.send('POST', '/Location', ward('garden'));
    expect([refused.status, issuesIn(refused.body)]).toEqual([422, ['error code-invalid Location.physicalType']]);
  });
});

describe('$validate', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(() => server.stop());

  const parameters = (resource: object, ...others: object[]) => ({
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource }, ...others],
  });

  const withoutWarnings = (body: Parameters<typeof issuesIn>[0]) =>
    issuesIn(body).filter((issue) => issue.startsWith('error'));

  test('takes a resource as it is or in Parameters, and stores nothing', async () => {
    const code = { coding: [{ system: 'http://loinc.org', code: '718-7' }] };
    const bad = observation({ status: 'done', code });
    for (const body of [bad, parameters(bad)]) {
      const answer = await server.send('POST', '/Observation/$validate', body);
      expect([answer.status, withoutWarnings(answer.body)]).toEqual([200, ['error code-invalid Observation.status']]);
    }
    expect((await server.get('/Observation?_summary=count')).body.total).toBe(0);
  });

  test('checks against a profile that is named, and fails where nobody knows it', async () => {
    const patient = {
      resourceType: 'Patient',
      name: [{ text: 'A' }],
      text: { status: 'generated', div: '<div>A</div>' },
    };
    const named = (url: string) => parameters(patient, { name: 'profile', valueCanonical: url });
    const answer = await server.send('POST', '/Patient/$validate', named(`${base}resident-patient`));
    expect(withoutWarnings(answer.body).sort()).toEqual([
      'error required Patient.birthDate',
      'error required Patient.gender',
      'error required Patient.identifier',
    ]);
    const unknown = await server.send('POST', '/Patient/$validate', named('http://example.org/unknown'));
    expect(issuesIn(unknown.body)).toEqual(['error not-found Patient']);
    const fine = await server.send('POST', '/Patient/$validate', patient);
    expect(fine.body.issue).toEqual([
      { severity: 'information', code: 'informational', diagnostics: 'No issues were found.' },
    ]);
  });

  test('checks a stored resource, an update and a deletion by the address', async () => {
    await server.send('PUT', '/Patient/p1', { resourceType: 'Patient', id: 'p1' });
    expect(withoutWarnings((await server.get('/Patient/p1/$validate')).body)).toEqual([]);
    const mode = (code: string) => ({ name: 'mode', valueCode: code });
    const update = await server.send(
      'POST',
      '/Patient/p1/$validate',
      parameters({ resourceType: 'Patient' }, mode('update')),
    );
    expect(withoutWarnings(update.body)).toEqual(['error required Patient.id']);
    const other = await server.send('POST', '/Patient/p1/$validate', parameters({ resourceType: 'Patient', id: 'p2' }));
    expect(withoutWarnings(other.body)).toEqual(['error invalid Patient.id']);
    const deletion = (id: string) => server.get(`/Patient/${id}/$validate?mode=delete`);
    expect(withoutWarnings((await deletion('p1')).body)).toEqual([]);
    expect(withoutWarnings((await deletion('p9')).body)).toEqual(['error not-found']);
    expect((await server.get('/Patient/p9/$validate')).status).toBe(404);
    expect((await server.get('/Patient/p1/$validate?mode=patch')).status).toBe(400);
  });

  test('finds no fault in what the server says of itself', async () => {
    const { body: capabilities } = await server.get('/metadata');
    const { body } = await server.send('POST', '/CapabilityStatement/$validate', capabilities);
    expect(withoutWarnings(body)).toEqual([]);
    const outcome = (await server.get('/Patient/nobody')).body;
    expect(withoutWarnings((await server.send('POST', '/OperationOutcome/$validate', outcome)).body)).toEqual([]);
  });

  test('checks answers against the Questionnaire that was stored', async () => {
    await server.send('PUT', '/Questionnaire/q', {
      resourceType: 'Questionnaire',
      id: 'q',
      url: 'http://example.org/Questionnaire/q',
      status: 'active',
      item: [{ linkId: 'age', type: 'integer', required: true }],
    });
    const response = {
      resourceType: 'QuestionnaireResponse',
      questionnaire: 'http://example.org/Questionnaire/q',
      status: 'completed',
      item: [{ linkId: 'age', answer: [{ valueString: 'old' }] }],
    };
    const { body } = await server.send('POST', '/QuestionnaireResponse/$validate', response);
    expect(withoutWarnings(body)).toEqual(['error value QuestionnaireResponse.item[0].answer[0].value.ofType(String)']);
  });
});

describe('a server that is lenient with one source', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({
      validation: {
        byDefault: 'strict',
        organisations: [
          { source: 'https://old.example.org/', mode: 'lenient' },
          { organization: 'Organization/old', mode: 'lenient' },
        ],
      },
    });
  });

  afterAll(() => server.stop());

  const fromOldSource = (changes: object = {}) =>
    observation({ meta: { source: 'https://old.example.org/his' }, ...changes });
  const outcome = { prefer: 'return=OperationOutcome' };

  test('stores what breaks a rule, says so, and puts it down until it is corrected', async () => {
    const { status, headers, body } = await server.send('POST', '/Observation', fromOldSource({ status: 'done' }));
    expect(status).toBe(201);
    expect(headers.warning).toContain('Stored with an issue');
    expect(body.status).toBe('done');
    const told = await server.send(
      'PUT',
      `/Observation/${body.id}`,
      fromOldSource({ id: body.id, status: 'gone' }),
      outcome,
    );
    expect(issuesIn(told.body)).toContain('error code-invalid Observation.status');
    const report = async (query = '') =>
      ((await server.get(`/Observation/${body.id}/$validation-report${query}`)).body.parameter ?? []).map(
        ({ part }: { part: { valueUri: string }[] }) => part[0]?.valueUri,
      );
    expect(await report()).toEqual([`Observation/${body.id}/_history/2`]);
    expect(await report('?superseded=true')).toEqual(
      [1, 2].map((version) => `Observation/${body.id}/_history/${version}`),
    );
    await server.send('PUT', `/Observation/${body.id}`, fromOldSource({ id: body.id }));
    expect(await report()).toEqual([]);
  });

  test('tells the faults of each entry of a transaction', async () => {
    const entry = (resource: object) => ({ resource, request: { method: 'POST', url: 'Observation' } });
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [entry(fromOldSource()), entry(fromOldSource({ status: 'x' }))],
    };
    const { status, body } = await server.send('POST', '/', bundle);
    expect(status).toBe(200);
    expect(body.entry[0].response.outcome).toBeUndefined();
    expect(issuesIn(body.entry[1].response.outcome)).toEqual(['error code-invalid Observation.status']);
  });

  test('knows an organisation by what the resource refers to', async () => {
    const performer = [{ reference: 'Organization/old' }];
    expect((await server.send('POST', '/Observation', observation({ status: 'x', performer }))).status).toBe(201);
    expect((await server.send('POST', '/Observation', observation({ status: 'x' }))).status).toBe(422);
  });

  test('never stores what is no resource of its type', async () => {
    expect((await server.send('POST', '/Observation', fromOldSource({ nonsense: 1 }))).status).toBe(400);
  });

  test('reports in pages that follow each other', async () => {
    for (let count = 0; count < 5; count++)
      await server.send('POST', '/Observation', fromOldSource({ status: 'paged' }));
    const seen: string[] = [];
    let address: string | undefined = '/Observation/$validation-report?_count=2';
    while (address !== undefined) {
      const { body } = await server.get(address);
      const parameter: { name: string; valueUri?: string; part?: { valueUri: string }[] }[] = body.parameter;
      seen.push(...parameter.flatMap(({ part }) => part?.[0]?.valueUri ?? []));
      address = parameter.find(({ name }) => name === 'next')?.valueUri?.replace('http://127.0.0.1/fhir', '');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(7);
  });
});
