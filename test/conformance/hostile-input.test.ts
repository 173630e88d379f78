import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceTypes } from '#fhir/definitions/index.ts';
import { searchParametersOf } from '#fhir/indexing/index.ts';
import { startTestServer, type TestAnswer, type TestServer } from '#testing/fhir-server.ts';

let server: TestServer;
let port: number;

beforeAll(async () => {
  server = await startTestServer();
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  port = (server.app.server.address() as AddressInfo).port;
});

afterAll(async () => {
  await server.stop();
});

function expectRefused({ status, body, text }: TestAnswer): void {
  expect(status, text.slice(0, 300)).toBeGreaterThanOrEqual(400);
  expect(status, text.slice(0, 300)).toBeLessThan(500);
  expect(body.resourceType).toBe('OperationOutcome');
  expect(body.issue[0].diagnostics.length).toBeGreaterThan(10);
}

async function expectAlive(): Promise<void> {
  const { status } = await server.send('POST', '/Patient', { resourceType: 'Patient' });
  expect(status).toBe(201);
}

const patient = (more: object) => ({ resourceType: 'Patient', ...more });
const nested = (depth: number) => `${'{"extension":['.repeat(depth)}${']}'.repeat(depth)}`;

const badBodies: Record<string, string> = {
  'truncated JSON': '{"resourceType":"Patient","name":[{"fam',
  'no JSON at all': 'hello',
  'an empty body': ' ',
  'an array': '[]',
  null: 'null',
  'no resourceType': '{"id":"1"}',
  'another resourceType': '{"resourceType":"Observation"}',
  'an unknown resourceType': '{"resourceType":"Nonsense"}',
  'a number as resourceType': '{"resourceType":7}',
  'an unknown element': JSON.stringify(patient({ nonsense: 1 })),
  'a single value where an array belongs': JSON.stringify(patient({ name: { family: 'A' } })),
  'a text where an object belongs': JSON.stringify(patient({ name: ['A'] })),
  'an object where a text belongs': JSON.stringify(patient({ birthDate: { a: 1 } })),
  'a date that the calendar lacks': JSON.stringify(patient({ birthDate: '2023-02-30' })),
  'a month 13': JSON.stringify(patient({ birthDate: '2023-13' })),
  'a date with a time of day 25:00': JSON.stringify(patient({ deceasedDateTime: '2023-01-01T25:00:00Z' })),
  'a NUL character': '{"resourceType":"Patient","name":[{"family":"A\\u0000B"}]}',
  'a raw control character': '{"resourceType":"Patient","name":[{"family":"A\u0001B"}]}',
  'a lone surrogate': '{"resourceType":"Patient","name":[{"family":"\\ud800"}]}',
  '__proto__ as a member': '{"resourceType":"Patient","__proto__":{"polluted":true}}',
  'constructor as a member': '{"resourceType":"Patient","constructor":{"prototype":{"polluted":true}}}',
  'deep __proto__': '{"resourceType":"Patient","name":[{"__proto__":{"polluted":true}}]}',
  'nesting 200 deep': `{"resourceType":"Patient","extension":[${nested(200)}]}`,
  'nesting 100,000 deep': `{"resourceType":"Patient","extension":[${nested(100_000)}]}`,
  'brackets 1,000,000 deep': '['.repeat(1_000_000),
  'a script in the narrative': JSON.stringify(
    patient({
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>1</script></div>' },
    }),
  ),
};

