import { isOperationOutcome, outcomeToSentences, RequestFailure } from './request-failure.ts';

/** Sends a request to the portal's own host and returns the JSON answered; every failure is a RequestFailure. */
export async function requestJson<T>(path: string, options: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    const headers = { ...options.headers, 'x-meridian-request': 'portal' };
    response = await fetch(path, { ...options, headers, credentials: 'same-origin' });
  } catch (failure) {
    if (options.signal?.aborted) throw failure;
    throw new RequestFailure(undefined, []);
  }
  const body = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  const sentences = isOperationOutcome(body) ? outcomeToSentences(body) : [];
  throw new RequestFailure(response.status, sentences, Number(response.headers.get('retry-after')) || undefined);
}

export const postJson = <T>(path: string, body: unknown): Promise<T> => post(path, body, 'application/json');

export const postFhir = <T>(path: string, body: unknown): Promise<T> => post(path, body, 'application/fhir+json');

function post<T>(path: string, body: unknown, type: string): Promise<T> {
  return requestJson(path, {
    method: 'POST',
    headers: { 'content-type': type, accept: type },
    body: JSON.stringify(body),
  });
}
