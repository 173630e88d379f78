import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fullAccess } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { loadDivisions } from '#modules/division/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { until } from '#testing/until.ts';
import { creditCheck } from './credit-code.ts';
import { importColumns, importKinds } from './import/columns.ts';
import { installSearchParameters, registerDirectory } from './index.ts';

let server: TestServer;
let app: FastifyInstance;

beforeAll(async () => {
  server = await startTestServer({ isWorking: true });
  await loadDivisions(server.context.pool);
  await installSearchParameters(server.context);
  app = Fastify();
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request) => {
    const [role, organization] = (request.headers.authorization ?? '').split(' ');
    if (role) {
      request.access = fullAccess({
        reference: `Practitioner/${role}`,
        display: role,
        role,
        organization,
        purpose: 'HSYSADMIN',
      });
    }
  });
  await app.register(async (api) => registerDirectory(api, server.context), { prefix: '/api/directory' });
  await until('the directory can be searched', async () => (await call('GET', '/organization')).status === 200);
});

afterAll(async () => {
  await app.close();
  await server.stop();
});

interface Call {
  as?: string;
  version?: number;
}

async function call(
  method: 'GET' | 'PUT' | 'POST',
  url: string,
  body?: object | string,
  { as = 'operator', version }: Call = {},
) {
  const answer = await app.inject({
    method,
    url: `/api/directory${url}`,
    headers: {
      ...(as !== '' && { authorization: as }),
      ...(version !== undefined && { 'if-match': `W/"${version}"` }),
      ...(body !== undefined && { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
    },
    ...(body !== undefined && { payload: body }),
  });
  const isJson =
    `${answer.headers['content-type']}`.includes('json') && !`${answer.headers['content-type']}`.includes('ndjson');
  return {
    status: answer.statusCode,
    text: answer.body,
    body: isJson ? answer.json() : undefined,
    headers: answer.headers,
  };
}

const creditCode = (serial: number): string => {
  const start = `12530423${`${serial}`.padStart(9, '0')}`;
  return start + creditCheck(start);
};

let serial = 100;
const hospital = (members: object = {}) => ({
  name: '通海县人民医院',
  kind: 'general-hospital',
  grade: '2A',
  division: '530423',
  creditCode: creditCode(++serial),
  ...members,
});

async function found(id: string, members: object = {}) {
  const answer = await call('PUT', `/organization/${id}`, hospital(members));
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const faultsOf = ({ body }: { body: { issue: { expression?: string[]; diagnostics: string }[] } }) =>
  Object.fromEntries(body.issue.map(({ expression, diagnostics }) => [expression?.[0] ?? '', diagnostics]));

describe('an institution', () => {
  it('is put in once, however often the request is repeated', async () => {
    const input = hospital({
      phone: '0877-3012345',
      line: '礼乐西路 1 号',
      english: 'Tonghai County Hospital',
      figures: { beds: 300 },
    });
    const answers = await Promise.all([1, 2, 3].map(() => call('PUT', '/organization/once', input)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => body.version)).toEqual([1, 1, 1]);
    const { body } = await call('GET', '/organization/once');
    expect(body.organization).toMatchObject({
      ...input,
      address: '云南省玉溪市通海县礼乐西路 1 号',
      isActive: true,
      version: 1,
    });
    const { body: resource } = await server.get('/Organization/once');
    expect(resource.type[0].coding[0].code).toBe('general-hospital');
  });

  it('is refused with a sentence for each field that is wrong', async () => {
    const input = {
      name: '',
      kind: 'castle',
      division: '530499',
      creditCode: `${creditCode(1).slice(0, 17)}Z`,
      phone: 'x',
      figures: { beds: -1, stars: 5 },
    };
    const answer = await call('PUT', '/organization/wrong', input);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(faultsOf(answer)).toMatchObject({
      name: 'Fill this in.',
      kind: expect.stringContaining('"castle"'),
      creditCode: expect.stringContaining('18 characters'),
      phone: expect.stringContaining('digits'),
      'figures.beds': expect.stringContaining('number'),
      'figures.stars': 'There is no such figure.',
    });
    const nowhere = await call('PUT', '/organization/wrong', hospital({ division: '539999' }));
    expect(faultsOf(nowhere).division).toContain('There is no division 539999');
    expect((await call('GET', '/organization/wrong')).status).toBe(404);
  });

  it('is edited in the version that was seen, and by nobody else meanwhile', async () => {
    const first = await found('edited');
    const input = { ...hospital(), creditCode: first.creditCode, name: '通海县第一医院' };
    expect((await call('PUT', '/organization/edited', input, { version: 1 })).body.version).toBe(2);
    expect((await call('PUT', '/organization/edited', { ...input, name: '丙' }, { version: 1 })).status).toBe(412);
    expect((await call('PUT', '/organization/edited', { ...input, name: '丙' })).status).toBe(409);
    expect((await call('GET', '/organization/edited')).body.organization.name).toBe('通海县第一医院');
  });

  it('keeps what the form does not know', async () => {
    const first = await found('kept');
    const { body } = await server.get('/Organization/kept');
    const contact = [{ name: { text: '王院长' } }];
    await server.send('PUT', '/Organization/kept', {
      ...body,
      contact,
      telecom: [{ system: 'url', value: 'https://a.example' }],
    });
    await call(
      'PUT',
      '/organization/kept',
      { ...hospital(), creditCode: first.creditCode, name: '新名' },
      { version: 2 },
    );
    const after = (await server.get('/Organization/kept')).body;
    expect(after.contact).toEqual(contact);
    expect(after.telecom).toEqual([{ system: 'url', value: 'https://a.example' }]);
  });

  it('has a credit code of its own, also when two forms are sent at once', async () => {
    const code = creditCode(++serial);
    const answers = await Promise.all(
      ['twin-a', 'twin-b'].map((id) => call('PUT', `/organization/${id}`, hospital({ creditCode: code }))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused && faultsOf(refused).creditCode).toContain('already');
  });

  it('does not belong to itself or to one below it', async () => {
    await found('top');
    const below = await found('below', { parent: 'top' });
    expect(below.parentName).toBe('通海县人民医院');
    const { body } = await call('GET', '/organization/top');
    const answer = await call('PUT', '/organization/top', { ...body.organization, parent: 'below' }, { version: 1 });
    expect(faultsOf(answer).parent).toContain('below it');
  });
});

describe('who may do what', () => {
  beforeAll(async () => {
    await found('bureau-tonghai', { kind: 'health-commission', grade: undefined, name: '通海县卫生健康局' });
    await found('bureau-yuxi', {
      kind: 'health-commission',
      grade: undefined,
      name: '玉溪市卫健委',
      division: '530400',
    });
    await found('in-jiangchuan', { division: '530403', name: '江川区人民医院' });
  });

  it.each(['resident', 'hospital-physician', 'regulator', 'nobody-knows'])('%s changes nothing', async (as) => {
    const answer = await call('PUT', '/organization/new', hospital(), { as });
    expect([answer.status, answer.body.resourceType]).toEqual([403, 'OperationOutcome']);
    expect((await call('POST', '/import/organizations', 'name\n', { as })).status).toBe(403);
    expect((await call('POST', '/organization/top/close', {}, { as, version: 1 })).status).toBe(403);
  });

  it('nobody who did not sign in sees anything', async () => {
    for (const url of [
      '/organization',
      '/vocabulary',
      '/me',
      '/near?division=53',
      '/practitioner',
      '/template/services',
    ]) {
      expect((await call('GET', url, undefined, { as: '' })).status, url).toBe(401);
    }
  });

  it('a county changes its own branch and no other; its city changes both', async () => {
    const county = { as: 'administrator Organization/bureau-tonghai' };
    const city = { as: 'administrator Organization/bureau-yuxi' };
    const elsewhere = (await call('GET', '/organization/in-jiangchuan')).body.organization;
    const change = { ...elsewhere, name: '改名' };
    expect((await call('PUT', '/organization/in-jiangchuan', change, { ...county, version: 1 })).status).toBe(403);
    // Nor by saying that it lies in the own county.
    expect(
      (await call('PUT', '/organization/in-jiangchuan', { ...change, division: '530423' }, { ...county, version: 1 }))
        .status,
    ).toBe(403);
    expect((await call('POST', '/organization/in-jiangchuan/close', {}, { ...county, version: 1 })).status).toBe(403);
    expect((await call('PUT', '/department/d-j', { parent: 'in-jiangchuan', department: '07' }, county)).status).toBe(
      403,
    );
    expect((await call('PUT', '/organization/own', hospital(), county)).status).toBe(200);
    expect((await call('PUT', '/organization/in-jiangchuan', change, { ...city, version: 1 })).status).toBe(200);
    expect((await call('GET', '/me', undefined, county)).body).toMatchObject({
      mayEdit: true,
      branch: { code: '530423' },
    });
  });

  it('a resident sees doctors by name and title, and no register of staff', async () => {
    await call('PUT', '/practitioner/doc', {
      name: '陈一禾',
      sex: '女',
      licence: '110530423000901',
      title: '011',
      phone: '13812345678',
    });
    await call('PUT', '/registration/doc-role', {
      practitioner: 'doc',
      organization: 'top',
      role: 'physician',
      department: '03.04',
    });
    const as = 'resident';
    for (const url of ['/practitioner', '/practitioner/doc', '/organization/top/staff', '/organization/top/grade']) {
      expect((await call('GET', url, undefined, { as })).status, url).toBe(403);
    }
    const { body, text } = await call('GET', '/organization/top/doctors', undefined, { as });
    expect(body.staff).toEqual([
      { id: 'doc-role', role: 'physician', department: '03.04', name: '陈一禾', pinyin: 'Chen Yihe', title: '011' },
    ]);
    expect(text).not.toMatch(/13812345678|110530423000901/);
  });
});

describe('departments, staff and services', () => {
  beforeAll(() =>
    found('clinic', { name: '四街镇卫生院', kind: 'township-health-centre', grade: '1', division: '530423103' }),
  );

  it('a department moves to another institution, and is there only once', async () => {
    await found('other', { name: '河西镇卫生院', kind: 'township-health-centre', division: '530423102' });
    const input = { parent: 'clinic', department: '50', name: '中医馆' };
    expect((await call('PUT', '/department/tcm', input)).body).toMatchObject({
      name: '中医馆',
      parentName: '四街镇卫生院',
    });
    expect((await call('PUT', '/department/tcm-2', input)).status).toBe(409);
    const moved = await call('PUT', '/department/tcm', { ...input, parent: 'other' }, { version: 1 });
    expect(moved.body).toMatchObject({ parent: 'other', parentName: '河西镇卫生院', division: '530423102' });
    expect((await call('GET', '/organization/clinic')).body.departments).toEqual([]);
  });

  it('somebody is registered at several places, one of them the first, with warnings before the end', async () => {
    await call('PUT', '/practitioner/li', { name: '李明', licence: '110530423000902', licensedUntil: '2020-01-01' });
    const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const main = { practitioner: 'li', organization: 'clinic', role: 'physician', isMain: true, until: soon };
    expect((await call('PUT', '/registration/li-1', main)).status).toBe(200);
    const second = await call('PUT', '/registration/li-2', { ...main, organization: 'top' });
    expect(faultsOf(second).isMain).toContain('四街镇卫生院');
    expect(
      (await call('PUT', '/registration/li-2', { ...main, organization: 'top', isMain: false, until: '2020-01-01' }))
        .status,
    ).toBe(200);
    const { body } = await call('GET', '/practitioner/li');
    expect(
      body.registrations.map(({ id, isActive, expiry, licenceExpiry }: Record<string, unknown>) => [
        id,
        isActive,
        expiry,
        licenceExpiry,
      ]),
    ).toEqual([
      ['li-1', true, 'soon', 'expired'],
      ['li-2', false, undefined, 'expired'],
    ]);
    const moved = await call('PUT', '/registration/li-1', { ...main, organization: 'top' }, { version: 1 });
    expect(faultsOf(moved).organization).toContain('stays at its place');
  });

  it('are found by name, pinyin, licence, role and branch', async () => {
    const ids = async (query: string) =>
      (await call('GET', `/practitioner?${query}`)).body.practitioners.map(({ id }: { id: string }) => id);
    expect(await ids('text=李明')).toEqual(['li']);
    expect(await ids('text=li%20ming')).toEqual(['li']);
    expect(await ids('text=110530423000902')).toEqual(['li']);
    expect(await ids('role=physician&division=5304')).toEqual(expect.arrayContaining(['li', 'doc']));
    expect(await ids('division=530423103')).toEqual(['li']);
    expect(await ids('role=nurse')).toEqual([]);
  });

  it('an institution closes with all that is open there, or not at all', async () => {
    await found('closing', { name: '要关的医院' });
    await call('PUT', '/department/closing-d', { parent: 'closing', department: '07' });
    await call('PUT', '/service/closing-s', { organization: 'closing', name: '预防接种' });
    await call('PUT', '/registration/closing-r', { practitioner: 'doc', organization: 'closing', role: 'physician' });
    const refused = await call('POST', '/organization/closing/close', {}, { version: 1 });
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([
      422,
      expect.stringContaining('1 departments, 1 services, 1 registrations'),
    ]);
    const closed = await call('POST', '/organization/closing/close', { withAll: true }, { version: 1 });
    expect(closed.body.isActive).toBe(false);
    expect((await server.get('/PractitionerRole/closing-r')).body).toMatchObject({
      active: false,
      period: { end: expect.any(String) },
    });
    expect((await server.get('/HealthcareService/closing-s')).body.active).toBe(false);
    const late = await call('PUT', '/registration/late', {
      practitioner: 'doc',
      organization: 'closing',
      role: 'nurse',
    });
    expect(faultsOf(late).organization).toContain('is closed');
    expect((await call('POST', '/organization/closing/reopen', {}, { version: 2 })).body.isActive).toBe(true);
  });

  it('an institution to which others belong is not closed', async () => {
    const refused = await call('POST', '/organization/top/close', { withAll: true }, { version: 1 });
    expect(refused.body.issue[0].diagnostics).toContain('1 institutions belong to it');
  });

  it('the checklist of the level says what is met, by whose word', async () => {
    await found('graded', { figures: { beds: 120, 'equipment.ecg': 2 } });
    await call('PUT', '/department/graded-d', { parent: 'graded', department: '20' });
    await call('PUT', '/registration/graded-r', {
      practitioner: 'doc',
      organization: 'graded',
      role: 'physician',
      department: '03.04',
    });
    const { body } = await call('GET', '/organization/graded/grade');
    const of = (id: string) => body.findings.find((finding: { id: string }) => finding.id === id);
    expect(body.checklist).toMatchObject({ kind: 'general-hospital', level: '2', isVerified: false });
    expect(of('beds')).toMatchObject({ state: 'met', basis: 'declared', found: 120 });
    expect(of('department.20')).toMatchObject({ state: 'met', basis: 'directory' });
    expect(of('department.03')).toMatchObject({ state: 'met' });
    expect(of('department.07')).toMatchObject({ state: 'unmet' });
    expect(of('chiefs')).toMatchObject({ state: 'unmet', found: 1, atLeast: 3 });
    expect(of('equipment.ventilator')).toMatchObject({ state: 'unknown' });
  });
});

describe('lists', () => {
  const names = async (query: string) =>
    (await call('GET', `/organization?${query}`)).body.organizations.map(({ name }: { name: string }) => name);

  it('filter by kind, group, grade, branch, name, code and state', async () => {
    expect(await names('division=530423103')).toEqual(['四街镇卫生院']);
    expect(await names('kind=primary&division=530423')).toEqual(['四街镇卫生院', '河西镇卫生院']);
    expect(await names('kind=health-commission')).toEqual(['玉溪市卫健委', '通海县卫生健康局']);
    expect(await names('grade=1')).toEqual(['四街镇卫生院']);
    expect(await names('text=四街')).toEqual(['四街镇卫生院']);
    expect(await names(`text=${encodeURIComponent('%')}`)).toEqual([]);
    expect((await call('GET', '/organization?kind=castle')).status).toBe(400);
    expect((await call('GET', '/organization?kind=a&kind=b')).status).toBe(400);
  });

  it('near somebody: their village first, then the town, the county, the city', async () => {
    const { body } = await call('GET', '/near?division=530423103&kind=primary', undefined, { as: 'resident' });
    expect(body.institutions.map(({ name, within }: Record<string, string>) => [name, within])).toEqual([
      ['四街镇卫生院', '530423103'],
      ['河西镇卫生院', '530423'],
    ]);
    expect((await call('GET', '/near')).status).toBe(400);
  });
});

describe('an import', () => {
  const send = async (kind: string, file: string, query = '') => {
    const answer = await call('POST', `/import/${kind}${query}`, file);
    expect(answer.status, answer.text).toBe(200);
    return answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const fates = (rows: { fate?: string; isComplete?: boolean }[]) =>
    rows.map(({ fate, isComplete }) => fate ?? isComplete);
  const [a, b, c] = [creditCode(9001), creditCode(9002), creditCode(9003)];
  const organizations = [
    '名称,机构类别,等级,行政区划代码,统一社会信用代码,上级机构代码,床位',
    `甲医院,综合医院,二级甲等,530423,${a},,200`,
    `乙卫生院,township-health-centre,1,530423101,${b},${a},20`,
    `丙,诊所,,530423,${c.slice(0, 17)}${c.endsWith('0') ? '1' : '0'},,`,
    `丁,castle,,1,,,x`,
    `甲医院,综合医院,二级甲等,530423,${a},,200`,
  ].join('\n');

  it('tells row by row what became of it, and the same file twice changes nothing', async () => {
    const dry = await send('organizations', organizations, '?dryRun=true');
    expect(fates(dry)).toEqual(['created', 'created', 'refused', 'refused', 'refused', true]);
    expect((await call('GET', '/organization?text=甲医院')).body.total).toBe(0);
    const rows = await send('organizations', organizations);
    expect(fates(rows)).toEqual(['created', 'created', 'refused', 'refused', 'refused', true]);
    expect(rows[2].problems).toEqual([{ column: 'credit_code', text: expect.stringContaining('last character') }]);
    expect(rows[3].problems.map(({ column }: { column: string }) => column)).toEqual(
      expect.arrayContaining(['kind', 'division']),
    );
    expect(rows[4].problems[0].text).toContain('Line 2');
    expect(fates(await send('organizations', organizations))).toEqual([
      'unchanged',
      'unchanged',
      'refused',
      'refused',
      'refused',
      true,
    ]);
    const changed = organizations.replace('200', '250');
    expect(fates(await send('organizations', changed))[0]).toBe('updated');
  });

  it('takes departments, practitioners, registrations and services of what is there', async () => {
    expect(
      fates(await send('departments', `institution,department,name\n${a},心血管内科,心内科\n${a},07,\nX,07,\n`)),
    ).toEqual(['created', 'created', 'refused', true]);
    const people = 'name,licence,sex,title\n张三,110530423000991,男,主治医师\n李四,110530423000992,x,护师\n';
    expect(fates(await send('practitioners', people))).toEqual(['created', 'refused', true]);
    const registrations = `licence,institution,role,department,main\n110530423000991,${a},physician,03.04,是\n110530423000991,${b},physician,,\n999999999,${a},nurse,,\n`;
    for (const expected of ['created', 'unchanged']) {
      expect(fates(await send('registrations', registrations))).toEqual([expected, expected, 'refused', true]);
    }
    expect(fates(await send('services', `institution,name,hours\n${a},预防接种门诊,周一\n`))).toEqual([
      'created',
      true,
    ]);
    const { body } = await call('GET', '/organization?text=甲医院');
    const { body: whole } = await call('GET', `/organization/${body.organizations[0].id}`);
    expect(whole.departments.map(({ name }: { name: string }) => name).sort()).toEqual(['儿科', '心内科']);
    expect(whole.institutions.map(({ name }: { name: string }) => name)).toEqual(['乙卫生院']);
    expect(whole.services[0].name).toBe('预防接种门诊');
  });

  it('keeps within the branch of whoever imports', async () => {
    const file = `name,kind,division,credit_code\n外县医院,clinic,110101,${creditCode(9010)}\n`;
    const answer = await call('POST', '/import/organizations', file, {
      as: 'administrator Organization/bureau-tonghai',
    });
    expect(JSON.parse(answer.text.split('\n')[0] ?? '')).toMatchObject({
      fate: 'refused',
      problems: [{ text: expect.stringContaining('outside') }],
    });
  });

  it('says what is wrong with a file that has other columns', async () => {
    expect(await send('services', 'a,b\n1,2\n')).toEqual([
      { isComplete: false, problem: expect.stringContaining('"a"') },
    ]);
  });

  test.each(importKinds)('the template of %s can be filled in and sent', async (kind) => {
    for (const language of ['en', 'zh']) {
      const { text, headers } = await call('GET', `/template/${kind}?language=${language}`);
      expect(headers['content-disposition']).toContain(`${kind}.csv`);
      const [heading = ''] = text.replace('\uFEFF', '').split('\r\n');
      expect(heading.split(',')).toHaveLength(importColumns[kind].length);
      const rows = await send(kind, text, '?dryRun=true');
      expect(rows.at(-1)).toEqual({ isComplete: true });
      if (kind === 'organizations' || kind === 'practitioners')
        expect(rows[0].fate, JSON.stringify(rows[0])).toBe('created');
    }
  });
});
