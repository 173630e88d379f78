import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

const observation = (reference: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference },
  ...more,
});
const put = (resource: { resourceType: string; id: string }) => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
});
const removal = (url: string) => ({ request: { method: 'DELETE', url } });
const transaction = (...entry: unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry });
const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more });

describe('a server that rejects references to what is not there', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ writes: { references: 'reject' } });
    await server.send('PUT', '/Patient/there', patient('there'));
    await server.send('PUT', '/Patient/gone', patient('gone'));
    await server.send('DELETE', '/Patient/gone');
  });

  afterAll(async () => {
    await server.stop();
  });

  test('names each of them, with its place', async () => {
    const performer = [{ reference: 'Practitioner/never' }, { reference: 'Patient/there' }];
    const { status, body } = await server.send('POST', '/Observation', observation('Patient/gone', { performer }));
    expect(status).toBe(422);
    expect(
      body.issue.map(({ code, expression }: { code: string; expression: string[] }) => [code, ...expression]),
    ).toEqual(
      expect.arrayContaining([
        ['business-rule', 'Observation.subject'],
        ['business-rule', 'Observation.performer[0]'],
      ]),
    );
    expect(body.issue).toHaveLength(2);
    expect((await server.get('/Observation?_summary=count')).body.total).toBe(0);
  });

  test('takes references to other servers, to contained resources, and by identifier', async () => {
    const other = observation('https://elsewhere.example/fhir/Patient/1', {
      contained: [{ resourceType: 'Practitioner', id: 'p' }],
      performer: [{ reference: '#p' }, { identifier: { system: 'urn:x', value: '1' } }],
    });
    expect((await server.send('POST', '/Observation', other)).status).toBe(201);
  });

  test('takes what is written together, circular references included', async () => {
    const link = (id: string) => [{ other: { reference: `Patient/${id}` }, type: 'seealso' }];
    const bundle = transaction(
      put(patient('one', { link: link('two') }) as never),
      put(patient('two', { link: link('one') }) as never),
    );
    expect((await server.send('POST', '', bundle)).status).toBe(200);
  });

  test('does not let go of what others refer to, and names them', async () => {
    await server.send('PUT', '/Patient/subject', patient('subject'));
    await server.send('PUT', '/Observation/of-subject', { ...observation('Patient/subject'), id: 'of-subject' });
    const { status, body } = await server.send('DELETE', '/Patient/subject');
    expect([status, body.issue[0].code]).toEqual([409, 'conflict']);
    expect(body.issue[0].diagnostics).toContain('Observation/of-subject');
    expect((await server.get('/Patient/subject')).status).toBe(200);
    const both = transaction(removal('Patient/subject'), removal('Observation/of-subject'));
    expect((await server.send('POST', '', both)).status).toBe(200);
  });

  test('lets a record be mended that had such a reference before', async () => {
    await server.send('PUT', '/Patient/late', patient('late'));
    await server.send('PUT', '/Observation/old', { ...observation('Patient/late'), id: 'old' });
    await server.context.pool.query(`update fhir.resource set method = 3, content = null where id = 'late'`);
    const same = { ...observation('Patient/late'), id: 'old', status: 'amended' };
    expect((await server.send('PUT', '/Observation/old', same)).status).toBe(200);
    const another = { ...same, performer: [{ reference: 'Practitioner/never' }] };
    expect((await server.send('PUT', '/Observation/old', another)).status).toBe(422);
  });

  test('lets an entry of a batch refer to what an entry before it writes', async () => {
    const entry = [
      put(patient('first')),
      { resource: observation('Patient/first'), request: { method: 'POST', url: 'Observation' } },
      { resource: observation('Patient/later'), request: { method: 'POST', url: 'Observation' } },
      put(patient('later')),
    ];
    const { body } = await server.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    const codes = body.entry.map(({ response }: { response: { status: string } }) => response.status.slice(0, 3));
    expect(codes).toEqual(['201', '201', '422', '201']);
  });

  test('fails one of many that come at the same time, not its neighbours', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        server.send('POST', '/Observation', observation(index % 10 === 0 ? 'Patient/nobody' : 'Patient/there')),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, index) => (index % 10 === 0 ? 422 : 201)),
    );
  });

  test('never ends with a reference to what was deleted meanwhile', async () => {
    for (let round = 0; round < 15; round++) {
      const id = `raced-${round}`;
      await server.send('PUT', `/Patient/${id}`, patient(id));
      const [created, deleted] = await Promise.all([
        server.send('PUT', `/Observation/${id}`, { ...observation(`Patient/${id}`), id }),
        server.send('DELETE', `/Patient/${id}`),
        server.send('PUT', `/Patient/${id}`, patient(id, { active: true })),
      ]);
      const isThere = (await server.get(`/Patient/${id}`)).status === 200;
      if (created.status < 300) expect(isThere).toBe(true);
      expect([201, 422]).toContain(created.status);
      expect([204, 409]).toContain(deleted.status);
    }
  });
});

