import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, grantKinds } from '#fhir/access/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { compareWithFreshIndex } from '#testing/fresh-index.ts';
import { merge } from './merge.ts';
import { resolvePatient, supersededBy } from './resolve.ts';
import { previewUnmerge, unmerge } from './unmerge.ts';

let server: TestServer;

const clerk: Actor = { reference: 'Practitioner/clerk', display: 'Li Clerk', role: 'index-clerk', purpose: 'HOPERAT' };

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

type Resource = { resourceType: string; id: string; [name: string]: unknown };

async function put(...resources: Resource[]) {
  for (const resource of resources) {
    const { status, text } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    expect([200, 201], text).toContain(status);
  }
}

const aPatient = (id: string, more: object = {}): Resource => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: 'urn:mrn', value: id }],
  name: [{ family: 'Wang', given: [id] }],
  active: true,
  ...more,
});

const observation = (id: string, patient: string, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'weight' },
  subject: { reference: `Patient/${patient}` },
  valueQuantity: { value: 70.5, unit: 'kg' },
  ...more,
});

/** What the database says of all resources (but for the numbers of versions and times), and of who may see whom. */
async function stateOf(): Promise<{ resources: Map<string, string>; grants: unknown[] }> {
  const { rows } = await server.context.pool.query<{ name: string; content: string }>(
    `select type || '/' || id as name, content from fhir.resource where content is not null order by 1`,
  );
  const grants = await server.context.pool.query(
    'select key, patient, source, low, high from fhir.access_grant order by key, patient, source',
  );
  return {
    resources: new Map(
      rows.map(({ name, content }) => [
        name,
        content.replace(/"versionId":"\d+"/, '"versionId":""').replace(/"lastUpdated":"[^"]+"/, '"lastUpdated":""'),
      ]),
    ),
    grants: grants.rows,
  };
}

const withoutProvenance = (state: Map<string, string>) =>
  [...state].filter(([, content]) => !content.includes('"resourceType":"Provenance"'));

async function ridOf(id: string): Promise<number> {
  const { rows } = await server.context.pool.query<{ rid: string }>('select rid from fhir.resource where id = $1', [
    id,
  ]);
  return Number(rows[0]?.rid);
}

const mergeThem = (source: string, target: string) =>
  merge(server.context, clerk, { source, target, reason: 'Same person, told by the id card' });

const unmergeIt = (number: number) =>
  unmerge(server.context, clerk, { merge: number, reason: 'Two persons after all' });

