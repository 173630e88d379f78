import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { until } from '#testing/until.ts';
import { eventNumbers, notificationType } from '#testing/webhook-receiver.ts';
import { operatorAccess } from '../../access/index.ts';
import { registerSubscriptionSocket } from './register-socket.ts';

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

let server: TestServer;
let app: FastifyInstance;
let address: string;

beforeAll(async () => {
  const topicsFolder = new URL('../../../../content/topics', import.meta.url).pathname;
  server = await startTestServer({ subscriptions: { topicsFolder, rules: { hosts: [] } } });
  const { subscriptions } = server.context;
  if (!subscriptions) throw new Error('There are subscriptions');
  app = Fastify();
  app.addHook('onRequest', async (request) => {
    request.access = operatorAccess;
  });
  await app.register(async (api) => registerSubscriptionSocket(api, subscriptions), { prefix: '/fhir' });
  address = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
});

afterAll(async () => {
  await app.close();
  await server.stop();
});

class Client {
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | undefined;
  readonly #socket: WebSocket;

  constructor(at = address) {
    this.#socket = new WebSocket(`${at}/fhir/websocket`);
  }

  async open(): Promise<this> {
    this.#socket.on('message', (text) => this.texts.push(String(text)));
    this.#socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    await new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
    return this;
  }

  say(text: string): void {
    this.#socket.send(text);
  }

  close(): void {
    this.#socket.terminate();
  }

  get events(): number[] {
    return this.texts
      .filter((text) => text.startsWith('{'))
      .map((text) => JSON.parse(text))
      .filter((bundle) => notificationType(bundle) === 'event-notification')
      .flatMap(eventNumbers);
  }
}

async function subscribe(id: string, criteria: string, more: object = {}): Promise<void> {
  const channel = {
    type: 'websocket',
    payload: 'application/fhir+json',
    _payload: { extension: [{ url: `${backport}/backport-payload-content`, valueCode: 'full-resource' }] },
    ...more,
  };
  const subscription = { resourceType: 'Subscription', id, status: 'requested', reason: 'Test', criteria, channel };
  await server.send('PUT', `/Subscription/${id}`, subscription);
  await until(`${id} is active`, async () => (await server.get(`/Subscription/${id}`)).body.status === 'active');
}

const topic = 'https://meridian.example/fhir/SubscriptionTopic/patient-changed';
const putPatient = (id: string) => server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id });

async function bind(id: string): Promise<Client> {
  const { body } = await server.get(`/Subscription/${id}/$get-ws-binding-token`);
  const [token, expiration, subscription, url] = body.parameter;
  expect(subscription).toEqual({ name: 'subscription', valueString: id });
  expect(url.valueUrl).toBe('ws://127.0.0.1/fhir/websocket');
  expect(Date.parse(expiration.valueDateTime)).toBeGreaterThan(Date.now());
  const client = await new Client().open();
  client.say(`bind-with-token ${token.valueString}`);
  await until('it is bound', () => client.texts.length > 0);
  expect(notificationType(JSON.parse(client.texts[0] ?? ''))).toBe('handshake');
  return client;
}

test('a bound client is told in order; one that comes back finds by number what it missed', async () => {
  await subscribe('socket', topic);
  const client = await bind('socket');
  const written = Date.now();
  for (let index = 1; index <= 3; index++) await putPatient(`socket-${index}`);
  await until('it is told', () => client.events.length >= 3);
  expect(Date.now() - written).toBeLessThan(2000);
  expect(client.events).toEqual([1, 2, 3]);
  expect(client.texts.join()).toContain('"resource":{"resourceType":"Patient","id":"socket-3"');
  client.close();
  for (let index = 4; index <= 6; index++) await putPatient(`socket-${index}`);
  await until('they are noted', async () =>
    (await server.get('/Subscription/socket/$status')).text.includes(
      '"eventsSinceSubscriptionStart","valueString":"6"',
    ),
  );
  const again = await bind('socket');
  const missed = await server.get('/Subscription/socket/$events?eventsSinceNumber=4');
  expect(eventNumbers(missed.body)).toEqual([4, 5, 6]);
  await putPatient('socket-7');
  await until('it is told of what is new', () => again.events.length > 0);
  expect(again.events).toEqual([7]);
  again.close();
});

test('heartbeats keep a quiet socket alive', async () => {
  await subscribe('pulse', topic, {
    extension: [{ url: `${backport}/backport-heartbeat-period`, valueUnsignedInt: 1 }],
  });
  const client = await bind('pulse');
  await until('it beats', () => client.texts.some((text) => notificationType(JSON.parse(text)) === 'heartbeat'));
  client.close();
});

test('a plain R4 client hears that something happened', async () => {
  await subscribe('pinged', 'Patient?gender=other', { payload: undefined, _payload: undefined });
  const client = await new Client().open();
  client.say('bind pinged');
  await until('it is bound', () => client.texts.includes('bound pinged'));
  await server.send('PUT', '/Patient/ping', { resourceType: 'Patient', id: 'ping', gender: 'other' });
  await until('it is pinged', () => client.texts.includes('ping pinged'));
  client.close();
});

test('nobody listens without a token that is good', async () => {
  await subscribe('guarded', topic);
  for (const text of ['bind-with-token wrong', 'bind guarded', 'hello', 'bind-with-token']) {
    const client = await new Client().open();
    client.say(text);
    const { code } = await until('it is closed', () => client.closed);
    expect(code).toBe(1008);
    expect(client.texts).toEqual([]);
  }
  await server.context.pool.query(`update fhir.subscription_binding set expires = now() - interval '1 second'`);
  const { body } = await server.get('/Subscription/guarded/$get-ws-binding-token');
  await server.context.pool.query(`update fhir.subscription_binding set expires = now() - interval '1 second'`);
  const late = await new Client().open();
  late.say(`bind-with-token ${body.parameter[0].valueString}`);
  expect((await until('it is closed', () => late.closed)).code).toBe(1008);
});

test('the socket is closed when the subscription ends', async () => {
  await subscribe('brief', topic);
  const client = await bind('brief');
  await server.send('DELETE', '/Subscription/brief');
  expect((await until('it is closed', () => client.closed)).reason).toBe('The subscription has ended.');
});

test('whoever binds twice is told once', async () => {
  await subscribe('twice', topic);
  const client = await bind('twice');
  const { body } = await server.get('/Subscription/twice/$get-ws-binding-token');
  client.say(`bind-with-token ${body.parameter[0].valueString}`);
  await until('it is bound again', () => client.texts.length > 1);
  await putPatient('twice-1');
  await putPatient('twice-2');
  await until('it is told', () => client.events.includes(2));
  expect(client.events).toEqual([1, 2]);
  client.close();
});

test('a socket that is never bound is closed', async () => {
  const { subscriptions } = server.context;
  if (!subscriptions) throw new Error('There are subscriptions');
  const impatient = Fastify();
  await impatient.register(async (api) => registerSubscriptionSocket(api, subscriptions, 100), {
    prefix: '/fhir',
  });
  const at = (await impatient.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
  const client = await new Client(at).open();
  expect((await until('it is closed', () => client.closed)).code).toBe(1008);
  await impatient.close();
});
