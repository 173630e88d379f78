import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { indexResource, normaliseString } from '../indexing/index.ts';
import { Dictionary } from './dictionary.ts';
import { IndexRows } from './index-rows.ts';
import { method } from './method.ts';
import { referenceKey } from './rid.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

const ids = ['a', 'b', 'c', 'd'];
const family = fc.constantFrom('Lin', 'Müller', '林', 'Ōe', '');
const patient = fc.record({
  name: fc.array(fc.record({ family, given: fc.array(family, { maxLength: 2 }) }), { maxLength: 2 }),
  birthDate: fc.constantFrom('1958', '1958-03', '1958-03-14'),
  gender: fc.constantFrom('female', 'male'),
  identifier: fc.array(fc.record({ system: fc.constant('urn:x'), value: fc.constantFrom('1', '2') }), { maxLength: 2 }),
  link: fc.array(
    fc.record({
      other: fc.constantFrom(...ids, 'nobody').map((id) => ({ reference: `Patient/${id}` })),
      type: fc.constant('seealso'),
    }),
    { maxLength: 2 },
  ),
});
const step = fc.record({ id: fc.constantFrom(...ids), body: fc.option(patient, { freq: 4 }) });

/** FHIR knows no empty strings, arrays or objects. */
function prune(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(prune).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, member]) => [name, prune(member)]);
    const kept = entries.filter(([, member]) => member !== undefined);
    return kept.length > 0 ? Object.fromEntries(kept) : undefined;
  }
  return value === '' ? undefined : value;
}

async function storedRows(): Promise<string[]> {
  const { rows } = await server.context.pool.query<{ row: string }>(
    `select 'token ' || key || ' ' || rid as row from fhir.token
     union all select 'reference ' || key || ' ' || rid from fhir.reference
     union all select 'date ' || path || ' ' || low || ' ' || high || ' ' || rid from fhir.date
     union all select 'string ' || path || ' ' || value || ' ' || coalesce(original, '-') || ' ' || rid from fhir.string`,
  );
  return rows.map(({ row }) => row).sort();
}

/** What an index built from nothing but the current contents would hold. */
async function freshRows(): Promise<string[]> {
  const { rows: resources } = await server.context.pool.query<{
    rid: string;
    type: number;
    id: string;
    content: string | null;
  }>('select rid, type, id, content from fhir.resource where method <> $1', [method.delete]);
  const { rows: all } = await server.context.pool.query<{ rid: string; id: string }>(
    'select rid, id from fhir.resource',
  );
  const rids = new Map(all.map(({ id, rid }) => [`Patient/${id}`, Number(rid)]));
  const rows = new IndexRows(new Dictionary(), normaliseString);
  for (const { rid, content } of resources) {
    if (content === null) continue;
    rows.begin(Number(rid));
    indexResource(JSON.parse(content) as JsonObject, rows);
  }
  const lines = [
    ...rows.tokens.map(({ key, rid }) => `token ${key} ${rid}`),
    ...rows.references.map(({ path, target, rid }) => `reference ${referenceKey(path, rids.get(target) ?? 0)} ${rid}`),
  ];
  const single = [...new Set(lines)];
  const dates = rows.dates.map(({ path, low, high, rid }) => `date ${path} ${low} ${high} ${rid}`);
  const strings = rows.strings.map(
    ({ path, value, original, rid }) => `string ${path} ${value} ${original ?? '-'} ${rid}`,
  );
  return [...single, ...dates, ...strings].sort();
}

test('after any writes, updates and deletions the index holds what a fresh one would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      for (const { id, body } of steps) {
        const answer = body
          ? await server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, ...(prune(body) as object) })
          : await server.send('DELETE', `/Patient/${id}`);
        expect(answer.status, answer.text).toBeLessThan(300);
      }
      expect(await storedRows()).toEqual(await freshRows());
    }),
    { numRuns: 40 },
  );
});
