import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorAccess } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { branchOf, divisionOf, findDivisions, isWithin, loadDivisions, prefixesOf, registerDivision } from './index.ts';

let pool: Pool;
let app: FastifyInstance;
let drop: () => Promise<void>;

const today = '2026-11-25';

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 4, applicationName: 'test' });
  app = Fastify();
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request) => {
    if (request.headers.authorization) request.access = operatorAccess;
  });
  const routes = { pool, now: () => Date.parse(today), scopeOf: async () => (code: string) => code.startsWith('53') };
  await app.register(async (api) => registerDivision(api, routes), { prefix: '/api/division' });
  await Promise.all([loadDivisions(pool), loadDivisions(pool)]);
});

afterAll(async () => {
  await app.close();
  await pool.end();
  await drop();
});

const names = (divisions: readonly { name: string }[]) => divisions.map(({ name }) => name);
const find = async (text: string, within?: string) =>
  (await findDivisions(pool, { text, within, on: today, limit: 5 })).divisions;

describe('the tree of divisions', () => {
  it('comes in once, however many processes start', async () => {
    expect(await loadDivisions(pool)).toBe(0);
    const { rows } = await pool.query<{ count: string }>(
      `select count(*) from division.division where valid_until = 'infinity'`,
    );
    expect(Number(rows[0]?.count)).toBeGreaterThan(44_000);
  });

  it('has a parent for everything, also for what is no longer', async () => {
    const { rows } = await pool.query(
      `select code from division.division d
       where code <> '000000' and not exists (select from division.division p where p.code = d.parent)`,
    );
    expect(rows).toEqual([]);
  });

  it('names successors that were in force when the old code ended', async () => {
    const { rows } = await pool.query(
      `select * from division.successor s where not exists (
         select from division.division d
         where d.code = s.successor and d.valid_from <= s.valid_until and d.valid_until > s.valid_until)`,
    );
    expect(rows).toEqual([]);
    const { rows: counted } = await pool.query('select from division.successor');
    expect(counted.length).toBeGreaterThan(500);
  });

  it('lays counties of Yunnan under cities, those of Beijing and Hubei’s cities of county rank under the province', async () => {
    expect(names(await branchOf(pool, '530423001', today))).toEqual(['秀山街道', '通海县', '玉溪市', '云南省', '全国']);
    expect(names(await branchOf(pool, '110101', today))).toEqual(['东城区', '北京市', '全国']);
    expect(names(await branchOf(pool, '429004', today))).toEqual(['仙桃市', '湖北省', '全国']);
    expect(names(await branchOf(pool, '620201100', today))).toEqual(['新城镇', '嘉峪关市', '甘肃省', '全国']);
  });

  it('takes codes of 6, 9 and 12 digits for the same place, and refuses others', async () => {
    for (const code of ['530423', '530423000', '530423000000']) {
      expect((await divisionOf(pool, code, today)).name).toBe('通海县');
    }
    await expect(divisionOf(pool, '5304230', today)).rejects.toThrow('6, 9 or 12 digits');
    await expect(divisionOf(pool, '999999', today)).rejects.toThrow('There is no division 999999');
  });
});

describe('codes that change', () => {
  it('mean what they meant at the time: 500110 was Wansheng and is Qijiang', async () => {
    expect((await divisionOf(pool, '500110', '2008-05-12')).name).toBe('万盛区');
    expect((await divisionOf(pool, '500110', today)).name).toBe('綦江区');
  });

  it('still lie where their successor lies: Chongwen in Dongcheng, Nanhui in Pudong, and the counties of the prefecture of Chaohu in three cities', async () => {
    expect(await isWithin(pool, '110103', '110101', today)).toBe(true);
    expect(await isWithin(pool, '110103', '110101', '2005-01-01')).toBe(false);
    expect(await isWithin(pool, '110103', '110000', '2005-01-01')).toBe(true);
    expect(await isWithin(pool, '310119', '310115', today)).toBe(true);
    expect(await isWithin(pool, '341402', '340100', today)).toBe(true);
    expect(await isWithin(pool, '341423', '340500', today)).toBe(true);
    expect(await isWithin(pool, '341423', '340100', today)).toBe(false);
  });

  it('belong to the branch by their prefixes: all that is and was in Hefei', async () => {
    expect(await prefixesOf(pool, '530400')).toEqual(['5304']);
    expect(await prefixesOf(pool, '000000')).toEqual(['']);
    expect(await prefixesOf(pool, '340100')).toEqual(expect.arrayContaining(['3401', '341402', '341421']));
    expect(await prefixesOf(pool, '530800')).toEqual(['5308', '5327']);
  });
});

