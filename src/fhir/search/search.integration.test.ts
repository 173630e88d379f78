import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, inTransaction, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createParameterBook } from '../search-parameters/index.ts';
import { createStore, type Store } from '../store/index.ts';
import { createSearch, type Search, type SearchResult } from './index.ts';

let pool: Pool;
let store: Store;
let search: Search;
let connectionString: string;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ connectionString, drop } = database);
  pool = createPool(connectionString, { max: 3, applicationName: 'search' });
  store = createStore({ pool, sidePool: pool, now: Date.now });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
  await write(
    { resourceType: 'Organization', id: 'region', name: 'Region' },
    { resourceType: 'Organization', id: 'hospital', name: 'Hospital', partOf: { reference: 'Organization/region' } },
    {
      resourceType: 'Patient',
      id: 'zhang',
      identifier: [{ system: 'urn:mrn', value: '1' }],
      name: [{ family: '张', given: ['伟'] }],
      managingOrganization: { reference: 'Organization/hospital' },
    },
    {
      resourceType: 'Patient',
      id: 'li',
      identifier: [{ system: 'urn:mrn', value: '2' }],
      link: [{ other: { reference: 'Patient/zhang' }, type: 'seealso' }],
    },
    {
      resourceType: 'Encounter',
      id: 'visit',
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/zhang' },
    },
    ...['a', 'b', 'c'].map((id, index) => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] },
      subject: { reference: 'Patient/zhang' },
      encounter: { reference: 'Encounter/visit' },
      performer: [{ reference: 'Practitioner/nobody' }],
      effectiveDateTime: `2024-01-0${index + 1}`,
    })),
  );
});

afterAll(async () => {
  await pool.end();
  await drop();
});

async function write(...resources: JsonObject[]): Promise<void> {
  await store.commit(
    resources.map((resource) => ({
      type: String(resource.resourceType),
      id: String(resource.id),
      method: 2,
      resource,
    })),
  );
}

async function find(url: string, handling: 'strict' | 'lenient' = 'strict'): Promise<SearchResult> {
  const [type, query] = url.split('?');
  return search.search({
    ...(type && { type }),
    parameters: [...new URLSearchParams(query)],
    handling,
    restriction: undefined,
  });
}

const names = (found: readonly { type: string; id: string }[]): string[] =>
  found.map(({ type, id }) => `${type}/${id}`);

describe('what is found', () => {
  it('comes as it was stored, newest first', async () => {
    const { matches, total, next } = await find('Observation?');
    expect(names(matches)).toEqual(['Observation/c', 'Observation/b', 'Observation/a']);
    expect(JSON.parse(matches[0]?.content ?? '')).toMatchObject({ id: 'c', meta: { versionId: '1' } });
    expect({ total, next }).toEqual({ total: 3, next: undefined });
  });

  it('is what is stored now: not earlier versions, nothing deleted, no targets of dangling references', async () => {
    await write({ resourceType: 'Group', id: 'g', type: 'person', actual: true, identifier: [{ value: 'before' }] });
    await write({ resourceType: 'Group', id: 'g', type: 'person', actual: true, identifier: [{ value: 'after' }] });
    expect(names((await find('Group?identifier=before')).matches)).toEqual([]);
    expect(names((await find('Group?identifier=after')).matches)).toEqual(['Group/g']);
    await store.commit([{ type: 'Group', id: 'g', method: 3 }]);
    for (const url of [
      'Group?identifier=after',
      'Group?_id=g',
      'Group?',
      'Group?type:not=animal',
      'Practitioner?_id=nobody',
    ]) {
      expect((await find(url)).matches).toEqual([]);
    }
  });

  it('of several types comes together', async () => {
    const { matches } = await find('?_type=Patient,Encounter&_sort=_id');
    expect(names(matches)).toEqual(['Patient/li', 'Encounter/visit', 'Patient/zhang']);
  });

  it('turns pages by a cursor that holds while others write', async () => {
    const first = await find('Observation?_count=2&_sort=date');
    await write({
      resourceType: 'Observation',
      id: 'early',
      status: 'final',
      code: {},
      effectiveDateTime: '1990-01-01',
    });
    const second = await find(`Observation?_count=2&_sort=date&_cursor=${first.next}`);
    expect(names([...first.matches, ...second.matches])).toEqual(['Observation/a', 'Observation/b', 'Observation/c']);
    expect(second.next).toBeUndefined();
    await store.commit([{ type: 'Observation', id: 'early', method: 3 }]);
  });

  it('is seen inside the transaction that wrote it', async () => {
    await inTransaction(pool, async (transaction) => {
      const resource = { resourceType: 'Device', id: 'd', identifier: [{ system: 'urn:x', value: '1' }] };
      await store.write(transaction, [{ type: 'Device', id: 'd', method: 2, resource }]);
      expect(
        await search.findMatches(transaction, { type: 'Device', query: 'identifier=urn:x|1', restriction: undefined }),
      ).toMatchObject([{ id: 'd', version: 1 }]);
      expect((await find('Device?identifier=urn:x|1')).matches).toEqual([]);
    });
  });
});

