import { afterAll, beforeAll, expect, test } from 'vitest';
import { extractorVersion } from '#fhir/indexing/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';
import { until } from '#testing/until.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ isWorking: true });
  const entries = Array.from({ length: 600 }, (_, index) => [patient(index), observation(index)]).flat();
  const { status, text } = await server.send('POST', '/', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: entries,
  });
  expect(status, text).toBe(200);
});

afterAll(async () => {
  await server.stop();
});

const put = (resource: { resourceType: string; id: string }) => ({
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  resource,
});

const patient = (index: number) =>
  put({
    resourceType: 'Patient',
    id: `p${index}`,
    ...{ gender: index % 2 ? 'male' : 'female', birthDate: '1990-01-02', name: [{ family: `Lin${index}` }] },
    ...{ identifier: [{ system: 'urn:mrn', value: `${index}` }] },
  });

const observation = (index: number) =>
  put({
    resourceType: 'Observation',
    id: `o${index}`,
    ...{ status: 'final', code: { coding: [{ system: 'urn:c', code: 'weight', display: 'Weight' }] } },
    ...{ subject: { reference: `Patient/p${index}` }, effectiveDateTime: '2024-05-06' },
    ...{ valueQuantity: { value: index, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' } },
  });

const query = (text: string) => server.context.pool.query(text);

async function spoil(): Promise<void> {
  await query('delete from fhir.token where rid % 7 = 0');
  await query('delete from fhir.reference where rid % 5 = 0');
  await query('delete from fhir.quantity where rid % 3 = 0');
  await query('update fhir.date set low = low + 1 where rid % 11 = 0');
  await query(
    "insert into fhir.string (path, value, rid) select 1, 'nobody', rid from fhir.resource where rid % 13 = 0",
  );
  await query('insert into fhir.date select path, low, high, rid from fhir.date where rid % 17 = 0');
  await query('insert into fhir.token (key, rid) select rid * 31, rid from fhir.resource where rid % 4 = 0');
  // Of resources that are not there, between others and behind all.
  await query('insert into fhir.token (key, rid) select 1, max(rid) + 1 from fhir.resource group by type');
  await query('insert into fhir.date (path, low, high, rid) select 1, 2, 3, max(rid) + 5 from fhir.resource');
}

async function rebuild(address: string, body?: object) {
  const started = await server.send('POST', address, body);
  expect(started.status, started.text).toBe(202);
  const location = started.headers['content-location']?.replace('http://127.0.0.1/fhir', '') ?? '';
  const progress: string[] = [];
  const { body: result } = await until('the index is rebuilt', async () => {
    const answer = await server.get(location);
    if (answer.status === 202) progress.push(`${answer.headers['x-progress']}`);
    return answer.status === 200 && answer;
  });
  const values = result.parameter.map(({ name, valueDecimal }: { name: string; valueDecimal: number }) => [
    name,
    valueDecimal,
  ]);
  return { result: Object.fromEntries(values), progress, location };
}

test('an index that is right is left as it is', async () => {
  const { rows: before } = await query(
    'select ctid::text, rid from fhir.date union all select ctid::text, rid from fhir.string order by 1, 2',
  );
  const { result, progress } = await rebuild('/$reindex');
  expect(result).toEqual({ resources: 1200, repaired: 0, removed: 0 });
  for (const line of progress) expect(line).toMatch(/^waiting$|^\d+ %/);
  const { rows: after } = await query(
    'select ctid::text, rid from fhir.date union all select ctid::text, rid from fhir.string order by 1, 2',
  );
  expect(after).toEqual(before);
});

test('whatever is wrong in any table is put right: missing, superfluous, changed, of nobody', async () => {
  await spoil();
  expect(await compareWithFreshIndex(server.context.pool)).not.toEqual([]);
  const { result } = await rebuild('/$reindex');
  expect(result.repaired).toBeGreaterThan(500);
  expect(result.removed).toBeGreaterThan(200);
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
  expect((await query('select from fhir.expected_token')).rows).toEqual([]);
  expect((await rebuild('/$reindex')).result).toEqual({ resources: 1200, repaired: 0, removed: 0 });
});

test('one resource type, and the types of a search parameter, are rebuilt alone', async () => {
  await query('delete from fhir.quantity');
  await query(
    "delete from fhir.date where rid in (select rid from fhir.resource where type = (select type from fhir.resource where id = 'p1'))",
  );
  expect((await rebuild('/Patient/$reindex')).result).toMatchObject({ resources: 600, repaired: 600 });
  const body = { resourceType: 'Parameters', parameter: [{ name: 'type', valueCode: 'Observation' }] };
  expect((await rebuild('/$reindex', body)).result).toMatchObject({ resources: 600, repaired: 600 });
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
});

test('writers go on meanwhile, and nothing of theirs is lost', async () => {
  await spoil();
  let isDone = false;
  const write = async (seed: number) => {
    for (let index = seed; !isDone; index = (index * 7 + 3) % 600) {
      const { resource } = index % 2 ? patient(index) : observation(index);
      const changed = {
        ...resource,
        birthDate: undefined,
        gender: 'other',
        status: 'amended',
        name: [{ family: `N${index}` }],
      };
      const { gender: _, name: __, ...asObservation } = changed;
      const { status: ___, ...asPatient } = changed;
      const own = resource.resourceType === 'Patient' ? asPatient : asObservation;
      const answer = await (index % 5
        ? server.send('PUT', `/${resource.resourceType}/${resource.id}`, own)
        : server.send('DELETE', `/${resource.resourceType}/${resource.id}`));
      expect(answer.status, answer.text).toBeLessThan(300);
    }
  };
  const writing = [1, 2, 3].map(write);
  await rebuild('/$reindex');
  await rebuild('/$reindex');
  isDone = true;
  await Promise.all(writing);
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
});

test('wrong requests are refused, and a cancelled one is gone', async () => {
  const body = { resourceType: 'Parameters', parameter: [{ name: 'type', valueCode: 'Persona' }] };
  expect((await server.send('POST', '/$reindex', body)).status).toBe(400);
  expect((await server.get('/$reindex')).status).toBe(404);
  expect((await server.get('/$reindex-status/1')).status).toBe(404);
  expect((await server.send('POST', '/SearchParameter/none/$reindex')).status).toBe(404);
  const started = await server.send('POST', '/$reindex');
  const location = started.headers['content-location']?.replace('http://127.0.0.1/fhir', '') ?? '';
  expect((await server.send('DELETE', location)).status).toBe(202);
  await until('it has ended', async () => [200, 404].includes((await server.get(location)).status));
});

test('rows by older rules are made anew when a process starts, and it is said until then', async () => {
  const { reindex } = server.context;
  await query(
    `update fhir.index_generation set extractor = ${extractorVersion - 1}, rebuilt = ${extractorVersion - 1}`,
  );
  await query('delete from fhir.date');
  await reindex.start();
  expect(await reindex.isBehind()).toBe(true);
  await until('the index is rebuilt', async () => !(await reindex.isBehind()));
  expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
});

test('a process of older code does not write any more once a newer one has started', async () => {
  await query(`update fhir.index_generation set extractor = ${extractorVersion + 1}, number = number + 1`);
  const { status, text } = await server.send('PUT', '/Patient/p1', { ...patient(1).resource, active: true });
  expect(status).toBe(503);
  expect(text).toContain('newer version');
  await expect(server.context.reindex.start()).rejects.toThrow('newer version');
  await query(`update fhir.index_generation set extractor = ${extractorVersion}`);
  expect((await server.send('PUT', '/Patient/p1', patient(1).resource)).status).toBeLessThan(300);
});