describe('a search for a division', () => {
  it('finds by characters, pinyin, initials, English and code', async () => {
    for (const text of ['通海县', '通海', 'tonghaixian', 'tonghai', '玉溪 thx', '530423']) {
      expect(
        (await find(text)).map(({ code }) => code),
        text,
      ).toContain('530423');
    }
  });

  it('narrows by places above, and by a branch', async () => {
    expect(names(await find('cuihu'))).not.toEqual([]);
    expect((await find('yuxi xiushan')).map(({ code }) => code)).toEqual(['530423001']);
    expect((await find('xiushan', '530400')).map(({ code }) => code)).toEqual(['530423001']);
    expect(await find('xiushan', '110000')).toEqual([]);
  });

  it('takes percent signs and backslashes for themselves', async () => {
    for (const text of ['%', '_', '\\', "'; drop table"]) expect(await find(text)).toEqual([]);
  });
});

const headers = { authorization: 'Bearer x' };
const get = async (url: string) => (await app.inject({ url: `/api/division${url}`, headers })).json();

async function send(csv: string, query = '') {
  const answer = await app.inject({
    method: 'POST',
    url: `/api/division/import${query}`,
    headers: { ...headers, 'content-type': 'text/csv' },
    payload: csv,
  });
  return answer.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('/api/division', () => {
  it('is for those who signed in', async () => {
    expect((await app.inject({ url: '/api/division' })).statusCode).toBe(401);
  });

  it('answers the tree level by level, and all about a code', async () => {
    expect((await get('')).divisions).toHaveLength(34);
    const { divisions } = await get('?parent=530400');
    expect(names(divisions)).toContain('通海县');
    expect(divisions.every(({ hasChildren }: { hasChildren: boolean }) => hasChildren)).toBe(true);
    const old = await get('/310119?on=2005-01-01');
    expect(old.division.name).toBe('南汇区');
    expect(old.became).toEqual([{ code: '310119', until: '2009-12-31', successor: '310115' }]);
    expect(
      (await get('?text=tonghai&limit=1')).divisions[0].branch.map(({ code }: { code: string }) => code),
    ).toContain('530400');
  });

  it('takes villages row by row, and the same file twice changes nothing', async () => {
    const file =
      '代码,名称\n530423001101,甲村村委会\n530423001102,乙村村委会\n530499001101,丙村\n110101001001,丁社区\n5304,戊\n';
    const fates = (rows: { fate?: string }[]) => rows.map(({ fate }) => fate);
    const dry = await send(file, '?dryRun=true');
    expect(fates(dry)).toEqual(['stored', 'stored', 'refused', 'refused', 'stored', undefined]);
    expect((await get('?parent=530423001')).divisions).toEqual([]);
    const villages = file.split('\n').slice(0, 5).join('\n');
    const rows = await send(villages);
    expect(fates(rows)).toEqual(['stored', 'stored', 'refused', 'refused', undefined]);
    expect(rows[2].problem).toContain('There is no division 530499001 above');
    expect(rows[3].problem).toContain('outside the branch');
    expect(fates(await send(villages))).toEqual(['unchanged', 'unchanged', 'refused', 'refused', undefined]);
    expect(names((await get('?parent=530423001')).divisions)).toEqual(['甲村村委会', '乙村村委会']);
  });

  it('takes changes: a township that another one took in', async () => {
    const file =
      'code,name,valid_from,valid_until,successors\n530423101,甲镇,2025-01-01,,\n530423999,乙乡,,,\n530423999,乙乡,,2025-06-01,530423101\n';
    expect((await send(file)).map(({ fate }) => fate)).toEqual(['stored', 'stored', 'stored', undefined]);
    const { meanings, became } = await get('/530423999');
    expect(meanings.at(-1).validUntil).toBe('2025-06-01');
    expect(became[0].successor).toBe('530423101');
    expect(await isWithin(pool, '530423999', '530423101', today)).toBe(true);
    expect((await divisionOf(pool, '530423101', '2024-12-31')).name).toBe('杨广镇');
    expect((await divisionOf(pool, '530423101', today)).name).toBe('甲镇');
  });

  it('says what is wrong with a file', async () => {
    expect(await send('kode,name\n1,2\n')).toEqual([{ isComplete: false, problem: expect.stringContaining('"kode"') }]);
  });
});
