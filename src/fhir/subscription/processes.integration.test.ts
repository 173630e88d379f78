import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { until } from '#testing/until.ts';
import { eventNumbers, notificationType, WebhookReceiver } from '#testing/webhook-receiver.ts';

const topicsFolder = new URL('../../../content/topics', import.meta.url).pathname;
const program = new URL('../../testing/run-subscriptions.ts', import.meta.url).pathname;

let server: TestServer;
let receiver: WebhookReceiver;
const children: ChildProcess[] = [];

beforeAll(async () => {
  receiver = new WebhookReceiver();
  await receiver.start();
  // It stores and answers only: matching and delivery are done by other processes.
  server = await startTestServer();
});

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  receiver.messages.length = 0;
  receiver.behaviour = () => 200;
  receiver.slowMs = 0;
});

afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

async function startProcess(): Promise<ChildProcess> {
  const args = [program, server.connectionString, topicsFolder, '1000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

const putPatient = (id: string) => server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id });

async function subscribe(id: string): Promise<void> {
  await server.send('PUT', `/Subscription/${id}`, {
    resourceType: 'Subscription',
    id,
    status: 'requested',
    reason: 'Test',
    criteria: 'https://meridian.example/fhir/SubscriptionTopic/patient-changed',
    channel: {
      type: 'rest-hook',
      endpoint: `${receiver.url}/${id}`,
      payload: 'application/fhir+json',
      _payload: {
        extension: [
          {
            url: 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content',
            valueCode: 'id-only',
          },
        ],
      },
    },
  });
  const isActive = async () => (await server.get(`/Subscription/${id}`)).body.status === 'active';
  await until(`${id} is active`, isActive, 20_000);
}

const deliveriesTo = (id: string) =>
  receiver.messages.filter(
    ({ path, body, isTaken }) => isTaken && path === `/hook/${id}` && notificationType(body) === 'event-notification',
  );
/** Numbers in the order in which they first came. */
const firsts = (id: string) => [...new Set(deliveriesTo(id).flatMap(({ body }) => eventNumbers(body)))];
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('two processes share the work, and each event comes once and in order', async () => {
  await Promise.all([startProcess(), startProcess()]);
  const ids = ['shared-1', 'shared-2', 'shared-3', 'shared-4'];
  await Promise.all(ids.map(subscribe));
  for (let index = 0; index < 40; index++) await putPatient(`shared-${index}`);
  for (const id of ids) await until(`${id} has all`, () => firsts(id).length >= 40, 20_000);
  await sleep(300);
  for (const id of ids) {
    expect(deliveriesTo(id).flatMap(({ body }) => eventNumbers(body))).toEqual(upTo(40));
    await server.send('DELETE', `/Subscription/${id}`);
  }
}, 60_000);

test('a process killed between sending and noting it loses nothing, and another goes on within seconds', async () => {
  const first = await startProcess();
  await subscribe('killed');
  let isAnswered = true;
  receiver.behaviour = () => (isAnswered ? 200 : 'hang');
  await putPatient('killed-1');
  await until('the first is taken', () => firsts('killed').length === 1);
  isAnswered = false;
  for (let index = 2; index <= 6; index++) await putPatient(`killed-${index}`);
  await until('a message is under way', () =>
    receiver.messages.some(({ isTaken, path }) => !isTaken && path === '/hook/killed'),
  );
  await kill(first);
  isAnswered = true;
  const killedAt = Date.now();
  await startProcess();
  await until('the others are taken', () => firsts('killed').length >= 6, 15_000);
  expect(Date.now() - killedAt).toBeLessThan(12_000);
  expect(firsts('killed')).toEqual(upTo(6));
  await server.send('DELETE', '/Subscription/killed');
}, 60_000);

test('while processes are killed in turn, everything that was written arrives, in order', async () => {
  await startProcess();
  await subscribe('storm');
  receiver.slowMs = 5;
  let isWriting = true;
  const writing = (async () => {
    let count = 0;
    while (isWriting) {
      await putPatient(`storm-${++count}`);
      await sleep(10);
    }
    return count;
  })();
  for (let round = 0; round < 4; round++) {
    const next = startProcess();
    await sleep(500 + 300 * round);
    const [victim] = children.splice(0, 1);
    if (victim) await kill(victim);
    await next;
  }
  isWriting = false;
  const count = await writing;
  await until('all have come', () => firsts('storm').length >= count, 20_000);
  expect(firsts('storm')).toEqual(upTo(count));
  const { rows } = await server.context.pool.query(
    `select count(*)::int as events, count(distinct rid)::int as patients from fhir.subscription_event e
     where subscription = (select rid from fhir.subscription where id = 'storm')`,
  );
  expect(rows[0]).toEqual({ events: count, patients: count });
}, 90_000);
