import { Agent, request as httpRequest } from 'node:http';
import { bearer } from './authorization.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Below the server's address: `/fhir/Patient/1`. */
  path: string;
  body?: string;
  /** Whose request it is: the operator's, unless it says otherwise. */
  token?: string;
  /** What the request counts for; 1 unless it says more, as a Bundle does for its entries. */
  units?: number;
}

export interface HttpAnswer {
  latencyMs: number;
  text: string;
}

const contentType = 'application/fhir+json';

/** Sends one request and reads the answer to its end; any status of 400 and above ends the benchmark. */
export function send(agent: Agent, address: string, { method, path, body, token }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = { accept: contentType, ...bearer(token) };
    if (body !== undefined) {
      headers['content-type'] = contentType;
      headers['content-length'] = Buffer.byteLength(body);
    }
    const started = performance.now();
    const outgoing = httpRequest(`${address}${path}`, { method, headers, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const latencyMs = performance.now() - started;
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode = 0 } = incoming;
        if (statusCode < 400) resolve({ latencyMs, text });
        else reject(new Error(`${method} ${path} answers ${statusCode}: ${text.slice(0, 1000)}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export interface Load {
  latenciesMs: number[];
  units: number;
}

/** Keep-alive clients that share the requests, each sending its next one when the last is answered. */
export async function drive(
  address: string,
  requests: Iterable<HttpRequest> | AsyncIterable<HttpRequest>,
  clients: number,
  onAnswer: (request: HttpRequest, answer: HttpAnswer) => void = () => {},
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const load: Load = { latenciesMs: [], units: 0 };
  const queue = Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
  const client = async () => {
    for (let next = await queue.next(); !next.done; next = await queue.next()) {
      const answer = await send(agent, address, next.value);
      load.latenciesMs.push(answer.latencyMs);
      load.units += next.value.units ?? 1;
      onAnswer(next.value, answer);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    agent.destroy();
  }
  return load;
}
