import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

const jsonPatch = { 'content-type': 'application/json-patch+json' };

async function aPatient(id: string, more: object = {}) {
  const resource = { resourceType: 'Patient', id, name: [{ family: 'Before', given: ['A', 'B'] }], ...more };
  expect((await server.send('PUT', `/Patient/${id}`, resource)).status).toBe(201);
  return id;
}

const operation = (parts: Record<string, unknown>) => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'operation', part: Object.entries(parts).map(([name, value]) => ({ name, ...(value as object) })) },
  ],
});

describe('JSON Patch', () => {
  test('makes a version that the history calls a PATCH', async () => {
    await aPatient('p1');
    const patch = [{ op: 'replace', path: '/name/0/family', value: 'After' }];
    const { status, headers, body } = await server.send('PATCH', '/Patient/p1', patch, jsonPatch);
    expect(status).toBe(200);
    expect(headers.etag).toBe('W/"2"');
    expect(body.name[0].family).toBe('After');
    expect((await server.get('/Patient?family=After')).body.entry).toHaveLength(1);
    expect((await server.get('/Patient?family=Before&_id=p1')).body.entry).toBeUndefined();
    expect((await server.get('/Patient/p1/_history')).body.entry[0].request.method).toBe('PATCH');
  });

  test('keeps every digit, in what it changes and in what it leaves alone', async () => {
    const text =
      '{"resourceType":"Observation","id":"d","status":"final","code":{"text":"x"},"component":[{"code":{"text":"a"},"valueQuantity":{"value":1.00}}],"valueQuantity":{"value":2.50}}';
    await server.send('PUT', '/Observation/d', text);
    const patch =
      '[{"op":"test","path":"/valueQuantity/value","value":2.5},{"op":"replace","path":"/valueQuantity/value","value":3.140}]';
    const { text: patched } = await server.send('PATCH', '/Observation/d', patch, jsonPatch);
    expect(patched).toContain('"valueQuantity":{"value":1.00}');
    expect(patched).toContain('"valueQuantity":{"value":3.140}');
  });

  test('that changes nothing makes no version', async () => {
    await aPatient('same');
    const patch = [{ op: 'replace', path: '/name/0/family', value: 'Before' }];
    const { status, headers } = await server.send('PATCH', '/Patient/same', patch, jsonPatch);
    expect([status, headers.etag]).toEqual([200, 'W/"1"']);
  });

  test('leaves no empty list behind', async () => {
    await aPatient('empty');
    const { status, body } = await server.send(
      'PATCH',
      '/Patient/empty',
      [{ op: 'remove', path: '/name/0' }],
      jsonPatch,
    );
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('name');
  });

  test.each([
    ['a test that fails', [{ op: 'test', path: '/name/0/family', value: 'Other' }], 422, 'The test failed'],
    ['a path that is not there', [{ op: 'remove', path: '/name/7' }], 422, 'nothing at the path "/name/7"'],
    ['an unknown op', [{ op: 'merge', path: '' }], 400, 'Operation 1'],
    ['a result that is no Patient', [{ op: 'add', path: '/gender', value: 7 }], 400, 'gender'],
    [
      'an unknown element',
      [
        { op: 'add', path: '/nmae', value: [] },
        { op: 'add', path: '/nmae/-', value: 1 },
      ],
      400,
      '',
    ],
    ['another type', [{ op: 'replace', path: '/resourceType', value: 'Person' }], 400, 'the address says Patient'],
    ['another id', [{ op: 'replace', path: '/id', value: 'other' }], 400, 'must not change the id'],
    ['no array', { op: 'remove', path: '/name' }, 400, 'an array of operations'],
    ['the prototype', [{ op: 'add', path: '/__proto__', value: { polluted: true } }], 400, '__proto__'],
  ])('with %s changes nothing and says why', async (name, patch, expected, words) => {
    const id = await aPatient(`bad-${name.replaceAll(/[^a-z]/g, '-')}`);
    const { status, body } = await server.send('PATCH', `/Patient/${id}`, patch, jsonPatch);
    expect(status).toBe(expected);
    expect(body.resourceType).toBe('OperationOutcome');
    expect(body.issue.map(({ diagnostics }: { diagnostics: string }) => diagnostics).join()).toContain(words);
    expect((await server.get(`/Patient/${id}`)).headers.etag).toBe('W/"1"');
  });

  test('of what is not there is 404, of what was deleted 410', async () => {
    const patch = [{ op: 'remove', path: '/name' }];
    expect((await server.send('PATCH', '/Patient/never', patch, jsonPatch)).status).toBe(404);
    await aPatient('gone');
    await server.send('DELETE', '/Patient/gone');
    expect((await server.send('PATCH', '/Patient/gone', patch, jsonPatch)).status).toBe(410);
    await server.send('POST', '/Observation', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/only-referred-to' },
    });
    expect((await server.send('PATCH', '/Patient/only-referred-to', patch, jsonPatch)).status).toBe(404);
  });

  test('is done only on the version of If-Match', async () => {
    await aPatient('matched');
    const patch = [{ op: 'add', path: '/gender', value: 'female' }];
    const late = await server.send('PATCH', '/Patient/matched', patch, { ...jsonPatch, 'if-match': 'W/"7"' });
    expect(late.status).toBe(412);
    expect(late.body.issue[0].diagnostics).toContain('version 1');
    const now = await server.send('PATCH', '/Patient/matched', patch, { ...jsonPatch, 'if-match': 'W/"1"' });
    expect(now.status).toBe(200);
  });

  test('loses no change of many at the same time', async () => {
    await aPatient('many');
    const patches = Array.from({ length: 12 }, (_, index) => [
      { op: 'add', path: '/name/0/given/-', value: `G${index}` },
    ]);
    const answers = await Promise.all(patches.map((patch) => server.send('PATCH', '/Patient/many', patch, jsonPatch)));
    expect(answers.map(({ status }) => status)).toEqual(patches.map(() => 200));
    const { body } = await server.get('/Patient/many');
    expect(body.name[0].given).toHaveLength(14);
    expect(body.meta.versionId).toBe('13');
  });
});

