// Whatever is asked, over HTTP and under the real policy, nobody is told or counted what a direct read would refuse.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { operatorAccess } from '#fhir/access/index.ts';
import { createAccess, type Role } from '#modules/access/index.ts';
import { startTestServer, type TestAnswer, type TestServer } from '#testing/fhir-server.ts';
import { grantWorld, storeWorld } from '#testing/policy-world.ts';
import { categories } from './leak/categories.ts';
import { Oracle } from './leak/oracle.ts';
import { type Asked, asked, print } from './leak/requests.ts';
import { leakWorld, patients, stands } from './leak/world.ts';

const actors: readonly Role[] = [
  'resident',
  'village-doctor',
  'family-doctor',
  'public-health-nurse',
  'hospital-physician',
  'pharmacist',
  'receptionist',
  'cashier',
  'index-clerk',
  'disease-control-officer',
  'insurer',
  'regulator',
  'researcher',
  'privacy-officer',
  'administrator',
  'system',
];
// fast-check names the seed with which a failure can be repeated.
const numRuns = inject('isAllData') ? 5000 : 500;

let server: TestServer;
const found = new Map<string, string[]>();
const oracles = new Map<string, Oracle>();
const oracleOf = (actor: string): Oracle => {
  const oracle = oracles.get(actor) ?? new Oracle(server, actor, found);
  oracles.set(actor, oracle);
  return oracle;
};

beforeAll(async () => {
  server = await startTestServer({
    authenticate: async ({ headers }) => {
      const role = headers['x-actor'];
      if (role === 'operator') return operatorAccess;
      return access.accessOf({
        reference: role === 'resident' ? 'Patient/self-silent' : `Practitioner/${role}`,
        display: `${role}`,
        role: role as Role,
        ...(role !== 'resident' && { organization: 'Organization/cardiology' }),
      });
    },
  });
  const { pool, search, store } = server.context;
  const access = createAccess({ pool, search, now: Date.now, categories });
  await storeWorld(store, leakWorld(actors));
  await grantWorld(
    pool,
    stands,
    actors.filter((role) => role !== 'resident'),
  );
});

afterAll(() => server?.stop());

interface Entry {
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly search?: { readonly mode: string };
}

const namesOf = ({ body }: Pick<TestAnswer, 'body'>, mode?: string): string[] =>
  ((body.entry ?? []) as Entry[])
    .filter(({ resource, search }) => resource.resourceType !== 'OperationOutcome' && (!mode || search?.mode === mode))
    .map(({ resource }) => `${resource.resourceType}/${resource.id}`);

async function send({ actor, type, asks, more, way }: Asked): Promise<Pick<TestAnswer, 'status' | 'body'>> {
  const query = [`${new URLSearchParams(asks.map((one) => print(one)))}`, ...more]
    .filter((part) => part !== '')
    .join('&');
  const headers = { 'x-actor': actor, prefer: 'handling=strict' };
  if (way === 'get') return server.get(`/${type}?${query}`, headers);
  if (way === 'post') {
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    return server.send('POST', `/${type}/_search`, query, form);
  }
  const entry = [{ request: { method: 'GET', url: `${type}?${query}` } }];
  const { body } = await server.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry }, headers);
  const [{ response, resource }] = body.entry;
  return { status: Number(response.status.slice(0, 3)), body: resource };
}

const pathOf = (link: string): string => link.slice('http://127.0.0.1/fhir'.length);
const nextOf = ({ body }: Pick<TestAnswer, 'body'>): string | undefined =>
  body.link?.find(({ relation }: { relation: string }) => relation === 'next')?.url;

