import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFhir } from '#fhir/assemble.ts';
import { createPool } from '#lib/postgres/pool.ts';
import { startTestServer, type TestAnswer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

const system = 'http://example.org/region/CodeSystem/ward';

async function put(type: string, id: string, body: object): Promise<void> {
  const { status, text } = await server.send('PUT', `/${type}/${id}`, { resourceType: type, id, ...body });
  expect([200, 201], text).toContain(status);
}

const ward = (concept: object[], more: object = {}) => ({
  url: system,
  status: 'active',
  content: 'complete',
  caseSensitive: true,
  concept,
  ...more,
});

const include = (id: string, ...parts: object[]) => ({
  url: `http://example.org/region/ValueSet/${id}`,
  status: 'active',
  compose: { include: parts },
});

const url = (id: string) => encodeURIComponent(`http://example.org/region/ValueSet/${id}`);

const codesOf = ({ body }: TestAnswer): string[] =>
  (body.expansion?.contains ?? []).map(({ code }: { code: string }) => code);

const value = ({ body }: TestAnswer, name: string) => {
  const found = body.parameter?.find((one: { name: string }) => one.name === name);
  return found && Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
};

describe('what is stored is answered at once', () => {
  test('a new version of a code system counts from the next request on, in every process', async () => {
    await put('CodeSystem', 'ward', ward([{ code: 'A', display: 'Surgery' }]));
    const pool = createPool(server.connectionString, { max: 2, applicationName: 'another process' });
    const other = createFhir({ pool, sidePool: pool, baseUrl: 'http://other/fhir', now: Date.now });
    const lookup = other.operations.find(({ name }) => name === 'lookup');
    const ask = async (code: string) => {
      const prefer = { return: 'representation', handling: 'lenient' } as const;
      const parameters = [
        ['system', system],
        ['code', code],
      ] as const;
      const signal = new AbortController().signal;
      return lookup?.run(other, {
        method: 'GET',
        type: 'CodeSystem',
        parameters,
        header: () => undefined,
        prefer,
        signal,
      });
    };
    expect((await ask('B'))?.status).toBe(404);
    await put(
      'CodeSystem',
      'ward',
      ward([
        { code: 'A', display: 'Surgery' },
        { code: 'B', display: 'Medicine' },
      ]),
    );
    expect((await ask('B'))?.status).toBe(200);
    const here = await server.get(`/CodeSystem/$lookup?system=${system}&code=B`);
    expect(value(here, 'display')).toBe('Medicine');
    await server.send('DELETE', '/CodeSystem/ward');
    expect((await ask('A'))?.status).toBe(404);
    expect((await server.get(`/CodeSystem/$lookup?system=${system}&code=A`)).status).toBe(404);
    await pool.end();
  });

  test('value sets and code systems of R4 are there without being stored', async () => {
    const gender = 'http://hl7.org/fhir/ValueSet/administrative-gender';
    expect(codesOf(await server.get(`/ValueSet/$expand?url=${gender}`))).toEqual([
      'male',
      'female',
      'other',
      'unknown',
    ]);
    const answer = await server.get(
      `/ValueSet/$validate-code?url=${gender}&system=http://hl7.org/fhir/administrative-gender&code=man`,
    );
    expect(value(answer, 'result')).toBe(false);
  });

  test('an operation is offered at the address of a resource', async () => {
    await put('CodeSystem', 'ward', ward([{ code: 'A', display: 'Surgery', concept: [{ code: 'A1' }] }]));
    await put('ValueSet', 'wards', include('wards', { system }));
    expect(codesOf(await server.get('/ValueSet/wards/$expand?excludeNested=true'))).toEqual(['A', 'A1']);
    expect(value(await server.get('/CodeSystem/ward/$lookup?code=A'), 'display')).toBe('Surgery');
    expect(value(await server.get('/CodeSystem/ward/$subsumes?codeA=A&codeB=A1'), 'outcome')).toBe('subsumes');
    expect(value(await server.get('/CodeSystem/ward/$validate-code?code=A1'), 'result')).toBe(true);
    expect((await server.get('/ValueSet/nobody/$expand')).status).toBe(404);
  });

  test('a map translates both ways', async () => {
    await put('ConceptMap', 'map', {
      url: 'http://example.org/region/ConceptMap/map',
      status: 'active',
      group: [
        {
          source: system,
          target: 'http://example.org/target',
          element: [{ code: 'A', target: [{ code: 'X', equivalence: 'wider' }] }],
        },
      ],
    });
    const forth = await server.get(`/ConceptMap/$translate?system=${system}&code=A`);
    expect(value(forth, 'result')).toBe(true);
    expect(JSON.stringify(forth.body)).toContain('"code":"X"');
    const back = await server.get('/ConceptMap/$translate?system=http://example.org/target&code=X&reverse=true');
    expect(JSON.stringify(back.body)).toContain(`"system":"${system}","code":"A"`);
    expect(value(await server.get(`/ConceptMap/map/$translate?system=${system}&code=Z`), 'result')).toBe(false);
  });
});

describe('searches use it', () => {
  test(':in finds members, :below what is subsumed', async () => {
    await put(
      'CodeSystem',
      'ward',
      ward([{ code: 'A', concept: [{ code: 'A1', concept: [{ code: 'A2' }] }] }, { code: 'B' }]),
    );
    await put(
      'ValueSet',
      'below-a',
      include('below-a', { system, filter: [{ property: 'concept', op: 'is-a', value: 'A1' }] }),
    );
    for (const code of ['A', 'A1', 'A2', 'B']) {
      await put('Basic', code, { code: { coding: [{ system, code }] } });
    }
    const ids = async (query: string) => {
      const { body, text } = await server.get(`/Basic?${query}`);
      return (body.entry ?? [text]).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
    };
    expect(await ids(`code:below=${system}|A1`)).toEqual(['A1', 'A2']);
    expect(await ids(`code:above=${system}|A1`)).toEqual(['A', 'A1']);
    expect(await ids(`code:in=${url('below-a')}`)).toEqual(['A1', 'A2']);
    expect(await ids(`code:not-in=${url('below-a')}`)).toEqual(['A', 'B']);
    expect(await ids('code:in=ValueSet/below-a')).toEqual(['A1', 'A2']);
  });
});

describe('hostile input', () => {
  test('parents in a circle', async () => {
    const parent = (valueCode: string) => [{ code: 'parent', valueCode }];
    const concept = [
      { code: 'A', property: parent('C') },
      { code: 'B', property: parent('A') },
      { code: 'C', property: parent('B') },
      { code: 'D', property: parent('D') },
    ];
    await put('CodeSystem', 'ward', ward(concept));
    await put('ValueSet', 'wards', include('wards', { system }));
    const all = await server.get(`/ValueSet/$expand?url=${url('wards')}`);
    expect(codesOf(all).sort()).toEqual(['A', 'B', 'C', 'D']);
    expect(value(await server.get(`/CodeSystem/$subsumes?system=${system}&codeA=A&codeB=B`), 'outcome')).toBe(
      'equivalent',
    );
  });

  test('value sets that import each other', async () => {
    await put('ValueSet', 'one', include('one', { valueSet: ['http://example.org/region/ValueSet/two'] }));
    await put('ValueSet', 'two', include('two', { valueSet: ['http://example.org/region/ValueSet/one'] }));
    const { status, body } = await server.get(`/ValueSet/$expand?url=${url('one')}`);
    expect(status).toBe(422);
    expect(body.issue[0].details.text).toMatch(/in a circle/);
  });

  test('value sets whose imports fork at every level', async () => {
    await put('CodeSystem', 'ward', ward([{ code: 'A' }]));
    const parts = Array.from({ length: 40 }, (_, level) => {
      const below = `http://example.org/region/ValueSet/level-${level - 1}`;
      const from = level === 0 ? [{ system }] : [{ valueSet: [below, below] }, { valueSet: [below] }];
      return { name: 'tx-resource', resource: { resourceType: 'ValueSet', ...include(`level-${level}`, ...from) } };
    });
    const ask = (operation: string, ...more: object[]) =>
      server.send('POST', `/ValueSet/${operation}`, {
        resourceType: 'Parameters',
        parameter: [{ name: 'url', valueUri: 'http://example.org/region/ValueSet/level-39' }, ...parts, ...more],
      });
    const expanded = await ask('$expand');
    expect(expanded.status).toBe(422);
    expect(expanded.body.issue[0].code).toBe('too-costly');
    const validated = await ask('$validate-code', { name: 'coding', valueCoding: { system, code: 'Z' } });
    expect([200, 422]).toContain(validated.status);
  });

  test('contained value sets of the same id in different ones', async () => {
    await put('CodeSystem', 'ward', ward([{ code: 'A' }, { code: 'B' }]));
    const inner = (code: string) => ({
      contained: [
        {
          resourceType: 'ValueSet',
          id: 'x',
          status: 'active',
          compose: { include: [{ system, concept: [{ code }] }] },
        },
      ],
    });
    await put('ValueSet', 'inner', { ...include('inner', { valueSet: ['#x'] }), ...inner('B') });
    await put('ValueSet', 'outer', {
      ...include('outer', { valueSet: ['#x'] }, { valueSet: ['http://example.org/region/ValueSet/inner'] }),
      ...inner('A'),
    });
    expect(codesOf(await server.get(`/ValueSet/$expand?url=${url('outer')}`))).toEqual(['A', 'B']);
  });

  test('a giant expansion is refused with its limit, and paged when asked to', async () => {
    const concept = Array.from({ length: 10_001 }, (_, index) => ({ code: `W${index}`, display: `Ward ${index}` }));
    await put('CodeSystem', 'ward', ward(concept));
    await put('ValueSet', 'wards', include('wards', { system }));
    const { status, body } = await server.get(`/ValueSet/$expand?url=${url('wards')}`);
    expect(status).toBe(422);
    expect(body.issue[0]).toMatchObject({ code: 'too-costly' });
    expect(body.issue[0].details.text).toMatch(/10000/);
    expect((await server.get(`/ValueSet/$expand?url=${url('wards')}&count=10001`)).status).toBe(422);
    const page = await server.get(`/ValueSet/$expand?url=${url('wards')}&count=2&offset=9999`);
    expect(codesOf(page)).toEqual(['W9999', 'W10000']);
    expect(page.body.expansion.total).toBe(10_001);
    const counted = await server.get(`/ValueSet/$expand?url=${url('wards')}&count=0`);
    expect(counted.body.expansion).toMatchObject({ total: 10_001 });
    expect(codesOf(counted)).toEqual([]);
  });

  test.each([
    ['/ValueSet/$expand', 400],
    ['/ValueSet/$expand?url=http://nobody.example/vs', 422],
    ['/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&count=-1', 400],
    ['/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&displayLanguage=--', 400],
    ['/CodeSystem/$lookup?code=A', 400],
    ['/CodeSystem/$lookup?system=http://nobody.example/cs&code=A', 404],
    ['/CodeSystem/$subsumes?system=http://nobody.example/cs&codeA=A&codeB=B', 404],
    ['/ConceptMap/$translate', 400],
    ['/ConceptMap/$translate?url=http://nobody.example/map&system=http://a&code=b', 404],
    ['/ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender', 400],
  ])('%s answers %i in words', async (address, wanted) => {
    const { status, body, text } = await server.get(address);
    expect(status, text).toBe(wanted);
    expect(body.resourceType).toBe('OperationOutcome');
    expect(body.issue[0].diagnostics ?? body.issue[0].details.text).toMatch(/\w{3}/);
  });

  test('a code with characters that search expressions use', async () => {
    await put('CodeSystem', 'ward', ward([{ code: "A'\\:*&|!", display: "d'or" }]));
    const code = encodeURIComponent("A'\\:*&|!");
    expect(value(await server.get(`/CodeSystem/$lookup?system=${system}&code=${code}`), 'display')).toBe("d'or");
  });

  test('batches answer each question by itself', async () => {
    const question = (code: string) => ({
      name: 'validation',
      resource: {
        resourceType: 'Parameters',
        parameter: [{ name: 'coding', valueCoding: { system: 'http://hl7.org/fhir/administrative-gender', code } }],
      },
    });
    const { body } = await server.send('POST', '/ValueSet/$batch-validate-code', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'url', valueUri: 'http://hl7.org/fhir/ValueSet/administrative-gender' },
        question('male'),
        question('x'),
      ],
    });
    const results = body.parameter.map(({ resource }: { resource: TestAnswer['body'] }) =>
      value({ body: resource } as TestAnswer, 'result'),
    );
    expect(results).toEqual([true, false]);
  });
});

