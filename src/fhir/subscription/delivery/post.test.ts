import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseHeaders } from './headers.ts';
import { createSender, type Message } from './post.ts';
import { isRefusal, retryRules, waitMs } from './retry.ts';

const reached: string[] = [];
const server = createServer((request, response) => {
  reached.push(request.url ?? '');
  if (request.url === '/redirect') response.writeHead(307, { location: '/elsewhere' }).end();
  else if (request.url === '/endless') {
    response.writeHead(200);
    const pouring = setInterval(() => response.write('x'.repeat(1000)), 10);
    response.on('close', () => clearInterval(pouring));
  } else response.writeHead(500).end('x'.repeat(100_000));
});
let base: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const sender = createSender({ hosts: ['127.0.0.1'] });
const message = (url: string): Message => ({
  url,
  method: 'POST',
  headers: [],
  body: '{}',
  contentType: 'application/fhir+json',
  timeoutMs: 300,
});

test('a redirect is a failure, and is not followed', async () => {
  expect(await sender.post(message(`${base}/redirect`))).toMatchObject({ isTaken: false, status: 307 });
  expect(reached).not.toContain('/elsewhere');
});

test('an answer without end, or a long one, is not waited for or kept', async () => {
  expect(await sender.post(message(`${base}/endless`))).toEqual({
    isTaken: false,
    reason: 'There was no answer within 300 ms.',
  });
  const { reason, said } = await sender.post(message(`${base}/fails`));
  expect(reason).toBe('The answer was 500.');
  expect(said).toBe('x'.repeat(300));
});

test('a name that stands for an inner address is not called', async () => {
  const strict = createSender({ hosts: [] });
  const receipt = await strict.post(message(`https://localhost:${new URL(base).port}/inner`));
  expect(receipt).toEqual({ isTaken: false, reason: 'localhost stands for an inner address' });
  strict.close();
});

test('waiting doubles up to a quarter of an hour, and goes on for days', () => {
  const waits = Array.from({ length: 12 }, (_, attempts) => waitMs(attempts, retryRules, 0.5));
  expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
  expect(waits.at(-1)).toBe(900_000);
  expect(waitMs(1e9, retryRules, 1)).toBeLessThanOrEqual(990_000);
  expect(retryRules.giveUpAfterMs).toBe(7 * 24 * 3_600_000);
});

test('only what says that the message is wrong is a refusal', () => {
  expect([400, 413, 422].map(isRefusal)).toEqual([true, true, true]);
  expect([undefined, 401, 404, 408, 429, 500, 503].some(isRefusal)).toBe(false);
});

test('headers of the channel are sent as they are, unless they would change the message', () => {
  expect(parseHeaders(['Authorization: Bearer a b', 'X-Empty:'])).toEqual([
    ['Authorization', 'Bearer a b'],
    ['X-Empty', ''],
  ]);
  for (const header of ['Host: a', 'content-length: 1', 'Transfer-Encoding: chunked', 'no header', 'A: b\r\nC: d', 7]) {
    expect(() => parseHeaders([header])).toThrow();
  }
});