describe('a bad body', () => {
  test.each(Object.entries(badBodies))(
    'with %s is refused by create and update, and nothing is stored',
    async (_what, text) => {
      expectRefused(await server.send('POST', '/Patient', text));
      expectRefused(await server.send('PUT', '/Patient/bad', text));
      expect((await server.get('/Patient/bad')).status).toBe(404);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      await expectAlive();
    },
  );

  test.each(Object.entries(badBodies))(
    'with %s is refused in a transaction, with its good neighbours',
    async (_what, text) => {
      const good =
        '{"resource":{"resourceType":"Patient","id":"good"},"request":{"method":"PUT","url":"Patient/good"}}';
      const bad = `{"resource":${text},"request":{"method":"POST","url":"Patient"}}`;
      const bundle = `{"resourceType":"Bundle","type":"transaction","entry":[${good},${bad}]}`;
      expectRefused(await server.send('POST', '', bundle));
      expect((await server.get('/Patient/good')).status).toBe(404);
    },
  );

  test('of invalid UTF-8 is refused', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"resourceType":"Patient","id":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    expectRefused(await sendBytes('/fhir/Patient', bytes));
  });

  test('of 100 MB is refused', async () => {
    expectRefused(await sendBytes('/fhir/Patient', Buffer.alloc(100 * 1024 * 1024, 0x20)));
    await expectAlive();
  });

  test('of another format is refused', async () => {
    const { status } = await server.send('POST', '/Patient', '<Patient/>', { 'content-type': 'application/fhir+xml' });
    expect(status).toBe(415);
  });
});

/** Over a socket: bytes as they are, whatever their number. A server that has answered may close while we still send. */
function sendBytes(path: string, bytes: Buffer): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/fhir+json', 'content-length': bytes.length };
    const request = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: {}, text, body: JSON.parse(text) }),
      );
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    request.end(bytes);
  });
}

const attacks = [
  "'; drop table fhir.resource; --",
  "' or '1'='1",
  '$1',
  '1)); select pg_sleep(9); --',
  "\\'",
  '%',
  '_',
];

describe('SQL in a search parameter', () => {
  test('is data in every parameter of every type', async () => {
    const before = (await server.get('/Patient?_total=accurate&_count=1')).body.total;
    for (const type of resourceTypes) {
      for (const { code } of searchParametersOf(type)) {
        const attack = attacks[(code.length + type.length) % attacks.length] ?? '';
        const { status, text } = await server.get(`/${type}?${code}=${encodeURIComponent(attack)}`);
        expect(status, `${type}?${code}=${attack}: ${text.slice(0, 300)}`).toBeLessThan(500);
      }
    }
    expect((await server.get('/Patient?_total=accurate&_count=1')).body.total).toBe(before);
  });

  test.each(attacks)('%s is data in names, modifiers, sorts, includes and cursors too', async (attack) => {
    const text = encodeURIComponent(attack);
    for (const query of [
      `${text}=1`,
      `name:${text}=1`,
      `_sort=${text}`,
      `_include=${text}`,
      `_cursor=${text}`,
      `_count=${text}`,
      `_elements=${text}`,
      `_id=${text}`,
      `_has:${text}=1`,
      `general-practitioner.${text}=1`,
      `_lastUpdated=${text}`,
      `_total=${text}`,
      `_summary=${text}`,
    ]) {
      const answer = await server.get(`/Patient?${query}`);
      expect(answer.status, `${query}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
    }
    await expectAlive();
  });

  test('with a NUL character is refused', async () => {
    expectRefused(await server.get('/Patient?name=a%00b'));
  });

  test.each(['birthdate=2023-02-30', 'birthdate=abc', 'birthdate=gt', '_lastUpdated=2023-13'])(
    'an impossible date is refused: %s',
    async (query) => {
      expectRefused(await server.get(`/Patient?${query}`));
    },
  );
});

describe('a bad address', () => {
  test.each([
    '/Nonsense',
    '/Nonsense/1',
    '/Patient/a b',
    '/Patient/..%2f..%2fetc',
    `/Patient/${'x'.repeat(65)}`,
    '/Patient/1/_history/x',
    '/Patient/1/$nonsense',
    '/__proto__',
    '/constructor/1',
  ])('%s is answered with an OperationOutcome', async (path) => {
    expectRefused(await server.get(path));
  });

  test('with a condition that says nothing is refused', async () => {
    expectRefused(await server.send('DELETE', '/Patient'));
    expectRefused(await server.send('POST', '/Patient', { resourceType: 'Patient' }, { 'if-none-exist': '' }));
    expectRefused(await server.send('DELETE', '/Patient?nonsense=1'));
  });
});