describe('FHIRPath Patch', () => {
  test('changes the element that its path leads to', async () => {
    await aPatient('f1');
    const patch = operation({
      type: { valueCode: 'replace' },
      path: { valueString: "Patient.name.where(family = 'Before').family" },
      value: { valueString: 'After' },
    });
    const { body } = await server.send('PATCH', '/Patient/f1', patch);
    expect(body.name, JSON.stringify(body)).toEqual([{ family: 'After', given: ['A', 'B'] }]);
  });

  test('says which path leads nowhere', async () => {
    await aPatient('f2');
    const patch = operation({ type: { valueCode: 'replace' }, path: { valueString: 'Patient.photo[3]' }, value: {} });
    expect((await server.send('PATCH', '/Patient/f2', patch)).status).toBe(400);
    const other = operation({
      type: { valueCode: 'replace' },
      path: { valueString: 'Patient.gender' },
      value: { valueCode: 'male' },
    });
    const { status, body } = await server.send('PATCH', '/Patient/f2', other);
    expect(status).toBe(422);
    expect(body.issue[0].diagnostics).toContain('nothing at the path "Patient.gender"');
  });
});

describe('conditional patch', () => {
  const patch = [{ op: 'add', path: '/gender', value: 'other' }];

  test('changes the one match', async () => {
    await aPatient('c1', { identifier: [{ system: 'urn:c', value: '1' }] });
    const { status, body } = await server.send('PATCH', '/Patient?identifier=urn:c|1', patch, jsonPatch);
    expect([status, body.id, body.gender]).toEqual([200, 'c1', 'other']);
  });

  test('is 404 without a match, 412 with several, 400 without a condition', async () => {
    await aPatient('c2', { identifier: [{ system: 'urn:c', value: 'twin' }] });
    await aPatient('c3', { identifier: [{ system: 'urn:c', value: 'twin' }] });
    expect((await server.send('PATCH', '/Patient?identifier=urn:c|none', patch, jsonPatch)).status).toBe(404);
    expect((await server.send('PATCH', '/Patient?identifier=urn:c|twin', patch, jsonPatch)).status).toBe(412);
    expect((await server.send('PATCH', '/Patient', patch, jsonPatch)).status).toBe(400);
  });
});