describe('identifiers', () => {
  it('can be sorted by, also as a second key, and what has none comes last', async () => {
    expect(names((await find('Patient?_sort=identifier')).matches)).toEqual(['Patient/zhang', 'Patient/li']);
    expect(names((await find('Patient?_sort=-identifier')).matches)).toEqual(['Patient/li', 'Patient/zhang']);
    const first = await find('Patient?_sort=birthdate,-identifier&_count=1');
    const second = await find(`Patient?_sort=birthdate,-identifier&_count=1&_cursor=${first.next}`);
    expect(names([...first.matches, ...second.matches])).toEqual(['Patient/li', 'Patient/zhang']);
    expect((await find('Observation?_sort=identifier')).matches).toHaveLength(3);
  });

  it('cannot be sorted by where no plain element holds them', async () => {
    await expect(find('Patient?_sort=phone')).rejects.toMatchObject({ issues: [{ code: 'not-supported' }] });
  });
});

describe('a total', () => {
  it('is given when it costs nothing', async () => {
    expect((await find('Observation?subject=Patient/zhang')).total).toBe(3);
    expect((await find('Observation?subject=Patient/zhang&_total=none')).total).toBeUndefined();
  });

  it('is counted when it is asked for, and carried from page to page', async () => {
    const { total, next } = await find('Observation?code=8302-2&_count=1&_total=accurate');
    expect(total).toBe(3);
    expect((await find(`Observation?code=8302-2&_count=1&_total=accurate&_cursor=${next}`)).total).toBe(3);
  });

  it('is all that a count answers', async () => {
    for (const url of ['Observation?code=8302-2&_summary=count', 'Observation?code=8302-2&_count=0']) {
      expect(await find(url)).toMatchObject({ total: 3, matches: [] });
    }
  });

  it('may be estimated', async () => {
    expect((await find('Observation?code=8302-2&_count=1&_total=estimate')).total).toBeGreaterThanOrEqual(0);
  });
});

describe('an include', () => {
  it.each([
    ['Observation?_id=a&_include=Observation:patient', ['Patient/zhang']],
    ['Observation?_id=a&_include=Observation:subject:Group', []],
    [
      'Observation?_id=a&_include=Observation:subject&_include=Observation:encounter',
      ['Patient/zhang', 'Encounter/visit'],
    ],
    ['Observation?_id=a&_include=*', ['Patient/zhang', 'Encounter/visit']],
    ['Observation?_id=a&_include=Observation:*', ['Patient/zhang', 'Encounter/visit']],
    ['Observation?_id=a&_include=Observation:performer', []],
    ['Observation?_id=a&_include=Encounter:subject', []],
    ['Observation?_id=a&_include=Observation:patient&_include=Patient:organization', ['Patient/zhang']],
    [
      'Observation?_id=a&_include=Observation:patient&_include:iterate=Patient:organization',
      ['Patient/zhang', 'Organization/hospital'],
    ],
    [
      'Observation?_id=a&_include=Observation:patient&_include:iterate=Patient:organization&_include:iterate=Organization:partof',
      ['Patient/zhang', 'Organization/hospital', 'Organization/region'],
    ],
    ['Encounter?_id=visit&_revinclude=Observation:encounter', ['Observation/a', 'Observation/b', 'Observation/c']],
    ['Patient?_id=zhang&_revinclude=Patient:link', ['Patient/li']],
    [
      'Organization?_id=region&_revinclude:iterate=Organization:partof&_revinclude:iterate=Patient:organization&_revinclude:iterate=Encounter:patient',
      ['Organization/hospital', 'Patient/zhang', 'Encounter/visit'],
    ],
    [
      'Patient?_id=zhang&_revinclude=*',
      ['Patient/li', 'Encounter/visit', 'Observation/a', 'Observation/b', 'Observation/c'],
    ],
  ])('%s', async (url, expected) => {
    const { included, issues } = await find(url);
    expect(names(included).sort()).toEqual([...expected].sort());
    expect(issues).toEqual([]);
  });

  it('does not repeat a match', async () => {
    const { matches, included } = await find('Patient?_sort=_id&_include=Patient:link');
    expect(names(matches)).toEqual(['Patient/li', 'Patient/zhang']);
    expect(included).toEqual([]);
  });
});

