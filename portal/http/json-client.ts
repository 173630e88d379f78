import {
  isOperationOutcome,
  outcomeToFaults,
  outcomeToReasons,
  outcomeToSentences,
  RequestFailure,
} from './request-failure.ts';

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
  const body = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (body !== undefined) return body;
  throw await failureOf(response);
}

/** What an answer that is no success says of itself. */
export async function failureOf(response: Response): Promise<RequestFailure> {
  const body: unknown = response.bodyUsed ? undefined : await response.json().catch(() => undefined);
  const retryAfter = Number(response.headers.get('retry-after')) || undefined;
  if (!isOperationOutcome(body)) return new RequestFailure(response.status, [], retryAfter);
  return new RequestFailure(
    response.status,
    outcomeToSentences(body),
    retryAfter,
    outcomeToFaults(body),
    outcomeToReasons(body),
  );
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

/** Writes what was edited: over the version that was seen, or, without one, as something new. */
export const putJson = <T>(path: string, body: unknown, version?: number): Promise<T> =>
  requestJson(path, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(version !== undefined && { 'if-match': `W/"${version}"` }),
    },
    body: JSON.stringify(body),
  });
