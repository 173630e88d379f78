import { afterAll, beforeAll, expect, test } from 'vitest';
import { aSubscription, topics } from '#testing/a-subscription.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { until } from '#testing/until.ts';
import { eventNumbers, notificationType, WebhookReceiver } from '#testing/webhook-receiver.ts';
import { type Access, fullAccess, operatorAccess } from '../access/index.ts';
import { nothing, ofPatients } from '../search/index.ts';

const actor = { reference: 'Practitioner/1', display: 'Reader', role: 'hospital-physician', purpose: 'TREAT' };
let open = ['own'];
/** May read what belongs to some patients, and all about subscriptions. */
const reader: Access = {
  ...fullAccess(actor),
  isFull: undefined as never,
  conditionOf: (verb, type) => {
    if (type === 'Subscription') return undefined;
    return verb === 'read' || verb === 'search' ? ofPatients(type, open) : nothing;
  },
};

let server: TestServer;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = new WebhookReceiver();
  await receiver.start();
  server = await startTestServer({
    isWorking: true,
    authenticate: (request) => (request.headers['x-as'] === 'reader' ? reader : operatorAccess),
    accessOf: async ({ reference }) => (reference === actor.reference ? reader : operatorAccess),
    subscriptions: {
      topicsFolder: new URL('../../../content/topics', import.meta.url).pathname,
      rules: { hosts: ['127.0.0.1'] },
    },
  });
});

afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

const put = (type: string, id: string, more: object = {}) =>
  server.send('PUT', `/${type}/${id}`, { resourceType: type, id, ...more });
const observe = (id: string, patient: string) =>
  put('Observation', id, { status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${patient}` } });
const told = (id: string) =>
  receiver.messages.filter(
    ({ path, body }) => path.startsWith(`/hook/${id}`) && notificationType(body) === 'event-notification',
  );

async function subscribe(id: string, headers: Record<string, string>): Promise<void> {
  const wanted = aSubscription(receiver.url, { id, criteria: `${topics}/result-reported`, content: 'full-resource' });
  expect((await server.send('PUT', `/Subscription/${id}`, wanted, headers)).status).toBe(201);
  await until(`${id} is active`, async () => (await server.get(`/Subscription/${id}`)).body.status === 'active');
}

test('a subscription is told of what its owner may read, and nothing else is counted', async () => {
  await put('Patient', 'own');
  await put('Patient', 'other');
  await subscribe('limited', { 'x-as': 'reader' });
  await subscribe('whole', {});
  await observe('a', 'other');
  await observe('b', 'own');
  await observe('c', 'other');
  await until(
    'the whole one is told of all',
    async () => told('whole').flatMap(({ body }) => eventNumbers(body)).length === 3,
  );
  await until('the limited one is told', async () => told('limited').length > 0);
  expect(told('limited').flatMap(({ body }) => eventNumbers(body))).toEqual([1]);
  expect(JSON.stringify(told('limited'))).toContain('Patient/own');
  expect(JSON.stringify(told('limited'))).not.toContain('Patient/other');
});

test('what was closed since is not told again', async () => {
  open = [];
  const { text } = await server.get('/Subscription/limited/$events', { 'x-as': 'reader' });
  expect(text).not.toContain('Patient/own');
  open = ['own'];
  expect((await server.get('/Subscription/limited/$events?content=full-resource')).text).toContain('Patient/own');
});
