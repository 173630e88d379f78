import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createStore, type Store } from '../store/index.ts';
import { createSearch, type Search } from './index.ts';

let pool: Pool;
let store: Store;
let search: Search;
let drop: () => Promise<void>;

const condition = (id: string, div: string | undefined, note?: string): JsonObject => ({
  resourceType: 'Condition',
  id,
  subject: { reference: 'Patient/p' },
  ...(div !== undefined && {
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${div}</div>` },
  }),
  ...(note !== undefined && { note: [{ text: note }] }),
});

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ drop } = database);
  pool = createPool(database.connectionString, { max: 3, applicationName: 'words' });
  store = createStore({ pool, sidePool: pool, now: Date.now, textSearch: 'content' });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir', textSearch: 'content' });
  await write(
    condition('bone', '<p>Bone <b>metas</b>tases, <i>no</i> liver</p><!-- hidden --><p>found</p>', 'Wants tea'),
    condition('liver', 'Liver&#160;metastases &amp; Caf&#233;'),
    condition('pressure', '<p>患者有高血压病史</p>', '糖尿病'),
    condition('blood', '<p>血压高</p>'),
    condition('silent', undefined, 'Bone of contention, http://example.org/liver'),
  );
});

afterAll(async () => {
  await pool.end();
  await drop();
});

async function write(...resources: JsonObject[]): Promise<void> {
  await store.commit(
    resources.map((resource) => ({ type: `${resource.resourceType}`, id: `${resource.id}`, method: 2, resource })),
  );
}

async function idsOf(name: string, value: string, type = 'Condition'): Promise<string[]> {
  const { matches } = await search.search({
    type,
    parameters: [[name, value]],
    handling: 'strict',
    restriction: undefined,
  });
  return matches.map(({ id }) => id).sort();
}

describe('_text', () => {
  it.each([
    ['bone', ['bone']],
    ['METASTASES', ['bone', 'liver']],
    ['metas', []],
    ['metas*', ['bone', 'liver']],
    ['bone liver', ['bone']],
    ['bone or liver', ['bone', 'liver']],
    ['liver -bone', ['liver']],
    ['liver and not (bone or tea)', ['liver']],
    ['"liver metastases"', ['liver']],
    ['"metastases liver"', []],
    ['"liver found"', ['bone']],
    ['cafe', ['liver']],
    ['hidden', []],
    ['div', []],
    ['xhtml', []],
    ['高血压', ['pressure']],
    ['血压', ['blood', 'pressure']],
    ['压', ['blood', 'pressure']],
    ['高', ['blood', 'pressure']],
    ['压高', ['blood']],
    ['高压', []],
    ['病史 患者', ['pressure']],
    ['tea', []],
    ["drop'; table fhir.words", []],
  ])('finds words of the narrative: %s', async (text, expected) => {
    expect(await idsOf('_text', text)).toEqual(expected);
  });

  it.each(['(bone', 'bone)', 'or', '***', '', '-', 'bone and'])('says what cannot be read: %s', async (text) => {
    await expect(idsOf('_text', text)).rejects.toMatchObject({ name: expect.stringMatching(/Failure|NotUnderstood/) });
  });

  it('may be asked for of what is referred to', async () => {
    await write({
      resourceType: 'Procedure',
      id: 'p',
      status: 'completed',
      subject: { reference: 'Patient/p' },
      reasonReference: [{ reference: 'Condition/bone' }],
    });
    expect(await idsOf('reason-reference:Condition._text', 'bone', 'Procedure')).toEqual(['p']);
  });
});

describe('_content', () => {
  it.each([
    ['tea', ['bone']],
    ['bone', ['bone', 'silent']],
    ['contention', ['silent']],
    ['example', ['silent']],
    ['糖尿病', ['pressure']],
    ['Patient', []],
  ])('finds words of any text: %s', async (text, expected) => {
    expect(await idsOf('_content', text)).toEqual(expected);
  });

  it('is that of the current version, and of what is there', async () => {
    await write(condition('changing', 'before'));
    await write(condition('changing', 'after'));
    expect(await idsOf('_content', 'before')).toEqual([]);
    expect(await idsOf('_text', 'after')).toEqual(['changing']);
    await write(condition('changing', undefined));
    expect(await idsOf('_text', 'after')).toEqual([]);
    await write(condition('changing', 'again'));
    await store.commit([{ type: 'Condition', id: 'changing', method: 3 }]);
    expect(await idsOf('_text', 'again')).toEqual([]);
  });

  it('is refused in words where it is not indexed', async () => {
    const narrow = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
    const input = {
      type: 'Condition',
      parameters: [['_content', 'tea']] as const,
      handling: 'strict' as const,
      restriction: undefined,
    };
    await expect(narrow.search(input)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ code: 'not-supported', diagnostics: expect.stringContaining('MERIDIAN_TEXT_SEARCH') }],
    });
  });
});
