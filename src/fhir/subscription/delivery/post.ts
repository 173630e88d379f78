import { lookup as lookupHost } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { checkEndpoint, type EndpointRules, isInner } from './endpoint-rules.ts';

export interface Message {
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly headers: readonly (readonly [string, string])[];
  /** Undefined: nothing is sent but the headers. */
  readonly body: string | undefined;
  readonly contentType: string;
  readonly timeoutMs: number;
}

/** What the receiver answered, or why there is no answer. */
export interface Receipt {
  readonly isTaken: boolean;
  /** Undefined without an answer. */
  readonly status?: number;
  /** For everybody who may see the subscription: without anything that the receiver said. */
  readonly reason: string;
  /** For operators: the beginning of what it said. */
  readonly said?: string;
}

/**
 * Looks a name up, and refuses addresses that are not public. It is the connection's own look-up, so that a name cannot
 * stand for one address when it is checked and for another when it is called.
 */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookupHost(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const open = addresses.filter(({ address }) => !isInner(address));
    const [first] = open;
    if (!first) return callback(new Error(`${hostname} stands for an inner address`), '', 0);
    if (options.all) return callback(null, open);
    return callback(null, first.address, first.family);
  });
};

const agentOptions = { keepAlive: true, timeout: 60_000, maxFreeSockets: 16, scheduling: 'lifo' } as const;
const shownBytes = 300;

export interface Sender {
  /** Sends a message once. Redirects are not followed: they could lead past the rules. Never throws. */
  post(message: Message): Promise<Receipt>;
  /** Closes the connections that wait for the next message. */
  close(): void;
}

export function createSender(rules: EndpointRules): Sender {
  const http = new HttpAgent(agentOptions);
  const https = new HttpsAgent(agentOptions);
  const publicHttps = new HttpsAgent({ ...agentOptions, lookup: lookupPublic });
  return {
    post: async (message) => {
      try {
        const { url, mustBePublic } = checkEndpoint(message.url, rules);
        const isTls = url.protocol === 'https:';
        const agent = mustBePublic ? publicHttps : isTls ? https : http;
        return await send(message, isTls ? requestHttps : requestHttp, url, agent);
      } catch (error) {
        return { isTaken: false, reason: (error as Error).message };
      }
    },
    close: () => {
      for (const agent of [http, https, publicHttps]) agent.destroy();
    },
  };
}

function send(
  { method, headers, body, contentType, timeoutMs }: Message,
  request: typeof requestHttp,
  url: URL,
  agent: HttpAgent,
): Promise<Receipt> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : Buffer.from(body);
    const outgoing = request(url, {
      method,
      agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'user-agent': 'Meridian',
        ...Object.fromEntries(headers),
        'content-length': payload?.length ?? 0,
        ...(payload && { 'content-type': contentType }),
      },
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.name === 'AbortError' || error.name === 'TimeoutError' ? noAnswer(timeoutMs) : error),
    );
    outgoing.once(
      'response',
      (response) => void readReceipt(response).then(resolve, () => reject(noAnswer(timeoutMs))),
    );
    outgoing.end(payload);
  });
}

const noAnswer = (timeoutMs: number): Error => new Error(`There was no answer within ${timeoutMs} ms.`);

async function readReceipt(response: IncomingMessage): Promise<Receipt> {
  const { statusCode: status = 0 } = response;
  let text = '';
  // All is read, so that the connection can be used again; little is kept.
  for await (const chunk of response) if (text.length < shownBytes) text += String(chunk);
  const isTaken = status >= 200 && status < 300;
  return { isTaken, status, reason: isTaken ? '' : `The answer was ${status}.`, said: text.slice(0, shownBytes) };
}