test('a code system too large for memory is read from the table, whoever stores it', async () => {
  const definition = 'A ward with a long definition. '.repeat(8);
  const concept = Array.from({ length: 15_000 }, (_, index) => ({
    code: `W${index}`,
    display: `Ward ${index}`,
    definition,
    ...(index > 0 && { property: [{ code: 'parent', valueCode: `W${Math.floor((index - 1) / 3)}` }] }),
  }));
  await put('CodeSystem', 'ward', ward(concept, { version: '1' }));
  await put(
    'ValueSet',
    'wards',
    include('wards', { system, filter: [{ property: 'concept', op: 'is-a', value: 'W1' }] }),
  );
  const page = await server.get(`/ValueSet/$expand?url=${url('wards')}&count=3&filter=ward`);
  expect(codesOf(page)).toEqual(['W1', 'W4', 'W5']);
  const { rows } = await server.context.pool.query('select count(*)::int as count from terminology.concept');
  expect(rows[0].count).toBe(15_000);
  expect(value(await server.get(`/CodeSystem/$subsumes?system=${system}&codeA=W1&codeB=W13`), 'outcome')).toBe(
    'subsumes',
  );
  await put('CodeSystem', 'ward', ward(concept.slice(0, 14_999), { version: '2' }));
  expect((await server.get(`/CodeSystem/$lookup?system=${system}&code=W14999`)).status).toBe(404);
  expect(value(await server.get(`/CodeSystem/$lookup?system=${system}&code=W14998`), 'display')).toBe('Ward 14998');
});
