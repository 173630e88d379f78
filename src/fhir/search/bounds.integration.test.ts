import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createStore } from '../store/index.ts';
import { createSearch, type Search, type SearchResult } from './index.ts';

/** What users of other servers found cut, lost, slow or failed where it was large. */
let pool: Pool;
let search: Search;
let drop: () => Promise<void>;

const referring = 1500;
const ladder = 14;

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ drop } = database);
  pool = createPool(database.connectionString, { max: 3, applicationName: 'bounds' });
  const store = createStore({ pool, sidePool: pool, now: Date.now });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
  const resources: JsonObject[] = [
    { resourceType: 'Patient', id: 'p', managingOrganization: { reference: 'Organization/0' } },
    ...[...Array(ladder).keys()].map((step) => ({
      resourceType: 'Organization',
      id: `${step}`,
      name: `step ${step}`,
      partOf: { reference: `Organization/${step + 1}` },
    })),
    ...[...Array(referring).keys()].map((number) => ({
      resourceType: 'Observation',
      id: `o${number}`,
      status: 'final',
      code: { coding: [{ system: 'urn:codes', code: `${number}` }] },
      subject: { reference: 'Patient/p' },
    })),
    {
      resourceType: 'Provenance',
      id: 'why',
      recorded: '2024-01-01T00:00:00Z',
      target: [{ reference: 'Observation/o7' }],
    },
  ];
  await store.commit(
    resources.map((resource) => ({ type: `${resource.resourceType}`, id: `${resource.id}`, method: 2, resource })),
  );
}, 120_000);

afterAll(async () => {
  await pool.end();
  await drop();
});

async function find(type: string, ...parameters: [string, string][]): Promise<SearchResult> {
  return search.search({ type, parameters, handling: 'strict', restriction: undefined });
}

describe('includes', () => {
  it('bring all that refers, not the first hundreds', async () => {
    for (const what of ['Observation:patient', 'Observation:*', '*']) {
      const { included, issues } = await find('Patient', ['_id', 'p'], ['_revinclude', what]);
      expect(included).toHaveLength(referring);
      expect(issues).toEqual([]);
    }
  });

  it('are followed from what was included', async () => {
    const { included } = await find(
      'Patient',
      ['_id', 'p'],
      ['_revinclude', 'Observation:patient'],
      ['_revinclude:iterate', 'Provenance:target'],
      ['_include', 'Patient:organization'],
      ['_include:iterate', 'Organization:partof'],
    );
    expect(included.filter(({ type }) => type === 'Provenance').map(({ id }) => id)).toEqual(['why']);
    expect(included.filter(({ type }) => type === 'Organization').length).toBeGreaterThan(8);
    expect(included.filter(({ type }) => type === 'Observation')).toHaveLength(referring);
  });

  it('end after ten rounds, and say so', async () => {
    const { included, issues } = await find('Organization', ['_id', '0'], ['_include:iterate', 'Organization:partof']);
    expect(included).toHaveLength(10);
    expect(issues).toMatchObject([
      { severity: 'warning', code: 'too-costly', diagnostics: expect.stringContaining('10 times') },
    ]);
  });

  it('may be many at once', async () => {
    const several = [...Array(20)].flatMap((): [string, string][] => [
      ['_revinclude', 'Observation:patient'],
      ['_revinclude', 'Encounter:patient'],
    ]);
    expect((await find('Patient', ['_id', 'p'], ...several)).included).toHaveLength(referring);
  });
});

describe('alternatives', () => {
  it('may be a thousand, in a chain, too', async () => {
    const codes = [...Array(1000).keys()].map((number) => `urn:codes|${number}`).join(',');
    expect((await find('Observation', ['code', codes], ['_summary', 'count'])).total).toBe(1000);
    expect((await find('Patient', ['_has:Observation:patient:code', codes])).matches).toHaveLength(1);
    const names = [...Array(1000).keys()].map((number) => `step ${number + 5}`).join(',');
    expect((await find('Organization', ['partof.name', names])).total).toBe(ladder - 5);
  });
});

describe('a total', () => {
  it('is the same on every page, and that of a count', async () => {
    const asked: [string, string][] = [
      ['patient', 'Patient/p'],
      ['_total', 'accurate'],
      ['_count', '700'],
    ];
    const totals: (number | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await find('Observation', ...asked, ...(cursor ? [['_cursor', cursor] as [string, string]] : []));
      totals.push(page.total);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(totals).toEqual([referring, referring, referring]);
  });
});

describe('chains', () => {
  it('of many links are followed to the end', async () => {
    const path = `${'partof.'.repeat(6)}name`;
    expect((await find('Organization', [path, 'step 9'])).matches.map(({ id }) => id)).toEqual(['3']);
    expect((await find('Patient', [`organization.${path}`, 'step 6'])).matches.map(({ id }) => id)).toEqual(['p']);
  });
});
