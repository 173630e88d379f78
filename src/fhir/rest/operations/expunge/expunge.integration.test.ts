import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { printVersions } from './audit-event.ts';

let server: TestServer;
let client: pg.Client;

const token = 'correct-horse-battery-staple';
const operator = { authorization: `Bearer ${token}` };

beforeAll(async () => {
  server = await startTestServer({ operatorToken: token });
  client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await server.stop();
});

const parameters = (members: Record<string, boolean | number | string>) => ({
  resourceType: 'Parameters',
  parameter: Object.entries(members).map(([name, value]) => {
    const kind = typeof value === 'boolean' ? 'Boolean' : typeof value === 'number' ? 'Integer' : 'String';
    return { name, [`value${kind}`]: value };
  }),
});

const expunge = (url: string, members: Record<string, boolean | number | string>, headers: object = operator) =>
  server.send('POST', `${url}/$expunge`, parameters(members), { ...headers });

/** A patient with rows in as many tables as one can have. */
const aPatient = (id: string, family: string) => ({
  resourceType: 'Patient',
  id,
  text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${family}</div>` },
  meta: { profile: ['http://example.org/p'], tag: [{ system: 'urn:t', code: family }] },
  identifier: [{ system: 'urn:i', value: family }],
  name: [{ family }],
  maritalStatus: { text: `secret of ${family}` },
  birthDate: '2000-01-01',
  managingOrganization: { reference: 'Organization/somewhere' },
});

const put = async (resource: { resourceType: string; id: string }) => {
  const { status, text } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
  expect([200, 201], text).toContain(status);
};

async function ridOf(type: string, id: string): Promise<string> {
  const { rows } = await client.query<{ rid: string }>(
    'select r.rid from fhir.resource r where r.id = $1 and exists (select) order by r.rid',
    [id],
  );
  expect(rows, `${type}/${id}`).toHaveLength(1);
  return rows[0]?.rid ?? '';
}

/** How many rows each table has that carries the number of this resource. */
async function rowsOf(rid: string): Promise<Record<string, number>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
     where column_name = 'rid' and data_type = 'bigint' order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${name} where rid = $1`, [rid]);
    const count = Number(rows[0]?.count);
    if (count > 0) counts[name] = count;
  }
  return counts;
}