describe('a condition for a write', () => {
  it('finds one or none, and shows when there are more', async () => {
    expect(
      await search.findMatches(pool, { type: 'Patient', query: 'identifier=urn:mrn|1', restriction: undefined }),
    ).toMatchObject([{ id: 'zhang', version: 1 }]);
    expect(
      await search.findMatches(pool, { type: 'Patient', query: 'identifier=urn:mrn|9', restriction: undefined }),
    ).toEqual([]);
    expect(
      await search.findMatches(pool, { type: 'Observation', query: 'code=8302-2', restriction: undefined }),
    ).toHaveLength(2);
  });

  it('is answered among many as it is alone', async () => {
    const queries = ['identifier=urn:mrn|1', 'identifier=urn:mrn|9', 'identifier=1', 'identifier=urn:mrn|1,urn:mrn|1'];
    const conditions = [
      ...queries.map((query) => ({ type: 'Patient', query })),
      { type: 'Observation', query: 'code=8302-2' },
      { type: 'Observation', query: 'identifier=urn:mrn|1' },
    ];
    const each: unknown[] = [];
    for (const { type, query } of conditions)
      each.push(await search.findMatches(pool, { type, query, restriction: undefined }));
    expect(await search.findMatchesOfEach(pool, conditions, undefined)).toEqual(each);
  });

  it('must be understood whole', async () => {
    await expect(
      search.findMatches(pool, { type: 'Patient', query: 'nonsense=1', restriction: undefined }),
    ).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ code: 'not-supported' }],
    });
  });
});

describe('a search', () => {
  it('names what it passed over', async () => {
    const { matches, issues, parameters } = await find('Patient?nonsense=1&_id=li', 'lenient');
    expect(names(matches)).toEqual(['Patient/li']);
    expect(issues[0]?.diagnostics).toContain('nonsense');
    expect(parameters).toEqual([['_id', 'li']]);
  });

  it.each(["'; drop table fhir.resource; --", '$1', "\\'", '%', '\u{1F600}', 'a'.repeat(10_000), '\\', '"', '{}'])(
    'takes any text for a value: %s',
    async (text) => {
      const value = encodeURIComponent(text);
      const parameters = [
        '_id',
        'name',
        'name:exact',
        'name:contains',
        'identifier',
        'gender',
        'organization',
        'organization.name',
        'language:text',
        '_tag',
      ];
      for (const parameter of parameters) await find(`Patient?${parameter}=${value}&_sort=name`, 'lenient');
      for (const parameter of ['url', 'url:above', 'url:below', 'code', 'context-quantity']) {
        await find(
          `ValueSet?${parameter}=${parameter === 'context-quantity' ? `1||${value}` : value}`,
          'lenient',
        ).catch((error) => {
          expect(error).toMatchObject({ name: 'Failure' });
        });
      }
      expect((await find('Patient?')).total).toBe(2);
    },
  );

  it('ends in time', async () => {
    const impatient = createPool(connectionString, { max: 1, applicationName: 'impatient', statementTimeoutMs: 1 });
    const { search: searchInHaste } = createSearch({
      pool: impatient,
      parameters: createParameterBook(pool),
      baseUrl: 'http://127.0.0.1/fhir',
    });
    const slow = [...Array(60).keys()].map((index) => ['_has:Observation:patient:code', `${index}`] as const);
    await expect(
      searchInHaste({ type: 'Patient', parameters: slow, handling: 'strict', restriction: undefined }),
    ).rejects.toMatchObject({
      code: 'timeout',
    });
    await impatient.end();
  });

  it('knows the frequencies after an analysis', async () => {
    await pool.query('analyze');
    await search.refreshStatistics();
    expect((await find('Observation?code=8302-2&subject=Patient/zhang')).total).toBe(3);
  });
});
