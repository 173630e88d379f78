import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drive, type HttpRequest } from './load.ts';

let server: Server;
let address: string;
let busy = 0;
let mostBusy = 0;
const received: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    busy++;
    mostBusy = Math.max(mostBusy, busy);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${body}`);
      setTimeout(() => {
        busy--;
        response.writeHead(request.url === '/bad' ? 422 : 200).end(`answer to ${request.url}`);
      }, 5);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

describe('a load', () => {
  it('sends every request once, with as many at a time as there are clients', async () => {
    received.length = 0;
    mostBusy = 0;
    const requests: HttpRequest[] = Array.from({ length: 12 }, (_item, index) => ({
      method: 'POST',
      path: `/${index}`,
      body: `ä${index}`,
      units: 10,
    }));
    const answers: string[] = [];
    const load = await drive(address, requests, 3, (_request, { text }) => answers.push(text));
    expect(received.sort()).toEqual(requests.map(({ path, body }) => `POST ${path} ${body}`).sort());
    expect(mostBusy).toBe(3);
    expect(load.units).toBe(120);
    expect(load.latenciesMs).toHaveLength(12);
    expect(Math.min(...load.latenciesMs)).toBeGreaterThanOrEqual(4);
    expect(answers).toContain('answer to /11');
  });

  it('takes requests from a generator as clients come free', async () => {
    async function* generate(): AsyncGenerator<HttpRequest> {
      for (let index = 0; index < 5; index++) yield { method: 'GET', path: `/${index}` };
    }
    expect((await drive(address, generate(), 2)).units).toBe(5);
  });

  it('ends at the first refusal, and says what was refused', async () => {
    await expect(drive(address, [{ method: 'GET', path: '/bad' }], 1)).rejects.toThrow(
      'GET /bad answers 422: answer to /bad',
    );
  });
});