describe('nobody is told or counted what a direct read would refuse', () => {
  test('by searches with chains, _has, lists, includes, totals and pages', async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(asked(actors), fc.constantFrom(...actors), async (request, other) => {
        const oracle = oracleOf(request.actor);
        let answer = await send(request);
        if (answer.status === 403) {
          expect(await oracle.matches({ type: request.type, asks: [] })).toEqual([]);
          return;
        }
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        const expected = await oracle.matches(request);
        const isCount = request.more.includes('_summary=count') || request.more.includes('_count=0');
        const matched: string[] = [];
        for (let page = 0; ; page++) {
          const names = namesOf(answer);
          expect(await oracle.readable(names)).toEqual(names);
          if (answer.body.total !== undefined) expect(answer.body.total).toBe(expected.length);
          matched.push(...namesOf(answer, 'match'));
          told += names.length;
          const next = nextOf(answer);
          if (next === undefined) break;
          const theirs = await server.get(pathOf(next), { 'x-actor': other });
          if (theirs.status === 200) {
            expect(await oracleOf(other).readable(namesOf(theirs))).toEqual(namesOf(theirs));
          }
          if (page > 100) throw new Error('Pages without end');
          answer = await server.get(pathOf(next), { 'x-actor': request.actor });
        }
        expect([...matched].sort()).toEqual(isCount ? [] : [...expected].sort());
      }),
      { numRuns },
    );
    expect(told).toBeGreaterThan(numRuns);
  }, 300_000);

  test.each(actors)('by a %s who asks for everything, versions, compartments or all types', async (actor) => {
    const oracle = oracleOf(actor);
    const headers = { 'x-actor': actor };
    for (const patient of patients) {
      const isOpen = await oracle.isReadable(`Patient/${patient}`);
      const all = await server.get(`/Patient/${patient}/$everything`, headers);
      expect(all.status, patient).toBe(isOpen ? 200 : 403);
      const paged = await server.get(`/Patient/${patient}/$everything?_count=500`, headers);
      const compartment = await server.get(`/Patient/${patient}/Condition?_total=accurate`, headers);
      const versions = await server.get(`/Condition/m.${patient}/_history`, headers);
      const meta = await server.get(`/Condition/m.${patient}/$meta`, headers);
      const isConditionOpen = await oracle.isReadable(`Condition/m.${patient}`);
      expect([versions.status, meta.status]).toEqual(isConditionOpen ? [200, 200] : [403, 403]);
      for (const answer of [all, paged, compartment].filter(({ status }) => status === 200)) {
        expect(await oracle.readable(namesOf(answer))).toEqual(namesOf(answer));
        if (answer.body.total !== undefined) expect(answer.body.total).toBe(namesOf(answer, 'match').length);
      }
      // Whom nothing but a closed encounter names, is not told either.
      const isNamed =
        (await oracle.isReadable(`Encounter/x.${patient}`)) || (await oracle.isReadable(`Provenance/z.${patient}`));
      for (const answer of isNamed ? [] : [all, paged].filter(({ status }) => status === 200)) {
        expect(namesOf(answer)).not.toContain(`Organization/ward.${patient}`);
        expect(namesOf(answer)).not.toContain(`Practitioner/psychiatrist.${patient}`);
      }
    }
    const system = await server.get(
      `?_type=Patient,Condition,Observation,List,Group&_count=1000&_total=accurate`,
      headers,
    );
    if (system.status === 200) {
      expect(await oracle.readable(namesOf(system))).toEqual(namesOf(system));
      expect(system.body.total).toBe(namesOf(system).length);
    }
    const type = await server.get('/Patient/$everything?_count=1000', headers);
    if (type.status === 200) expect(await oracle.readable(namesOf(type))).toEqual(namesOf(type));
    const list = await server.get(`/_history?_list=l.${patients[3]}`, headers);
    const whole = await server.get('/Condition/_history', headers);
    for (const answer of [list, whole].filter(({ status }) => status === 200)) {
      expect(await oracle.readable(namesOf(answer))).toEqual(namesOf(answer));
    }
  });
});

describe('a write tells nothing of what its sender may not see', () => {
  test('a patch by whoever may change but not read', async () => {
    const id = `h.${patients[1]}`;
    const physician = { 'x-actor': 'hospital-physician' };
    expect((await server.get(`/Encounter/${id}`, physician)).status).toBe(403);
    const patch = [{ op: 'replace', path: '/status', value: 'finished' }];
    const patched = await server.send('PATCH', `/Encounter/${id}`, patch, {
      ...physician,
      'content-type': 'application/json-patch+json',
    });
    expect(patched.status).toBe(403);
    expect(patched.text).not.toContain('"resourceType":"Encounter"');
  });

  test('a version that is expected, and a condition that is met, where it is closed', async () => {
    const closed = `m.${patients[1]}`;
    const physician = { 'x-actor': 'hospital-physician' };
    const body = { resourceType: 'Condition', id: closed, subject: { reference: `Patient/${patients[1]}` } };
    const answers = [];
    for (const version of ['W/"1"', 'W/"7"']) {
      answers.push(await server.send('PUT', `/Condition/${closed}`, body, { ...physician, 'if-match': version }));
    }
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    const patient = `Patient/${patients[3]}`;
    const create = { resourceType: 'Condition', subject: { reference: patient } };
    const condition = `_id=${closed}`;
    const made = await server.send('POST', '/Condition', create, { ...physician, 'if-none-exist': condition });
    expect(made.status).toBe(201);
    const removed = await server.send('DELETE', `/Condition?${condition}`, undefined, physician);
    const absent = await server.send('DELETE', '/Condition?_id=nobody', undefined, physician);
    expect([removed.status, removed.headers.etag]).toEqual([absent.status, absent.headers.etag]);
    const entry = [
      {
        resource: { ...create, recorder: { reference: `Condition?${condition}` } },
        request: { method: 'POST', url: 'Condition' },
      },
    ];
    const refused = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }, physician);
    expect(refused.text).not.toContain(`"Condition/${closed}"`);
    expect(refused.status).toBeGreaterThanOrEqual(400);
  });

  test('an Idempotency-Key of somebody else', async () => {
    const body = { resourceType: 'Condition', subject: { reference: `Patient/${patients[3]}` } };
    const key = { 'idempotency-key': 'shared-key' };
    const first = await server.send('POST', '/Condition', body, { ...key, 'x-actor': 'hospital-physician' });
    const second = await server.send('POST', '/Condition', body, { ...key, 'x-actor': 'researcher' });
    const again = await server.send('POST', '/Condition', body, { ...key, 'x-actor': 'hospital-physician' });
    expect([first.status, second.status, again.status]).toEqual([201, 403, 201]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Condition' } }] };
    const theirs = await server.send('POST', '', batch, {
      'idempotency-key': 'batch',
      'x-actor': 'hospital-physician',
    });
    const own = await server.send('POST', '', batch, { 'idempotency-key': 'batch', 'x-actor': 'researcher' });
    expect(theirs.text).toContain('"resourceType":"Condition"');
    expect(own.text).not.toContain('"resourceType":"Condition"');
  });
});
