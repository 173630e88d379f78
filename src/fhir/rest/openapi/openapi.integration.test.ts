import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import type { Operation } from '../operation.ts';
import { printOpenApi } from './document.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

const example: Operation = {
  name: 'example',
  levels: ['system', 'type', 'instance'],
  types: ['Patient'],
  affectsState: false,
  subpath: true,
  title: 'Example',
  documentation: 'An example.',
  parameters: [{ name: 'count', use: 'in', min: 0, max: 1, type: 'integer', documentation: 'How many' }],
  run: async () => ({ status: 200 }),
};

test('the description is right OpenAPI 3.1, with and without operations', async () => {
  const text = printOpenApi({ ...server.context, operations: [example] });
  const result = await new Validator().validate(JSON.parse(text));
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});

test('every path of the description is answered by the server', async () => {
  const { status, body } = await server.get('/openapi.json');
  expect(status).toBe(200);
  const paths = Object.keys(body.paths).filter((path) => /^\/(Patient|Observation|\$|metadata|_history)/.test(path));
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) {
    const address = path.replace('{id}', 'none').replace('{version}', '1').replace('{rest}', 'none');
    for (const method of ['get', 'put', 'delete'].filter((name) => name in body.paths[path])) {
      const answer = await server.app.inject({ method: method as 'GET', url: `/fhir${address}` });
      expect(`${method} ${path}: ${answer.body}`).not.toMatch(/There is no (GET|PUT|DELETE) of this address/);
      expect([path, answer.statusCode]).not.toEqual([path, 500]);
    }
  }
});

test('operations without a published definition are defined by the server itself', async () => {
  const { body } = await server.get('/metadata');
  const all = [...body.rest[0].operation, ...body.rest[0].resource.flatMap(({ operation = [] }) => operation)];
  const own = all.filter(({ definition }) => definition.startsWith('http://127.0.0.1/fhir/'));
  for (const { name } of own) {
    const { status, body: definition } = await server.get(`/OperationDefinition/${name}`);
    expect([status, definition.code]).toEqual([200, name]);
  }
});
