import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createPool } from '#lib/postgres/pool.ts';
import { type Answer, createSend, type Send, writeOutcome } from './answers.ts';
import { observation, organization, someone } from './bodies.ts';
import { Cluster } from './cluster.ts';
import { Ledger, type Sent } from './ledger.ts';
import { type RoundRobin, startRoundRobin } from './round-robin.ts';
import { findFaults } from './verify.ts';

/**
 * Three server processes behind a round-robin, killed in turn: whoever repeats what was not answered, under the same
 * Idempotency-Key, gets it done exactly once, and every process finds at once what another has written.
 */
const seconds = Math.max(15, Math.ceil(inject('crash').seconds / 4));
const clients = 6;

let cluster: Cluster;
let proxy: RoundRobin;
let send: Send;

beforeAll(async () => {
  cluster = await Cluster.start(3);
  proxy = await startRoundRobin(() => cluster.addresses);
  send = createSend(() => proxy.address, 30_000);
}, 120_000);

afterAll(async () => {
  proxy?.stop();
  await cluster?.remove();
});

/** Again and again until a server has answered. */
async function insist(...request: Parameters<Send>): Promise<Answer> {
  const end = Date.now() + 30_000;
  let answer: Answer | undefined;
  while (Date.now() < end) {
    answer = await send(...request);
    if (answer !== undefined && answer.status < 500) return answer;
    await sleep(20);
  }
  throw new Error(`Nobody has answered ${request[0]} ${request[1]}: ${answer?.status} ${answer?.text}`);
}

async function post(ledger: Ledger, path: string, body: unknown, sent: Sent[], headers: Record<string, string> = {}) {
  const answer = await insist('POST', path, body, { 'idempotency-key': randomUUID(), ...headers });
  const request = { kind: `post ${path}`, tokens: sent.flatMap(({ token }) => token ?? []) };
  ledger.requests.push({ ...request, ...writeOutcome(answer, sent, path) });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
}

async function totalOf(query: string): Promise<number> {
  const { text, status } = await insist('GET', query);
  expect(status, text).toBe(200);
  return (JSON.parse(text) as { total: number }).total;
}

/** Writes through one process, and looks for it in whatever process comes next. */
async function writeAndFind(ledger: Ledger): Promise<void> {
  const person = ledger.newToken();
  const answer = await post(ledger, '/Patient', someone(person), [{ method: 'POST', token: person }]);
  const name = /Patient\/[^/]+/.exec(answer.headers.get('location') ?? '')?.[0] ?? '';
  const tokens = [ledger.newToken(), ledger.newToken()];
  const entry = tokens.map((token) => ({
    resource: observation(name, token),
    request: { method: 'POST', url: 'Observation' },
  }));
  const sent = tokens.map((token): Sent => ({ method: 'POST', token }));
  await post(ledger, '/', { resourceType: 'Bundle', type: 'transaction', entry }, sent);
  expect(await totalOf(`/Patient?identifier=urn:token|${person}&_total=accurate`)).toBe(1);
  expect(await totalOf(`/Observation?code=${tokens[0]}&_total=accurate`)).toBe(1);
  expect(await totalOf(`/Observation?code:text=${tokens[1]}&_total=accurate`)).toBe(1);
  expect(await totalOf(`/Observation?subject=${name}&_total=accurate`)).toBe(2);
  expect(await totalOf(`/Observation?subject.identifier=urn:token|${person}&_total=accurate`)).toBe(2);
}

test(`what is repeated until it is answered is done exactly once, in ${seconds} s of kills`, async () => {
  const ledger = new Ledger();
  const end = Date.now() + seconds * 1000;
  let kills = 0;
  // Each process at least once, however slowly they start.
  const isOver = () => Date.now() > end && kills >= 3;
  const killing = (async () => {
    while (!isOver()) {
      await sleep(1000);
      await cluster.killServer(kills % 3);
      await cluster.startServer(kills % 3);
      kills++;
    }
  })();
  await Promise.all([
    killing,
    ...Array.from({ length: clients }, async () => {
      while (!isOver()) await writeAndFind(ledger);
    }),
  ]);
  process.stdout.write(`${ledger.requests.length} writes, ${kills} kills\n`);
  expect(ledger.count('acknowledged')).toBe(ledger.requests.length);
  await expectNoFaults(ledger);
}, 400_000);

test('fifty conditional creates at once make one resource, over three processes', async () => {
  for (const round of [1, 2, 3, 4]) {
    const ledger = new Ledger();
    const key = `k${round}`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        insist('POST', '/Organization', organization(key, ledger.newToken()), {
          'if-none-exist': `identifier=urn:key|${key}`,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(await totalOf(`/Organization?identifier=urn:key|${key}&_total=accurate`)).toBe(1);
  }
  expect(await cluster.stop()).toEqual([0, 0, 0]);
  expect(cluster.leftovers()).toEqual([]);
}, 120_000);

async function expectNoFaults(ledger: Ledger): Promise<void> {
  const pool = createPool(cluster.connectionString, { max: 4, applicationName: 'round-robin test' });
  const faults = await findFaults(pool, ledger).finally(() => pool.end());
  expect(faults, cluster.errors.join('').slice(-20_000)).toEqual([]);
}
