import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';

/** Four of these are more than a page holds by its bytes. */
const data = 'QUJD'.repeat(2_500_000);
const count = 6;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  for (let index = 1; index <= count; index++) {
    const photo = [{ contentType: 'image/png', data }];
    const patient = { resourceType: 'Patient', id: `p${index}`, photo };
    expect((await server.send('PUT', `/Patient/p${index}`, patient)).status).toBe(201);
    const basic = {
      resourceType: 'Basic',
      id: `b${index}`,
      code: { text: 'x' },
      subject: { reference: `Patient/p${index}` },
    };
    expect((await server.send('PUT', `/Basic/b${index}`, basic)).status).toBe(201);
  }
});

afterAll(() => server.stop());

test('a page ends where its resources fill it, and the next one goes on', async () => {
  const seen: string[] = [];
  const lengths: number[] = [];
  let url: string | undefined = '/Patient?_count=100&_sort=_id';
  while (url !== undefined) {
    const { status, body } = await server.get(url);
    expect(status).toBe(200);
    expect(body.total).toBe(count);
    lengths.push(body.entry.length);
    seen.push(...body.entry.map(({ resource }: { resource: { id: string } }) => resource.id));
    const next = body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url as string | undefined;
    url = next?.replace(server.context.baseUrl, '');
  }
  expect(seen).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
  expect(Math.max(...lengths)).toBeLessThan(count);
});

test('what is included ends there, too, and says so', async () => {
  for (const search of ['/Basic?_include=Basic:subject', '/Patient?_elements=id&_count=1&_revinclude=Basic:subject']) {
    expect((await server.get(search)).status).toBe(200);
  }
  const { body } = await server.get('/Basic?_include=Basic:subject');
  const modes = body.entry.map(({ search }: { search: { mode: string } }) => search.mode);
  expect(modes.filter((mode: string) => mode === 'match')).toHaveLength(count);
  expect(modes.filter((mode: string) => mode === 'include').length).toBeLessThan(count);
  expect(body.entry.at(-1).resource.issue[0].diagnostics).toContain('There is more to include than 32 MB');
});
