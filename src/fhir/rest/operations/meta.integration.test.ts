import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

const tag = (code: string) => ({ system: 'urn:tags', code });

const given = (meta: object) => ({ resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: meta }] });

const metaIn = (body: { parameter: { name: string; valueMeta: unknown }[] }) => body.parameter[0]?.valueMeta;

async function aPatient(id: string, meta?: object): Promise<void> {
  const resource = { resourceType: 'Patient', id, ...(meta && { meta }), active: true };
  expect((await server.send('PUT', `/Patient/${id}`, resource)).status).toBe(201);
}

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

test('$meta of a resource is its meta', async () => {
  await aPatient('own', { tag: [tag('a')] });
  const { body } = await server.get('/Patient/own/$meta');
  expect(body.resourceType).toBe('Parameters');
  expect(metaIn(body)).toMatchObject({ versionId: '1', tag: [tag('a')] });
});

test('$meta of a type and of the server is what is in use, and no longer what was', async () => {
  const security = { system: 'urn:labels', code: 'R' };
  await aPatient('used', { tag: [tag('used')], security: [security], profile: ['http://example.org/p'] });
  await aPatient('left', { tag: [tag('left')] });
  await server.send('POST', '/Organization', { resourceType: 'Organization', meta: { tag: [tag('org')] }, name: 'x' });
  await server.send('DELETE', '/Patient/left');
  const ofType = metaIn((await server.get('/Patient/$meta')).body);
  expect(ofType).toEqual({ profile: ['http://example.org/p'], security: [security], tag: [tag('a'), tag('used')] });
  const ofAll = metaIn((await server.get('/$meta')).body);
  expect(ofAll).toMatchObject({ tag: [tag('a'), tag('org'), tag('used')] });
  expect(metaIn((await server.get('/Device/$meta')).body)).toEqual({});
});

test('$meta-add adds what is not there, once, as a version that is found by it', async () => {
  await aPatient('more', { tag: [{ ...tag('there'), display: 'Mine' }] });
  const change = given({ tag: [{ ...tag('there'), display: 'Yours' }, tag('new')], profile: ['http://example.org/q'] });
  const { status, headers, body } = await server.send('POST', '/Patient/more/$meta-add', change);
  expect([status, headers.etag]).toEqual([200, 'W/"2"']);
  expect(metaIn(body)).toMatchObject({
    versionId: '2',
    profile: ['http://example.org/q'],
    tag: [{ ...tag('there'), display: 'Mine' }, tag('new')],
  });
  expect((await server.get('/Patient?_tag=urn:tags|new')).body.entry).toHaveLength(1);
  expect((await server.get('/Patient/more')).body.active).toBe(true);
  const again = await server.send('POST', '/Patient/more/$meta-add', change);
  expect(again.headers.etag).toBe('W/"2"');
});

test('$meta-delete takes away by system and code, and leaves the rest', async () => {
  await aPatient('less', { tag: [{ ...tag('x'), display: 'X' }, tag('y')], profile: ['http://example.org/r'] });
  const change = given({ tag: [tag('x'), tag('never-there')], profile: ['http://example.org/r'] });
  const { status, body } = await server.send('POST', '/Patient/less/$meta-delete', change);
  expect(status).toBe(200);
  expect(metaIn(body)).toMatchObject({ versionId: '2', tag: [tag('y')] });
  expect(metaIn(body)).not.toHaveProperty('profile');
  expect((await server.get('/Patient?_tag=urn:tags|x')).body.entry).toBeUndefined();
  await server.send('POST', '/Patient/less/$meta-delete', given({ tag: [tag('y')] }));
  expect((await server.get('/Patient/less')).body.meta).not.toHaveProperty('tag');
});

test('many at the same time lose nothing', async () => {
  await aPatient('busy');
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      server.send('POST', '/Patient/busy/$meta-add', given({ tag: [tag(`t${index}`)] })),
    ),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect((await server.get('/Patient/busy')).body.meta.tag).toHaveLength(10);
});

test.each([
  ['GET', '/Patient/own/$meta-add', undefined, 404],
  ['POST', '/Patient/own/$meta-add', { resourceType: 'Parameters' }, 400],
  ['POST', '/Patient/own/$meta-add', given({ tag: [{ kode: 'x' }] }), 400],
  ['POST', '/Patient/none/$meta-add', given({}), 404],
  ['POST', '/Patient/left/$meta-delete', given({}), 410],
  ['POST', '/Patient/$meta-add', given({}), 404],
] as const)('%s %s answers a failure', async (method, url, body, status) => {
  const answer = method === 'GET' ? await server.get(url) : await server.send(method, url, body);
  expect([404, 405].includes(status) ? [404, 405] : [status]).toContain(answer.status);
  expect(answer.body.resourceType).toBe('OperationOutcome');
});

test('If-Match holds for a change of meta too', async () => {
  await aPatient('matched');
  const late = await server.send('POST', '/Patient/matched/$meta-add', given({ tag: [tag('z')] }), {
    'if-match': 'W/"5"',
  });
  expect(late.status).toBe(412);
});

test('what is no Meta is refused, and changes nothing', async () => {
  await aPatient('wrong');
  for (const meta of [{ tag: 'x' }, { nonsense: 1 }, { profile: {} }]) {
    for (const name of ['$meta-add', '$meta-delete']) {
      const { status, body } = await server.send('POST', `/Patient/wrong/${name}`, given(meta));
      expect([status, body.issue[0].code]).toEqual([400, 'structure']);
    }
  }
  expect((await server.get('/Patient/wrong')).body.meta.versionId).toBe('1');
});