describe('in a Bundle', () => {
  const binary = (patch: unknown) => ({
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify(patch)).toString('base64'),
  });
  const bundle = (type: 'batch' | 'transaction', entry: object[]) => ({ resourceType: 'Bundle', type, entry });
  const entry = (url: string, resource: object, more: object = {}) => ({
    resource,
    request: { method: 'PATCH', url, ...more },
  });
  const setGender = operation({
    type: { valueCode: 'add' },
    path: { valueString: 'Patient' },
    name: { valueString: 'gender' },
    value: { valueCode: 'female' },
  });

  test.each(['batch', 'transaction'] as const)('of type %s a Binary and Parameters are patches', async (type) => {
    await aPatient(`${type}-1`);
    await aPatient(`${type}-2`, { identifier: [{ system: 'urn:b', value: type }] });
    const { body } = await server.send(
      'POST',
      '',
      bundle(type, [
        entry(`Patient/${type}-1`, binary([{ op: 'add', path: '/gender', value: 'male' }]), { ifMatch: 'W/"1"' }),
        entry(`Patient?identifier=urn:b|${type}`, setGender),
      ]),
    );
    expect(body.entry.map(({ response }: { response: { status: string; etag: string } }) => response)).toMatchObject([
      { status: '200 OK', etag: 'W/"2"' },
      { status: '200 OK', etag: 'W/"2"' },
    ]);
    expect((await server.get(`/Patient/${type}-1`)).body.gender).toBe('male');
    expect((await server.get(`/Patient/${type}-2`)).body.gender).toBe('female');
  });

  test('a transaction with a patch that fails does nothing, and says which entry failed', async () => {
    await aPatient('tx-1');
    await aPatient('tx-2');
    const { status, body } = await server.send(
      'POST',
      '',
      bundle('transaction', [
        entry('Patient/tx-1', binary([{ op: 'add', path: '/gender', value: 'male' }])),
        entry('Patient/tx-2', binary([{ op: 'remove', path: '/gender' }])),
      ]),
    );
    expect(status).toBe(422);
    expect(body.issue[0].expression).toEqual(['Bundle.entry[1]']);
    expect((await server.get('/Patient/tx-1')).headers.etag).toBe('W/"1"');
  });

  test('a failed ifMatch fails the transaction with 412', async () => {
    await aPatient('tx-3');
    const patches = bundle('transaction', [
      entry('Patient/tx-3', binary([{ op: 'add', path: '/gender', value: 'male' }]), { ifMatch: 'W/"9"' }),
    ]);
    expect((await server.send('POST', '', patches)).status).toBe(412);
  });

  test('a patch may refer to what the same transaction creates', async () => {
    await aPatient('tx-4');
    const urn = 'urn:uuid:7d3c1a52-6f0f-4b2e-9b0a-3f3a6a1c2d11';
    const { status, body } = await server.send(
      'POST',
      '',
      bundle('transaction', [
        {
          fullUrl: urn,
          resource: { resourceType: 'Organization', name: 'Clinic' },
          request: { method: 'POST', url: 'Organization' },
        },
        entry('Patient/tx-4', binary([{ op: 'add', path: '/managingOrganization', value: { reference: urn } }])),
      ]),
    );
    expect(status, JSON.stringify(body)).toBe(200);
    const { managingOrganization } = (await server.get('/Patient/tx-4')).body;
    expect(managingOrganization.reference).toMatch(/^Organization\//);
  });

  test('a Binary of another content type is refused', async () => {
    await aPatient('tx-5');
    const wrong = { ...binary([]), contentType: 'application/xml' };
    const { status, body } = await server.send('POST', '', bundle('transaction', [entry('Patient/tx-5', wrong)]));
    expect(status).toBe(400);
    expect(body.issue[0].diagnostics).toContain('application/json-patch+json');
  });
});

describe('content types', () => {
  test.each(['application/xml', 'application/xml-patch+xml', 'application/x-www-form-urlencoded', 'text/plain'])(
    'PATCH with %s is 415 and told what is taken',
    async (type) => {
      await aPatient(`type-${type.replaceAll(/[^a-z]/g, '-')}`);
      const answer = await server.send('PATCH', '/Patient/x', '<a/>', { 'content-type': type });
      expect(answer.status).toBe(415);
      expect(answer.headers['accept-patch']).toContain('application/json-patch+json');
      expect(answer.body.resourceType).toBe('OperationOutcome');
    },
  );

  test('a JSON Patch is not put or posted', async () => {
    expect((await server.send('PUT', '/Patient/x', [], jsonPatch)).status).toBe(415);
    expect((await server.send('POST', '/Patient', [], jsonPatch)).status).toBe(415);
  });

  test('a resource that is no Parameters is no patch', async () => {
    await aPatient('no-patch');
    const { status, body } = await server.send('PATCH', '/Patient/no-patch', { resourceType: 'Patient' });
    expect(status).toBe(400);
    expect(body.issue[0].diagnostics).toContain('Parameters');
  });
});
