import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendError } from '#fhir/rest/index.ts';
import { checkInput, refuseOddInput } from './plain-input.ts';

const app = Fastify();

beforeAll(async () => {
  refuseOddInput(app);
  await app.register(
    async (api) => {
      api.setErrorHandler(sendError);
      api.all('/:id', async ({ query }) => query);
    },
    { prefix: '/api/any' },
  );
  app.get('/fhir', async ({ query }) => query);
});

afterAll(() => app.close());

test.each([
  ['GET', '/api/any/1?text=a&text=b', undefined],
  ['GET', '/api/any/1?text=%00', undefined],
  ['GET', '/api/any/%00', undefined],
  ['POST', '/api/any/1', { patient: 'a\0b' }],
  ['POST', '/api/any/1', { deep: [{ names: ['\ud800'] }] }],
  ['POST', '/api/any/1', { 'a\0': 1 }],
  ['POST', '/api/any/1', [null, 0, '\0']],
] as const)('%s %s %j is refused as wrong', async (method, url, payload) => {
  const answer = await app.inject({ method, url, ...(payload !== undefined && { payload }) });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().resourceType).toBe('OperationOutcome');
});

test('what is plain goes through, whatever it is called', async () => {
  const { body } = await app.inject({ url: '/api/any/1?text=%F0%A0%80%80&__proto__=1&constructor=2' });
  expect(JSON.parse(body)).toMatchObject({ text: '𠀀', constructor: '2' });
});

test('FHIR has rules of its own', async () => {
  expect((await app.inject({ url: '/fhir?code=a&code=b' })).json()).toEqual({ code: ['a', 'b'] });
});

test('what is nested a hundred thousand times over does not exhaust the stack', () => {
  let body: unknown = '\0';
  for (let depth = 0; depth < 100_000; depth++) body = [body];
  expect(() => checkInput({ query: {}, params: {}, body })).toThrow('U+0000');
});