/** Every table that has a text somewhere in it. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await client.query(`select from ${name} t where position($1 in t::text) > 0 limit 1`, [text]);
    if (rowCount) found.push(name);
  }
  return found;
}

async function lastTrail() {
  const { body } = await server.get('/AuditEvent?_sort=-_lastUpdated&_count=1');
  return body.entry[0].resource;
}

describe('everything of a resource', () => {
  test('leaves no trace of its content in any table, whether it was deleted or not', async () => {
    for (const id of ['live', 'dead']) {
      await put(aPatient(id, `Unmistakable${id}`));
      await put(aPatient(id, `Unmistakable${id}again`));
    }
    await server.send('DELETE', '/Patient/dead');
    for (const id of ['live', 'dead']) {
      const rid = await ridOf('Patient', id);
      expect(await tablesWith(`nmistakable${id}`)).toContain('fhir.resource_history');
      const { status, body } = await expunge(`/Patient/${id}`, { expungeEverything: true, reason: 'Court order 7' });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.parameter[0]).toEqual({ name: 'count', valueInteger: id === 'live' ? 2 : 3 });
      expect(await rowsOf(rid)).toEqual({ 'fhir.resource': 1 });
      expect(await tablesWith(`nmistakable${id}`)).toEqual(['fhir.token_code']);
      expect((await server.get(`/Patient/${id}`)).status).toBe(404);
      expect((await server.get(`/Patient/${id}/_history`)).status).toBe(404);
      expect((await server.get(`/Patient/${id}/_history/1`)).status).toBe(404);
      expect((await server.get(`/Patient?_id=${id}`)).body.entry).toBeUndefined();
    }
  });

  test('is audited in the same transaction: who, why, which versions', async () => {
    await put(aPatient('audited', 'Audited'));
    await expunge('/Patient/audited', { expungeEverything: true, reason: 'Asked by the resident' });
    expect(await lastTrail()).toMatchObject({
      action: 'D',
      outcome: '0',
      purposeOfEvent: [{ text: 'Asked by the resident' }],
      agent: [{ requestor: true, who: { display: 'Operator, by token' } }],
      entity: [
        {
          what: { reference: 'Patient/audited' },
          detail: [
            { type: 'expunged', valueString: 'everything' },
            { type: 'versions', valueString: '1' },
          ],
        },
      ],
    });
    const found = await server.get('/AuditEvent?entity=Patient/audited');
    expect(found.body.entry).toHaveLength(1);
  });

  test('keeps the references of others, which find what is written under the id anew', async () => {
    await put(aPatient('again', 'Before'));
    await server.send('PUT', '/Observation/refers', {
      resourceType: 'Observation',
      id: 'refers',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/again' },
    });
    await expunge('/Patient/again', { expungeEverything: true });
    expect((await server.get('/Observation?subject=Patient/again')).body.entry).toHaveLength(1);
    await put(aPatient('again', 'After'));
    expect((await server.get('/Observation?subject.family=After')).body.entry).toHaveLength(1);
    expect((await server.get('/Observation?subject.family=Before')).body.entry).toBeUndefined();
    const { body } = await server.get('/Patient/again/_history');
    expect(body.entry).toHaveLength(1);
    expect(body.total).toBe(1);
    expect(Number(body.entry[0].resource.meta.versionId), 'an old ETag means nothing new').toBeGreaterThan(1);
  });

  test('takes answers that are kept for repeated requests', async () => {
    const key = { 'idempotency-key': '"expunge-1"' };
    const { body } = await server.send('POST', '/Patient', { ...aPatient('x', 'Idempotent'), id: undefined }, key);
    await expunge(`/Patient/${body.id}`, { expungeEverything: true });
    expect(await tablesWith('Idempotent')).toEqual(['fhir.token_code']);
  });
});

describe('versions', () => {
  test('previous ones vanish, the current one stays as it is', async () => {
    for (const family of ['One', 'Two', 'Three']) await put(aPatient('previous', family));
    const { body } = await expunge('/Patient/previous', { expungePreviousVersions: true });
    expect(body.parameter[0].valueInteger).toBe(2);
    expect((await server.get('/Patient/previous')).headers.etag).toBe('W/"3"');
    expect((await server.get('/Patient?family=Three&_id=previous')).body.entry).toHaveLength(1);
    expect((await server.get('/Patient/previous/_history')).body.total).toBe(1);
    expect((await server.get('/Patient/previous/_history/1')).status).toBe(404);
    expect(await tablesWith('secret of Two')).toEqual([]);
    expect(await tablesWith('secret of Three')).not.toEqual([]);
    await put(aPatient('previous', 'Four'));
    expect((await server.get('/Patient/previous')).headers.etag).toBe('W/"4"');
  });

  test('single ones vanish, the current one is refused', async () => {
    for (const family of ['Uno', 'Due', 'Tre']) await put(aPatient('single', family));
    expect((await expunge('/Patient/single', { version: 3 })).status).toBe(422);
    expect((await expunge('/Patient/single', { version: 2 })).status).toBe(200);
    const { body } = await server.get('/Patient/single/_history');
    expect(body.entry.map(({ response }: { response: { etag: string } }) => response.etag)).toEqual(['W/"3"', 'W/"1"']);
    expect((await expunge('/Patient/single', { version: 2 })).status).toBe(404);
  });

  test('of many, all vanish', async () => {
    for (let index = 0; index < 230; index++) await put(aPatient('many', `Many${index}`));
    const { body } = await expunge('/Patient/many', { expungePreviousVersions: true });
    expect(body.parameter[0].valueInteger).toBe(229);
    expect((await lastTrail()).entity[0].detail[1].valueString).toBe('1-229');
  });

  test.each([
    [[], ''],
    [[1], '1'],
    [[1, 2, 3, 5, 7, 8], '1-3, 5, 7-8'],
  ])('%j is printed as %s', (versions, printed) => {
    expect(printVersions(versions)).toBe(printed);
  });
});

describe('deleted resources', () => {
  test('of a type vanish, some at a time, living ones stay', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await put({ resourceType: 'Location', id });
    for (const id of ['a', 'b', 'c']) await server.send('DELETE', `/Location/${id}`);
    const first = await expunge('/Location', { expungeDeletedResources: true, limit: 2 });
    expect(first.body.parameter).toMatchObject([{ valueInteger: 4 }, { valueInteger: 2 }, { valueBoolean: true }]);
    const second = await expunge('/Location', { expungeDeletedResources: true });
    expect(second.body.parameter).toMatchObject([{ valueInteger: 2 }, { valueInteger: 1 }, { valueBoolean: false }]);
    expect((await server.get('/Location/_history')).body.entry).toHaveLength(1);
    const third = await expunge('/Location', { expungeDeletedResources: true });
    expect(third.body.parameter[1].valueInteger).toBe(0);
  });

  test('a living one is refused', async () => {
    await put({ resourceType: 'Location', id: 'living' });
    expect((await expunge('/Location/living', { expungeDeletedResources: true })).status).toBe(422);
    await server.send('DELETE', '/Location/living');
    expect((await expunge('/Location/living', { expungeDeletedResources: true })).status).toBe(200);
  });
});

describe('who may', () => {
  test.each([
    ['nobody without the token', {}],
    ['nobody with another', { authorization: 'Bearer correct-horse-battery-stapler' }],
    ['nobody with an empty one', { authorization: 'Bearer ' }],
    ['nobody by another scheme', { authorization: `Basic ${token}` }],
  ])('%s', async (_name, headers) => {
    await put({ resourceType: 'Location', id: 'kept' });
    const { status, headers: answered } = await expunge('/Location/kept', { expungeEverything: true }, headers);
    expect(status).toBe(401);
    expect(answered['www-authenticate']).toBe('Bearer');
    expect((await server.get('/Location/kept')).status).toBe(200);
  });

  test('nobody at all where no token is set, and the answer says how', async () => {
    const other = await startTestServer();
    try {
      for (const headers of [{}, operator, { authorization: 'Bearer ' }]) {
        const { status, body } = await other.send('POST', '/Patient/x/$expunge', parameters({}), headers);
        expect(status).toBe(403);
        expect(body.issue[0].diagnostics).toContain('MERIDIAN_OPERATOR_TOKEN');
      }
    } finally {
      await other.stop();
    }
  });

  test('nobody through a batch', async () => {
    const { body } = await server.send('POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        {
          resource: parameters({ expungeEverything: true }),
          request: { method: 'POST', url: 'Location/kept/$expunge' },
        },
      ],
    });
    expect(body.entry[0].response.status).toMatch(/^401/);
  });
});

test.each([
  ['/Patient/never', { expungeEverything: true }, 404],
  ['/Location/kept', {}, 400],
  ['/Location/kept', { expungeEverything: false }, 400],
  ['/Location/kept', { expungeEverything: true, expungePreviousVersions: true }, 400],
  ['/Location/kept', { expungeEverthing: true }, 400],
  ['/Location/kept', { version: 0 }, 400],
  ['/Location', { expungeEverything: true }, 400],
  ['/Location', { expungeDeletedResources: true, limit: 0 }, 400],
])('%s with %j is refused with %i', async (url, members, status) => {
  await put({ resourceType: 'Location', id: 'kept' });
  expect((await expunge(url, members)).status).toBe(status);
  expect((await server.get('/Location/kept')).status).toBe(200);
});

test('where dangling references are refused, an operator can expunge all the same, and again', async () => {
  const strict = await startTestServer({ operatorToken: token, writes: { references: 'reject' } });
  try {
    const write = (resource: { resourceType: string; id: string; [name: string]: unknown }) =>
      strict.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    await write({ resourceType: 'Location', id: 'a', name: 'One' });
    await write({ resourceType: 'Location', id: 'a', name: 'Two' });
    await write({ resourceType: 'Device', id: 'd', location: { reference: 'Location/a' } });
    for (const way of ['expungePreviousVersions', 'expungeEverything']) {
      const answer = await strict.send('POST', '/Location/a/$expunge', parameters({ [way]: true }), operator);
      expect(answer.status, answer.text).toBe(200);
    }
    expect((await strict.get('/AuditEvent?entity=Location/a')).body.entry).toHaveLength(2);
  } finally {
    await strict.stop();
  }
});

test('the trail itself is kept', async () => {
  const { id } = await lastTrail();
  expect((await expunge(`/AuditEvent/${id}`, { expungeEverything: true })).status).toBe(403);
});

test('a reference to what was expunged meanwhile loses nothing', async () => {
  const ids = Array.from({ length: 6 }, (_, index) => `race-${index}`);
  for (const id of ids) await put({ resourceType: 'Location', id });
  await Promise.all(
    ids.flatMap((id) => [
      expunge(`/Location/${id}`, { expungeEverything: true }),
      server.send('PUT', `/Device/${id}`, { resourceType: 'Device', id, location: { reference: `Location/${id}` } }),
    ]),
  );
  for (const id of ids) {
    expect((await server.get(`/Device?location=Location/${id}`)).body.entry).toHaveLength(1);
    await put({ resourceType: 'Location', id });
    expect((await server.get(`/Device?location._id=${id}`)).body.entry).toHaveLength(1);
  }
});
