import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestAnswer } from './fhir-server.ts';

export interface ReceivedMessage {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: TestAnswer['body'];
  at: number;
  /** Whether it was answered as taken. */
  isTaken: boolean;
}

/** What the receiver does with a message: a status, or `hang` for no answer, or `cut` for a connection that breaks. */
export type Behaviour = (message: ReceivedMessage, index: number) => number | 'hang' | 'cut';

/** A real HTTP server that is sent notifications, and can fail, be slow, die and come back at the same port. */
export class WebhookReceiver {
  readonly messages: ReceivedMessage[] = [];
  behaviour: Behaviour = () => 200;
  slowMs = 0;
  #server: Server | undefined;
  #port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { method = '', url = '', headers } = request;
        const body = text.startsWith('{') ? JSON.parse(text) : undefined;
        void this.#answer({ method, path: url, headers, text, body, at: Date.now(), isTaken: false }, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** Numbers of the events that were taken, in the order in which they came. */
  get taken(): number[] {
    return this.messages.filter(({ isTaken }) => isTaken).flatMap(({ body }) => eventNumbers(body));
  }

  async #answer(message: ReceivedMessage, response: ServerResponse): Promise<void> {
    const does = this.behaviour(message, this.messages.length);
    message.isTaken = typeof does === 'number' && does < 300;
    this.messages.push(message);
    if (this.slowMs > 0) await sleep(this.slowMs);
    if (does === 'hang') return;
    if (does === 'cut') response.destroy();
    else response.writeHead(does).end(does < 300 ? '' : `status ${does}`);
  }
}

interface Part {
  name: string;
  valueString?: string;
  valueCode?: string;
  part?: Part[];
}

const statusOf = (bundle: { entry?: { resource?: { parameter?: Part[] } }[] } | undefined): Part[] =>
  bundle?.entry?.[0]?.resource?.parameter ?? [];

/** Numbers of the events in a notification. */
export function eventNumbers(bundle: Parameters<typeof statusOf>[0]): number[] {
  const events = statusOf(bundle).filter(({ name }) => name === 'notificationEvent');
  return events.map(({ part }) => Number(part?.find(({ name }) => name === 'eventNumber')?.valueString));
}

/** handshake, heartbeat, event-notification ... */
export const notificationType = (bundle: Parameters<typeof statusOf>[0]): string | undefined =>
  statusOf(bundle).find(({ name }) => name === 'type')?.valueCode;
