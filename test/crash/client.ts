import { setTimeout as sleep } from 'node:timers/promises';
import { type Send, writeOutcome } from './answers.ts';
import { observation, organization, patient, someone } from './bodies.ts';
import type { Ledger, Method, Request, Sent } from './ledger.ts';
import { below } from './random.ts';

export interface ClientOptions {
  ledger: Ledger;
  random: () => number;
  send: Send;
  isOver: () => boolean;
}

const sharedIds = 12;
interface Draft {
  kind: string;
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** In the order of the entries of a Bundle. */
  sent: Sent[];
  expected?: Request['expected'];
}

/** One of several clients that write to the same few resources as fast as they are answered. */
export async function runClient(options: ClientOptions): Promise<void> {
  const { ledger, random, send, isOver } = options;
  while (!isOver()) {
    const draft = await (kinds[below(random, kinds.length)] as (options: ClientOptions) => Promise<Draft>)(options);
    const { kind, method, path, body, headers, sent, expected } = draft;
    const answer = await send(method, path, body, headers);
    ledger.requests.push({
      kind,
      tokens: sent.flatMap(({ token }) => token ?? []),
      ...writeOutcome(answer, sent, path),
      ...(expected && { expected }),
    });
    if (answer === undefined || answer.status >= 500) await sleep(30 + below(random, 50));
  }
}

const sharedId = ({ random }: ClientOptions, prefix: string) => `${prefix}-${below(random, sharedIds)}`;

/** A condition that nothing met a moment ago, and that several clients will send at about the same time. */
const freshKey = ({ ledger }: ClientOptions) => `k${Math.floor(ledger.requests.length / 12)}`;

const create = async (options: ClientOptions): Promise<Draft> => {
  const token = options.ledger.newToken();
  const body = observation(`Patient/${sharedId(options, 'p')}`, token);
  return { kind: 'create', method: 'POST', path: '/Observation', body, sent: [{ method: 'POST', token }] };
};

const conditionalCreate = async (options: ClientOptions): Promise<Draft> => {
  const token = options.ledger.newToken();
  const key = freshKey(options);
  return {
    kind: 'conditional create',
    method: 'POST',
    path: '/Organization',
    body: organization(key, token),
    headers: { 'if-none-exist': `identifier=urn:key|${key}` },
    sent: [{ method: 'POST', token }],
  };
};

const conditionalUpdate = async (options: ClientOptions): Promise<Draft> => {
  const token = options.ledger.newToken();
  const key = freshKey(options);
  return {
    kind: 'conditional update',
    method: 'PUT',
    path: `/Organization?identifier=urn:key|${key}`,
    body: organization(key, token),
    sent: [{ method: 'PUT', token }],
  };
};

const update = async (options: ClientOptions): Promise<Draft> => {
  const token = options.ledger.newToken();
  const id = sharedId(options, 'p');
  return {
    kind: 'update',
    method: 'PUT',
    path: `/Patient/${id}`,
    body: patient(id, token),
    sent: [{ method: 'PUT', token }],
  };
};

const guardedUpdate = async (options: ClientOptions): Promise<Draft> => {
  const { path, body, sent } = await update(options);
  const current = await options.send('GET', path);
  const version = Number(/\d+/.exec(current?.headers.get('etag') ?? '')?.[0] ?? 1);
  return {
    kind: 'guarded update',
    method: 'PUT',
    path,
    body,
    headers: { 'if-match': `W/"${version}"` },
    sent,
    expected: { type: 'Patient', id: path.slice('/Patient/'.length), version },
  };
};

const patch = async (options: ClientOptions): Promise<Draft> => {
  const token = options.ledger.newToken();
  return {
    kind: 'patch',
    method: 'PATCH',
    path: `/Patient/${sharedId(options, 'p')}`,
    body: [{ op: 'replace', path: '/identifier/0/value', value: token }],
    headers: { 'content-type': 'application/json-patch+json' },
    sent: [{ method: 'PATCH', token }],
  };
};

const remove = async (options: ClientOptions): Promise<Draft> => ({
  kind: 'delete',
  method: 'DELETE',
  path: `/Patient/${sharedId(options, 'p')}`,
  sent: [{ method: 'DELETE' }],
});

/** Writes shared resources in any order, creates some, and deletes one at times. */
const transaction = async (options: ClientOptions): Promise<Draft> => {
  const { ledger, random } = options;
  const entries: { sent: Sent; entry: unknown }[] = [];
  const add = (method: Method, url: string, resource?: (token: string) => object, more: object = {}) => {
    const token = resource && ledger.newToken();
    const { fullUrl, ...request } = { fullUrl: undefined, ...more };
    const entry = { fullUrl, resource: token && resource(token), request: { method, url, ...request } };
    entries.push({ sent: { method, ...(token && { token }) }, entry });
  };
  const own = `urn:uuid:00000000-0000-4000-8000-${String(below(random, 1e12)).padStart(12, '0')}`;
  add('POST', 'Patient', someone, { fullUrl: own });
  for (const _ of [1, 2]) add('POST', 'Observation', (token) => observation(own, token));
  for (const id of new Set([sharedId(options, 'p'), sharedId(options, 'p'), sharedId(options, 'p')])) {
    add('PUT', `Patient/${id}`, (token) => patient(id, token));
  }
  const key = freshKey(options);
  const ifNoneExist = `identifier=urn:key|${key}`;
  add('POST', 'Organization', (token) => organization(key, token), { ifNoneExist });
  const id = sharedId(options, 'o');
  const subject = `Patient/${sharedId(options, 'q')}`;
  if (random() < 0.3) add('DELETE', `Observation/${id}`);
  else add('PUT', `Observation/${id}`, (token) => ({ ...observation(subject, token), id }));
  const shuffled = entries.toSorted(() => random() - 0.5);
  return {
    kind: 'transaction',
    method: 'POST',
    path: '/',
    body: { resourceType: 'Bundle', type: 'transaction', entry: shuffled.map(({ entry }) => entry) },
    sent: shuffled.map(({ sent }) => sent),
  };
};

/** Its entries stand for themselves: each is written and answered apart from the others. */
const batch = async (options: ClientOptions): Promise<Draft> => {
  const { ledger } = options;
  const tokens = [ledger.newToken(), ledger.newToken(), ledger.newToken()];
  const id = sharedId(options, 'p');
  const entry = [
    ...tokens.slice(1).map((token) => ({
      resource: observation(`Patient/${id}`, token),
      request: { method: 'POST', url: 'Observation' },
    })),
    { resource: patient(id, tokens[0] ?? ''), request: { method: 'PUT', url: `Patient/${id}` } },
    { request: { method: 'DELETE', url: `Observation/${sharedId(options, 'o')}` } },
  ];
  const sent: Sent[] = [
    ...tokens.slice(1).map((token): Sent => ({ method: 'POST', token })),
    { method: 'PUT', token: tokens[0] ?? '' },
    { method: 'DELETE' },
  ];
  return { kind: 'batch', method: 'POST', path: '/', body: { resourceType: 'Bundle', type: 'batch', entry }, sent };
};

const kinds = [
  batch,
  create,
  create,
  conditionalCreate,
  conditionalCreate,
  conditionalUpdate,
  update,
  update,
  guardedUpdate,
  guardedUpdate,
  patch,
  remove,
  transaction,
  transaction,
  transaction,
];
