import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

/** Instants between the writes. */
const moments: string[] = [];

interface Entry {
  resource?: { resourceType: string; id: string; gender?: string };
  request: { method: string; url: string };
  response: { status: string; etag: string; lastModified: string };
}

const versionOf = ({ fullUrl, response }: Entry & { fullUrl: string }) =>
  `${fullUrl.replace('http://127.0.0.1/fhir/', '')} ${response.etag.replace(/\D/g, '')}`;

async function versionsAt(url: string): Promise<string[]> {
  const { status, body, text } = await server.get(url);
  expect(status, text).toBe(200);
  return (body.entry ?? []).map(versionOf);
}

async function pagesOf(url: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = url; next; ) {
    const { body } = await server.get(next);
    pages.push((body.entry ?? []).map(versionOf));
    expect(pages.length).toBeLessThan(100);
    const link = body.link.find(({ relation }: { relation: string }) => relation === 'next');
    next = link?.url.replace('http://127.0.0.1/fhir', '');
  }
  return pages;
}

async function write(gender: string): Promise<void> {
  const { status } = await server.send('PUT', '/Patient/a', { resourceType: 'Patient', id: 'a', gender });
  expect([200, 201]).toContain(status);
  await pause();
}

async function pause(): Promise<void> {
  await sleep(5);
  moments.push(new Date().toISOString());
  await sleep(5);
}

beforeAll(async () => {
  server = await startTestServer();
  await pause();
  await write('male');
  await write('female');
  await server.send('DELETE', '/Patient/a');
  await pause();
  await write('other');
  await server.send('PUT', '/Organization/o', { resourceType: 'Organization', id: 'o', name: 'O' });
  await pause();
  await server.send('PUT', '/List/l', {
    resourceType: 'List',
    id: 'l',
    status: 'current',
    mode: 'working',
    entry: [
      { item: { reference: 'Organization/o' } },
      { item: { reference: 'Patient/a' } },
      { item: { reference: 'http://127.0.0.1/fhir/Patient/a' } },
      { item: { reference: 'Patient/never' } },
      { item: { display: 'no reference' } },
    ],
  });
});

afterAll(async () => {
  await server.stop();
});

const allOfA = ['Patient/a 4', 'Patient/a 3', 'Patient/a 2', 'Patient/a 1'];

test('a resource has its versions newest first, deletions among them', async () => {
  const { body } = await server.get('/Patient/a/_history');
  expect(body.entry.map(versionOf)).toEqual(allOfA);
  expect(body.total).toBe(4);
  const [, deletion] = body.entry as Entry[];
  expect(deletion).toMatchObject({ request: { method: 'DELETE', url: 'Patient/a' }, response: { status: '204' } });
  expect(deletion?.resource).toBeUndefined();
});

test.each([1, 2, 3, 4, 5])('pages of %i have every version once', async (count) => {
  expect((await pagesOf(`/Patient/a/_history?_count=${count}`)).flat()).toEqual(allOfA);
  const system = await versionsAt('/_history');
  expect((await pagesOf(`/_history?_count=${count}`)).flat()).toEqual(system);
  expect((await pagesOf(`/_history?_list=l&_count=${count}`)).flat()).toEqual(['Organization/o 1', ...allOfA]);
});

test('_since has the versions written from then on', async () => {
  expect(await versionsAt(`/Patient/a/_history?_since=${moments[2]}`)).toEqual(['Patient/a 4', 'Patient/a 3']);
  expect(await versionsAt(`/_history?_since=${moments[4]}`)).toEqual(['List/l 1', 'Organization/o 1']);
});

describe('_at', () => {
  test.each([
    ['before all', 0, []],
    ['while the first was current', 1, ['Patient/a 1']],
    ['while the second was', 2, ['Patient/a 2']],
    ['while it was deleted', 3, []],
    ['after it came back', 4, ['Patient/a 4']],
    ['now', 5, ['Patient/a 4']],
  ])('%s', async (_name, moment, expected) => {
    expect(await versionsAt(`/Patient/a/_history?_at=${moments[moment]}`)).toEqual(expected);
    expect(await versionsAt(`/Patient/_history?_at=${moments[moment]}`)).toEqual(expected);
  });

  test('a day has every version that was current during it', async () => {
    const day = moments[0]?.slice(0, 10);
    expect(await versionsAt(`/Patient/_history?_at=${day}`)).toEqual(allOfA);
    expect(await versionsAt('/Patient/_history?_at=2001')).toEqual([]);
    expect((await pagesOf(`/Patient/_history?_at=${day}&_count=1`)).flat()).toEqual(allOfA);
  });
});

describe('_list', () => {
  test('has the versions of what the list refers to', async () => {
    expect(await versionsAt('/_history?_list=l')).toEqual(['Organization/o 1', ...allOfA]);
    expect(await versionsAt('/Patient/_history?_list=l')).toEqual(allOfA);
    expect(await versionsAt('/Observation/_history?_list=l')).toEqual([]);
  });

  test.each(['/_history?_list=none', '/Patient/_history?_list=none'])('%s is 404', async (url) => {
    expect((await server.get(url)).status).toBe(404);
  });

  test('makes no sense for one resource', async () => {
    expect((await server.get('/Patient/a/_history?_list=l')).status).toBe(400);
  });
});

test('what one transaction wrote at one instant keeps its order and its pages', async () => {
  const entry = Array.from({ length: 9 }, (_, index) => ({
    resource: { resourceType: 'Location', id: `l${index}`, name: `L${index}` },
    request: { method: 'PUT', url: `Location/l${index}` },
  }));
  expect((await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
  const { body } = await server.get('/Location/_history');
  expect(new Set(body.entry.map(({ response }: Entry) => response.lastModified)).size).toBe(1);
  const versions = body.entry.map(versionOf);
  expect(new Set(versions).size).toBe(9);
  for (const count of [1, 2, 4]) {
    expect((await pagesOf(`/Location/_history?_count=${count}`)).flat()).toEqual(versions);
  }
});

test('a page is not disturbed by what is written meanwhile', async () => {
  const { body } = await server.get('/Patient/a/_history?_count=2');
  await write('unknown');
  const next = body.link.find(({ relation }: { relation: string }) => relation === 'next');
  expect(await versionsAt(next.url.replace('http://127.0.0.1/fhir', ''))).toEqual(['Patient/a 2', 'Patient/a 1']);
});

test('a page ends before it has more bytes than the memory can bear', async () => {
  const data = Buffer.alloc(9_000_000, 'x').toString('base64');
  for (const id of ['b1', 'b2', 'b3', 'b4']) {
    const resource = { resourceType: 'Binary', id, contentType: 'text/plain', data };
    await server.context.store.commit([{ type: 'Binary', id, method: 2, resource }]);
  }
  const versions = [['Binary/b4 1', 'Binary/b3 1', 'Binary/b2 1'], ['Binary/b1 1']];
  expect(await pagesOf('/Binary/_history')).toEqual(versions);
  expect(await pagesOf('/Binary/b1/_history')).toEqual([['Binary/b1 1']]);
});

test.each(['_at=x', '_since=x', '_count=-1', '_cursor=1-2', '_sort=a', '_list=%20'])('%s is refused', async (query) => {
  const { status, body } = await server.get(`/Patient/_history?${query}`);
  expect([status, body.resourceType]).toEqual([400, 'OperationOutcome']);
});

test('of what never was is 404', async () => {
  expect((await server.get('/Patient/never/_history')).status).toBe(404);
});
