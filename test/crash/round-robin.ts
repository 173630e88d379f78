import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RoundRobin {
  address: string;
  stop(): void;
}

/** Sends each request to the next of the addresses; answers 502 when that one breaks off, and tries no other. */
export async function startRoundRobin(addresses: () => string[]): Promise<RoundRobin> {
  let next = 0;
  const server = createServer((incoming, outgoing) => {
    const known = addresses();
    const target = known[next++ % Math.max(known.length, 1)];
    if (target === undefined) fail(outgoing);
    else forward(target, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url = '' } = incoming;
  const { host: _, connection: __, ...kept } = headers;
  const passed = request(`${target}${url}`, { method, headers: kept, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', () => outgoing.destroy());
    answer.on('aborted', () => outgoing.destroy());
    answer.pipe(outgoing);
  });
  passed.on('error', () => fail(outgoing));
  incoming.pipe(passed);
}

function fail(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502).end();
}