describe('a server that accepts them', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(async () => {
    await server.stop();
  });

  test('warns of them where an OperationOutcome is asked for', async () => {
    const { status, body } = await server.send('POST', '/Observation', observation('Patient/missing'), {
      prefer: 'return=OperationOutcome',
    });
    expect(status).toBe(201);
    expect(body.issue[1]).toEqual({
      severity: 'warning',
      code: 'not-found',
      diagnostics: 'Patient/missing was never written.',
      expression: ['Observation.subject'],
    });
  });

  test('does not take what was never written for a version', async () => {
    await server.send('POST', '/Observation', observation('Patient/unborn'));
    const { status } = await server.send('PUT', '/Patient/unborn', patient('unborn'), { 'if-match': 'W/"0"' });
    expect(status).toBe(412);
    expect((await server.get('/Patient/unborn')).status).toBe(404);
  });

  test('lists them page by page with $dangling-references', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) await server.send('POST', '/Observation', observation(`Patient/absent-${id}`));
    await server.send('PUT', '/Patient/absent-a', patient('absent-a'));
    await server.send('PUT', '/Patient/absent-b', patient('absent-b'));
    await server.send('DELETE', '/Patient/absent-b');
    await server.send('PUT', '/Patient/alone', patient('alone'));
    await server.send('DELETE', '/Patient/alone');
    const found: string[] = [];
    let address: string | undefined = '/$dangling-references?_count=2';
    while (address !== undefined) {
      const { body, status } = await server.get(address);
      expect(status).toBe(200);
      address = undefined;
      for (const { name, part, valueUri } of body.parameter ?? []) {
        if (name === 'next') address = valueUri.slice('http://127.0.0.1/fhir'.length);
        else found.push(`${part[0].valueUri} ${part[1].valueCode} ${part[2].valueUri.split('/')[0]}`);
      }
    }
    expect(found.filter((line) => line.includes('absent')).sort()).toEqual([
      'Patient/absent-b deleted Observation',
      'Patient/absent-c never-written Observation',
      'Patient/absent-d never-written Observation',
      'Patient/absent-e never-written Observation',
    ]);
    expect(found.join()).not.toContain('alone');
  });
});

describe('a conditional delete', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ writes: { conditionalDeletes: 5 } });
  });

  afterAll(async () => {
    await server.stop();
  });

  test('deletes all that meet the condition, or none when they are too many', async () => {
    const create = (family: string) => server.send('POST', '/Patient', { resourceType: 'Patient', name: [{ family }] });
    await Promise.all(['Five', 'Five', 'Five', 'Five', 'Five', 'Six', 'Six', 'Six', 'Six', 'Six', 'Six'].map(create));
    expect((await server.send('DELETE', '/Patient?family=Five')).status).toBe(204);
    expect((await server.get('/Patient?family=Five&_summary=count')).body.total).toBe(0);
    const tooMany = await server.send('DELETE', '/Patient?family=Six');
    expect([tooMany.status, tooMany.body.issue[0].code]).toEqual([422, 'too-costly']);
    expect((await server.get('/Patient?family=Six&_summary=count')).body.total).toBe(6);
    expect((await server.send('DELETE', '/Patient')).status).toBe(400);
  });

  test('does so in a transaction, too', async () => {
    const create = () => server.send('POST', '/Patient', { resourceType: 'Patient', name: [{ family: 'Bundle' }] });
    await Promise.all([1, 2, 3].map(create));
    const { status, body } = await server.send('POST', '', transaction(removal('Patient?family=Bundle')));
    expect([status, body.entry[0].response.status]).toEqual([200, '204 No Content']);
    expect((await server.get('/Patient?family=Bundle&_summary=count')).body.total).toBe(0);
  });
});