describe('a merge', () => {
  test('carries all that refers to the source, and its undoing restores it byte for byte', async () => {
    await put(aPatient('s1', { managingOrganization: { reference: 'Organization/o1' } }), aPatient('t1'));
    await put(
      { resourceType: 'Organization', id: 'o1', name: 'Clinic' },
      { resourceType: 'Organization', id: 'h1', name: 'Hospital' },
    );
    await put({
      resourceType: 'Encounter',
      id: 'e1',
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/s1' },
      period: { start: '2026-11-01', end: '2026-11-02' },
      serviceProvider: { reference: 'Organization/h1' },
    });
    await put(observation('own1', 't1'), observation('other1', 'else1'));
    await put(
      observation('ob1', 's1', {
        encounter: { reference: 'Encounter/e1' },
        performer: [{ reference: '#r' }, { reference: 'Patient/s1', display: 'Herself' }],
        extension: [{ url: 'urn:x', valueReference: { reference: 'Patient/s1' } }],
        note: [{ authorReference: { reference: 'Patient/s1' }, text: 'said so' }],
        contained: [{ resourceType: 'RelatedPerson', id: 'r', patient: { reference: 'Patient/s1' } }],
        focus: [{ reference: 'Patient/s1/_history/1' }],
      }),
    );
    await server.send(
      'PUT',
      '/Observation/exact',
      '{"resourceType":"Observation","id":"exact","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/s1"},"valueQuantity":{"value":1.500,"unit":"kg"}}',
    );
    const [s, t, o, h] = await Promise.all(['s1', 't1', 'o1', 'h1'].map(ridOf));
    const open = (key: number, patient: number | undefined, source: number) =>
      server.context.pool.query('insert into fhir.access_grant (key, patient, source, high) values ($1, $2, $3, 99)', [
        key,
        patient,
        source,
      ]);
    await open(258, s, -5);
    await open(258, t, -5);
    await open(259, s, -6);
    await open(300, t, -7);
    const before = await stateOf();

    const { record } = await mergeThem('s1', 't1');
    expect(record).toMatchObject({ sourceId: 's1', targetId: 't1', items: 3, unmerged: undefined });
    const merged = (await server.get('/Observation/ob1')).body;
    expect(merged.performer[1]).toEqual({ reference: 'Patient/t1', display: 'Herself' });
    expect([merged.subject, merged.extension[0].valueReference, merged.note[0].authorReference]).toEqual(
      Array(3).fill({ reference: 'Patient/t1' }),
    );
    expect(merged.contained[0].patient.reference).toBe('Patient/t1');
    expect(merged.focus[0].reference).toBe('Patient/s1/_history/1');
    for (const id of ['t1', 's1']) {
      expect((await server.get(`/Observation?subject=Patient/${id}`)).body.entry).toHaveLength(3);
      expect((await server.get(`/Observation?patient=${id}&_summary=count`)).body.total).toBe(3);
      expect((await server.get(`/Patient/${id}/Observation`)).body.entry).toHaveLength(3);
      const { entry } = (await server.get(`/Patient/${id}/$everything`)).body;
      expect(entry[0].resource.id).toBe('t1');
      expect(
        entry.filter(({ resource }: { resource: Resource }) => resource.resourceType === 'Observation'),
      ).toHaveLength(3);
    }
    expect((await server.get('/Observation/exact')).text).toContain('1.500');
    const superseded = (await server.get('/Patient/s1')).body;
    expect(superseded).toMatchObject({
      active: false,
      link: [{ other: { reference: 'Patient/t1' }, type: 'replaced-by' }],
    });
    const found = (await server.get('/Patient?identifier=urn:mrn|s1')).body.entry;
    expect(found.map(({ resource }: { resource: Resource }) => resource.id)).toEqual(['t1']);
    expect(found[0].resource).toMatchObject({
      identifier: [{ value: 't1' }, { value: 's1', use: 'old' }],
      link: [{ other: { reference: 'Patient/s1' }, type: 'replaces' }],
    });
    const grants = (await stateOf()).grants as { key: string; patient: string }[];
    const keys = grants.filter(({ patient }) => Number(patient) === t).map(({ key }) => Number(key));
    const expected = [258, 259, 300, (o ?? 0) * 256 + grantKinds.custodian, (h ?? 0) * 256 + grantKinds.treating];
    expect(keys.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
    expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
    expect((await server.get('/Provenance?target=Patient/t1')).body.entry).toHaveLength(1);

    expect((await unmergeIt(record.merge)).record.unmerged).toMatchObject({ by: 'Practitioner/clerk' });
    const after = await stateOf();
    expect(withoutProvenance(after.resources)).toEqual(withoutProvenance(before.resources));
    expect(after.grants).toEqual(before.grants);
    expect(await compareWithFreshIndex(server.context.pool)).toEqual([]);
  });

  test('is the same when it is repeated, also at the same time', async () => {
    await put(aPatient('s2'), aPatient('t2'), observation('o2', 's2'));
    const all = await Promise.all([mergeThem('s2', 't2'), mergeThem('s2', 't2'), mergeThem('s2', 't2')]);
    expect(new Set(all.map(({ record }) => record.merge)).size).toBe(1);
    expect(all.filter(({ isRepeated }) => !isRepeated)).toHaveLength(1);
    expect((await server.get('/Observation/o2')).headers.etag).toBe('W/"2"');
    const undone = await Promise.all([1, 2].map(() => unmergeIt(all[0]?.record.merge ?? 0)));
    expect(undone.filter(({ isRepeated }) => !isRepeated)).toHaveLength(1);
    expect((await server.get('/Observation/o2')).headers.etag).toBe('W/"3"');
  });

  test('of each into the other at the same time is done once', async () => {
    await put(aPatient('a3'), aPatient('b3'));
    const settled = await Promise.allSettled([mergeThem('a3', 'b3'), mergeThem('b3', 'a3')]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test.each([
    ['a4', 'a4', 'invalid'],
    ['a4', 'nobody', 'not-found'],
    ['nobody', 'a4', 'not-found'],
    ['gone4', 'a4', 'deleted'],
    ['old4', 'a4', 'conflict'],
    ['a4', 'old4', 'conflict'],
    ["x'--", 'a4', 'value'],
  ])('of %s into %s is refused as %s, and nothing changes', async (source, target, code) => {
    await put(aPatient('a4'));
    if (source === 'gone4') {
      await put(aPatient('gone4'));
      await server.send('DELETE', '/Patient/gone4');
    }
    if ([source, target].includes('old4')) {
      await put(aPatient('other4'));
      if ((await resolvePatient(server.context.pool, 'old4')) === 'old4') {
        await put(aPatient('old4'));
        await mergeThem('old4', 'other4');
      }
    }
    const before = await stateOf();
    await expect(mergeThem(source, target)).rejects.toMatchObject({ code });
    expect(await stateOf()).toEqual(before);
  });

  test('that fails in the middle leaves nothing behind', async () => {
    await put(aPatient('s5'), aPatient('t5'));
    await Promise.all(Array.from({ length: 20 }, (_, index) => put(observation(`o5-${index}`, 's5'))));
    const before = await stateOf();
    const { store } = server.context;
    let writes = 0;
    const failing: typeof store = {
      ...store,
      write: (...call) => {
        writes++;
        if (writes === 2) throw new Error('The process is gone');
        return store.write(...call);
      },
    };
    const broken = merge({ ...server.context, store: failing }, clerk, { source: 's5', target: 't5', reason: 'r' });
    await expect(broken).rejects.toThrow('gone');
    expect(await stateOf()).toEqual(before);
    expect(await resolvePatient(server.context.pool, 's5')).toBe('s5');
  });
});

describe('chains', () => {
  test('resolve to the last, and are undone from the last on', async () => {
    await put(aPatient('a6'), aPatient('b6'), aPatient('c6'), observation('o6', 'a6'));
    const before = await stateOf();
    const first = await mergeThem('a6', 'b6');
    const second = await mergeThem('b6', 'c6');
    expect((await server.get('/Observation/o6')).body.subject.reference).toBe('Patient/c6');
    const { pool } = server.context;
    expect(await Promise.all(['a6', 'b6', 'c6'].map((id) => resolvePatient(pool, id)))).toEqual(['c6', 'c6', 'c6']);
    expect((await supersededBy(pool, 'c6')).sort()).toEqual(['a6', 'b6']);
    expect((await server.get('/Patient?identifier=urn:mrn|a6')).body.entry[0].resource.id).toBe('c6');
    await expect(unmergeIt(first.record.merge)).rejects.toMatchObject({ code: 'conflict' });
    await unmergeIt(second.record.merge);
    await unmergeIt(first.record.merge);
    expect(withoutProvenance((await stateOf()).resources)).toEqual(withoutProvenance(before.resources));
  });

  test('two merged into one come apart in any order', async () => {
    await put(aPatient('a7'), aPatient('b7'), aPatient('c7'));
    await put(observation('o7', 'a7'), observation('both7', 'a7', { performer: [{ reference: 'Patient/b7' }] }));
    const before = await stateOf();
    const first = await mergeThem('a7', 'c7');
    const second = await mergeThem('b7', 'c7');
    await unmergeIt(first.record.merge);
    expect((await server.get('/Patient/c7')).body.link).toEqual([
      { other: { reference: 'Patient/b7' }, type: 'replaces' },
    ]);
    await unmergeIt(second.record.merge);
    expect(withoutProvenance((await stateOf()).resources)).toEqual(withoutProvenance(before.resources));
  });
});

describe('what happened since', () => {
  test('is placed by identifier, encounter and organisation, or by a clerk', async () => {
    await put(aPatient('s8'), aPatient('t8'));
    await put(observation('s8-1', 's8', { performer: [{ reference: 'Organization/clinic' }] }));
    await put(observation('t8-1', 't8', { performer: [{ reference: 'Organization/hospital' }] }));
    await put(observation('s8-gone', 's8'), observation('s8-amended', 's8'));
    const { record } = await mergeThem('s8', 't8');
    await put(
      { ...observation('s8-amended', 't8'), status: 'amended' },
      observation('by-identifier', 't8', {
        subject: { reference: 'Patient/t8', identifier: { system: 'urn:mrn', value: 's8' } },
      }),
      observation('by-organisation', 't8', { performer: [{ reference: 'Organization/clinic' }] }),
      observation('by-other-organisation', 't8', { performer: [{ reference: 'Organization/hospital' }] }),
      observation('by-reference', 't8', { derivedFrom: [{ reference: 'Observation/s8-1' }] }),
      observation('by-chain', 't8', { derivedFrom: [{ reference: 'Observation/by-reference' }] }),
      observation('unknown', 't8'),
    );
    await server.send('DELETE', '/Observation/s8-gone');
    const plan = await previewUnmerge(server.context, record.merge);
    const fates = Object.fromEntries([...plan.items, ...plan.since].map(({ id, fate, by }) => [id, `${fate} ${by}`]));
    expect(fates).toEqual({
      's8-1': 'restored version',
      's8-gone': 'gone version',
      's8-amended': 'returned place',
      'by-identifier': 'moved identifier',
      'by-organisation': 'moved organisation',
      'by-other-organisation': 'stays organisation',
      'by-reference': 'moved reference',
      'by-chain': 'moved reference',
      unknown: 'undecided nothing',
    });
    const before = await stateOf();
    await expect(unmergeIt(record.merge)).rejects.toMatchObject({ code: 'business-rule' });
    expect(await stateOf()).toEqual(before);
  });
});
