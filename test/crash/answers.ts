import type { Acknowledged, Request, Sent } from './ledger.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** Undefined when no answer came. */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer | undefined>;

/** The servers of the cluster take what bears it for the operator's. */
export const operatorToken = 'operator-of-the-cluster';

/** Sends to any of these addresses, each request over what connection there is. */
export function createSend(chooseAddress: () => string | undefined, timeoutMs: number): Send {
  return async (method, path, body, headers = {}) => {
    const address = chooseAddress();
    if (address === undefined) return undefined;
    try {
      const response = await fetch(`${address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${operatorToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch {
      return undefined;
    }
  };
}

/** What an answer to a write promises. */
export function writeOutcome(
  answer: Answer | undefined,
  sent: Sent[],
  path: string,
): Pick<Request, 'outcome' | 'status' | 'acknowledged' | 'text'> {
  if (answer === undefined) return { outcome: 'unknown', status: undefined, acknowledged: [], text: '' };
  const { status, text } = answer;
  if (status >= 500) return { outcome: 'unknown', status, acknowledged: [], text };
  if (status >= 400) return { outcome: 'refused', status, acknowledged: [], text };
  return { outcome: 'acknowledged', status, acknowledged: acknowledgedBy(answer, sent, path), text: '' };
}

function acknowledgedBy({ status, headers, text }: Answer, sent: Sent[], path: string): Acknowledged[] {
  if (path === '/') {
    const { entry } = JSON.parse(text) as { entry: { response: Response }[] };
    if (entry.length !== sent.length) throw new Error(`${entry.length} of ${sent.length} entries were answered`);
    return entry.flatMap(({ response }, index) => toAcknowledged(response, sent[index] as Sent));
  }
  const location = headers.get('location') ?? `${path.slice(1)}/_history/${versionIn(headers.get('etag'))}`;
  return toAcknowledged({ status: String(status), location }, sent[0] as Sent);
}

interface Response {
  status: string;
  location?: string;
}

const versionIn = (etag: string | null): string => /\d+/.exec(etag ?? '')?.[0] ?? '';

/** Nothing for a deletion that had nothing to delete, or whose entry does not say its version. */
function toAcknowledged({ status, location = '' }: Response, { method, token }: Sent): Acknowledged[] {
  // An entry of a batch fails alone.
  if (/^[45]/.test(status)) return [];
  const match = /([A-Z][A-Za-z]+)\/([^/]+)\/_history\/(\d+)$/.exec(location);
  if (!match?.[1] || !match[2]) {
    if (method === 'DELETE') return [];
    throw new Error(`A write was answered with ${status} and without its place: ${location}`);
  }
  const isFound = method === 'POST' && status.startsWith('200');
  return [{ type: match[1], id: match[2], version: Number(match[3]), token: isFound ? undefined : token, method }];
}
