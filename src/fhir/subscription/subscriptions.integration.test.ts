import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aSubscription, topics, type WantedSubscription } from '#testing/a-subscription.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { until } from '#testing/until.ts';
import { eventNumbers, notificationType, WebhookReceiver } from '#testing/webhook-receiver.ts';
import { retryRules } from './delivery/retry.ts';
import { deleteOldEvents } from './queries.ts';

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

let server: TestServer;
let receiver: WebhookReceiver;
const logged: { event: string; details: Record<string, unknown> }[] = [];

beforeAll(async () => {
  receiver = new WebhookReceiver();
  await receiver.start();
  server = await startTestServer({
    isWorking: true,
    subscriptions: {
      topicsFolder: new URL('../../../content/topics', import.meta.url).pathname,
      rules: { hosts: ['127.0.0.1'] },
      retry: {
        ...retryRules,
        firstWaitMs: 30,
        longestWaitMs: 200,
        giveUpAfterMs: 4000,
        giveUpHandshakeAfterMs: 500,
        refusals: 3,
      },
      log: (event, details) => logged.push({ event, details }),
    },
  });
});

afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

beforeEach(() => {
  receiver.messages.length = 0;
  receiver.behaviour = () => 200;
  receiver.slowMs = 0;
});

async function subscribe(wanted: WantedSubscription): Promise<void> {
  const answer = await server.send('PUT', `/Subscription/${wanted.id}`, aSubscription(receiver.url, wanted));
  expect(answer.status).toBe(201);
  await until(
    `${wanted.id} is active`,
    async () => (await server.get(`/Subscription/${wanted.id}`)).body.status === 'active',
  );
}

const unsubscribe = (id: string) => server.send('DELETE', `/Subscription/${id}`);
const received = (id: string) => receiver.messages.filter(({ path }) => path.startsWith(`/hook/${id}`));
const notifications = (id: string) =>
  received(id).filter(({ body }) => notificationType(body) === 'event-notification');
const takenBy = (id: string) =>
  notifications(id)
    .filter(({ isTaken }) => isTaken)
    .flatMap(({ body }) => eventNumbers(body));
const putPatient = (id: string, more: object = {}) =>
  server.send('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, ...more });
const statusOf = async (id: string) => {
  const { body } = await server.get(`/Subscription/${id}/$status`);
  return Object.fromEntries(
    body.entry[0].resource.parameter.map(({ name, ...value }: { name: string }) => [name, Object.values(value)[0]]),
  );
};

describe('topics', () => {
  test('a receiver agrees, and is told of what happens after, within a second', async () => {
    await putPatient('before');
    await subscribe({ id: 'first', content: 'full-resource', channel: { header: ['Authorization: Bearer secret'] } });
    expect(received('first').map(({ body }) => notificationType(body))).toEqual(['handshake']);
    const written = Date.now();
    await putPatient('after', { gender: 'female' });
    const [message] = await until('it is told', () => notifications('first').length > 0 && notifications('first'));
    expect(message?.at).toBeLessThan(written + 1000);
    expect(message?.headers.authorization).toBe('Bearer secret');
    expect(message?.headers['content-type']).toBe('application/fhir+json');
    const { body } = message ?? {};
    expect(body.type).toBe('history');
    expect(body.entry[0].resource.meta.profile).toEqual([`${backport}/backport-subscription-status-r4`]);
    expect(body.entry[1]).toMatchObject({
      fullUrl: 'http://127.0.0.1/fhir/Patient/after',
      resource: { resourceType: 'Patient', id: 'after', gender: 'female', meta: { versionId: '1' } },
      request: { method: 'PUT', url: 'Patient/after' },
      response: { status: '201' },
    });
    await unsubscribe('first');
  });

  test('ids alone, or nothing at all, are sent where that is what is wanted', async () => {
    await subscribe({ id: 'ids', content: 'id-only' });
    await subscribe({ id: 'nothing', content: 'empty' });
    await putPatient('quiet', { gender: 'female' });
    await until('both are told', () => notifications('ids').length > 0 && notifications('nothing').length > 0);
    const [ids] = notifications('ids');
    expect(ids?.body.entry[1].fullUrl).toBe('http://127.0.0.1/fhir/Patient/quiet');
    expect(ids?.body.entry[1].resource).toBeUndefined();
    const [nothing] = notifications('nothing');
    expect(nothing?.text).not.toContain('Patient/quiet');
    expect(eventNumbers(nothing?.body)).toEqual([1]);
    await unsubscribe('ids');
    await unsubscribe('nothing');
  });

  test('filters choose, and a transaction that is taken back tells nobody', async () => {
    const filters = ['Observation?patient=Patient/chosen&code=http://loinc.org|8302-2'];
    await subscribe({ id: 'filtered', criteria: `${topics}/result-reported`, filters });
    const observation = (patient: string, code: string) => ({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code }] },
      subject: { reference: `Patient/${patient}` },
    });
    await server.send('POST', '/Observation', observation('other', '8302-2'));
    await server.send('POST', '/Observation', observation('chosen', '9999-9'));
    const refused = await server.send('POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: observation('chosen', '8302-2'), request: { method: 'POST', url: 'Observation' } },
        {
          resource: { resourceType: 'Patient', id: 'chosen' },
          request: { method: 'PUT', url: 'Patient/chosen', ifMatch: 'W/"99"' },
        },
      ],
    });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    const { headers } = await server.send('POST', '/Observation', observation('chosen', '8302-2'));
    await until('it is told', () => notifications('filtered').length > 0);
    const id = /Observation\/([^/]+)/.exec(headers.location ?? '')?.[1];
    expect(notifications('filtered').map(({ body }) => body.entry[1].fullUrl)).toEqual([
      `http://127.0.0.1/fhir/Observation/${id}`,
    ]);
    expect(takenBy('filtered')).toEqual([1]);
    await unsubscribe('filtered');
  });

  test('a topic looks at the version before: only the end of an encounter counts', async () => {
    await subscribe({ id: 'ends', criteria: `${topics}/encounter-completed` });
    const put = (status: string, note?: string) =>
      server.send('PUT', '/Encounter/e1', {
        resourceType: 'Encounter',
        id: 'e1',
        status,
        class: { code: 'AMB' },
        ...(note && { reasonCode: [{ text: note }] }),
      });
    await put('in-progress');
    await put('finished');
    await put('finished', 'changed afterwards');
    await put('in-progress');
    await put('finished');
    await until('both ends are told', () => takenBy('ends').length >= 2);
    const { eventsSinceSubscriptionStart } = await statusOf('ends');
    expect(eventsSinceSubscriptionStart).toBe('2');
    await unsubscribe('ends');
  });

  test('FHIRPath criteria see both versions, and deletions are told with what was deleted', async () => {
    await subscribe({
      id: 'referrals',
      criteria: `${topics}/referral-changed`,
      content: 'full-resource',
      filters: ['ServiceRequest?patient=Patient/r'],
    });
    const put = (status: string, note?: string) =>
      server.send('PUT', '/ServiceRequest/s1', {
        resourceType: 'ServiceRequest',
        id: 's1',
        status,
        intent: 'order',
        subject: { reference: 'Patient/r' },
        ...(note && { note: [{ text: note }] }),
      });
    await put('draft');
    await put('draft', 'a note is no change of status');
    await put('active');
    await server.send('DELETE', '/ServiceRequest/s1');
    await until('three are told', () => takenBy('referrals').length >= 3);
    const entries = notifications('referrals').flatMap(({ body }) => body.entry.slice(1));
    expect(entries.map(({ request }) => request.method)).toEqual(['PUT', 'PUT', 'DELETE']);
    expect(entries.map(({ resource }) => resource?.status)).toEqual(['draft', 'active', undefined]);
    await unsubscribe('referrals');
  });

  test('what cannot be done puts a subscription into error, with the reason', async () => {
    const wrong: [string, Partial<WantedSubscription>, RegExp][] = [
      ['wrong-topic', { criteria: 'http://example.org/no-topic' }, /not known/],
      ['wrong-filter', { filters: ['Patient?birthdate=2000'] }, /cannot be filtered by birthdate/],
      ['wrong-chain', { criteria: 'Observation?patient.name=x' }, /follows references/],
      ['wrong-host', { channel: { endpoint: 'https://10.0.0.1/hook' } }, /inner address/],
      ['wrong-http', { channel: { endpoint: 'http://example.org/hook' } }, /https/],
      ['wrong-header', { channel: { header: ['Host: elsewhere'] } }, /set by the server/],
      ['wrong-payload', { channel: { payload: 'application/fhir+xml' } }, /application\/fhir\+json/],
      ['wrong-parameter', { criteria: 'Patient?no-such=1' }, /does not exist/],
    ];
    for (const [id, wanted] of wrong) {
      await server.send('PUT', `/Subscription/${id}`, aSubscription(receiver.url, { id, ...wanted }));
    }
    for (const [id, , reason] of wrong) {
      const { body } = await until(`${id} is in error`, async () => {
        const answer = await server.get(`/Subscription/${id}`);
        return answer.body.status === 'error' && answer;
      });
      expect(body.error).toMatch(reason);
      await unsubscribe(id);
    }
  });

  test('clients find the topics by search', async () => {
    const { body } = await server.get('/Basic?code=http://hl7.org/fhir/fhir-types|SubscriptionTopic');
    const urls = body.entry.map(
      ({ resource }: { resource: { extension: { url: string; valueUri?: string }[] } }) =>
        resource.extension.find(({ url }) => url.endsWith('SubscriptionTopic.url'))?.valueUri,
    );
    expect(urls).toContain(`${topics}/patient-changed`);
  });
});

describe('plain R4', () => {
  test('resources that meet the criteria are put at the endpoint', async () => {
    await subscribe({ id: 'plain', criteria: 'Patient?gender=other' });
    await putPatient('p1', { gender: 'male' });
    await putPatient('p1', { gender: 'other' });
    await putPatient('p2', { gender: 'other' });
    await server.send('DELETE', '/Patient/p2');
    await putPatient('p3', { gender: 'other' });
    await until('all are told', () => received('plain').length >= 3);
    expect(received('plain').map(({ method, path, body }) => [method, path, body.gender])).toEqual([
      ['PUT', '/hook/plain/Patient/p1', 'other'],
      ['PUT', '/hook/plain/Patient/p2', 'other'],
      ['PUT', '/hook/plain/Patient/p3', 'other'],
    ]);
    await unsubscribe('plain');
  });

  test('criteria may use search parameters that came at run time', async () => {
    await server.send('PUT', '/SearchParameter/marital', {
      resourceType: 'SearchParameter',
      id: 'marital',
      url: 'http://example.org/SearchParameter/marital',
      name: 'marital',
      status: 'active',
      description: 'Searches by marital status.',
      code: 'marital',
      base: ['Patient'],
      type: 'token',
      expression: 'Patient.maritalStatus',
    });
    const strict = { prefer: 'handling=strict' };
    await until('it is answered', async () => (await server.get('/Patient?marital=M', strict)).status === 200, 20_000);
    await subscribe({ id: 'own-parameter', criteria: 'Patient?marital=urn:ms|M' });
    await putPatient('m1', { maritalStatus: { coding: [{ system: 'urn:ms', code: 'S' }] } });
    await putPatient('m2', { maritalStatus: { coding: [{ system: 'urn:ms', code: 'M' }] } });
    await until('it is told', () => received('own-parameter').length > 0);
    expect(received('own-parameter').map(({ path }) => path)).toEqual(['/hook/own-parameter/Patient/m2']);
    await unsubscribe('own-parameter');
  });

  test('without payload, the endpoint is called with nothing', async () => {
    await subscribe({ id: 'bare', criteria: 'Patient?gender=unknown', payload: null });
    await putPatient('p4', { gender: 'unknown' });
    await until('it is told', () => received('bare').length > 0);
    expect(received('bare')[0]).toMatchObject({ method: 'POST', path: '/hook/bare', text: '' });
    await unsubscribe('bare');
  });
});

describe('receivers that fail', () => {
  test('one that breaks, hangs, fails and dies gets every event in order once it works', async () => {
    await subscribe({
      id: 'frail',
      channel: { extension: [{ url: `${backport}/backport-timeout`, valueUnsignedInt: 1 }] },
    });
    const ill = [500, 'cut', 503, 429, 'hang'] as const;
    let count = 0;
    receiver.behaviour = () => (count < ill.length ? (ill[count++] ?? 200) : 200);
    for (let index = 0; index < 8; index++) await putPatient(`frail-${index}`);
    await until('all are taken', () => new Set(takenBy('frail')).size >= 8);
    expect([...new Set(takenBy('frail'))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await receiver.stop();
    for (let index = 8; index < 12; index++) await putPatient(`frail-${index}`);
    await until('it is noticed', async () => (await statusOf('frail')).error);
    await receiver.start();
    await until('the rest is taken', () => new Set(takenBy('frail')).size >= 12);
    expect([...new Set(takenBy('frail'))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect((await statusOf('frail')).error).toBeUndefined();
    await unsubscribe('frail');
  });

  test('a slow one does not hold up others', async () => {
    await subscribe({ id: 'slow' });
    await subscribe({ id: 'quick' });
    receiver.behaviour = ({ path }) => (path === '/hook/slow' ? 'hang' : 200);
    const written = Date.now();
    await putPatient('slow-1');
    const [message] = await until(
      'the quick one is told',
      () => notifications('quick').length > 0 && notifications('quick'),
    );
    expect(message?.at).toBeLessThan(written + 1000);
    await unsubscribe('slow');
    await unsubscribe('quick');
    receiver.behaviour = () => 200;
  });

  test('an event that is refused again and again is set aside, listed, and sent when asked', async () => {
    await subscribe({ id: 'picky', content: 'full-resource' });
    receiver.behaviour = ({ text }) => (text.includes('poison') ? 422 : 200);
    await putPatient('fine-1');
    await putPatient('poison');
    await putPatient('fine-2');
    await until('the others are taken', () => takenBy('picky').length >= 2 && takenBy('picky').includes(3));
    const { body } = await server.get('/Subscription/picky/$dead-letters');
    const [letter, ...others] = body.parameter;
    expect(others).toEqual([]);
    expect(letter.part).toContainEqual({ name: 'eventNumber', valueString: '2' });
    expect(letter.part).toContainEqual({ name: 'reason', valueString: 'The answer was 422.' });
    expect(letter.part).toContainEqual({
      name: 'focus',
      valueReference: { reference: 'http://127.0.0.1/fhir/Patient/poison' },
    });
    receiver.behaviour = () => 200;
    expect((await server.send('POST', '/Subscription/picky/$resend')).body.parameter[0].valueInteger).toBe(1);
    await until('it is taken', () => takenBy('picky').includes(2));
    await until(
      'nothing is left',
      async () => (await server.get('/Subscription/picky/$dead-letters')).body.parameter.length === 0,
    );
    await unsubscribe('picky');
  });

  test('one that is dead for long is given up; it gets what it missed when it asks again', async () => {
    await subscribe({ id: 'dead' });
    receiver.behaviour = ({ path }) => (path === '/hook/dead' ? 503 : 200);
    await putPatient('dead-1');
    const { body } = await until('it is given up', async () => {
      const answer = await server.get('/Subscription/dead');
      return answer.body.status === 'error' && answer;
    });
    expect(body.error).toMatch(/503/);
    expect(logged.map(({ event }) => event)).toContain('subscription.given-up');
    await putPatient('dead-2');
    await until('it is counted', async () => (await statusOf('dead')).eventsSinceSubscriptionStart === '2');
    receiver.behaviour = () => 200;
    await server.send('PUT', '/Subscription/dead', aSubscription(receiver.url, { id: 'dead' }));
    await until('it has both', () => takenBy('dead').length >= 2);
    expect(takenBy('dead')).toEqual([1, 2]);
    await until('it is active', async () => (await server.get('/Subscription/dead')).body.status === 'active');
    expect((await server.get('/Subscription/dead')).body.error).toBeUndefined();
    await unsubscribe('dead');
  });

  test('one that does not agree is never sent events', async () => {
    receiver.behaviour = () => 404;
    await server.send('PUT', '/Subscription/unwilling', aSubscription(receiver.url, { id: 'unwilling' }));
    await putPatient('unwilling-1');
    await until('it is in error', async () => (await server.get('/Subscription/unwilling')).body.status === 'error');
    expect(notifications('unwilling')).toEqual([]);
    await unsubscribe('unwilling');
  });

  test('heartbeats come when nothing happens', async () => {
    await subscribe({
      id: 'beats',
      channel: { extension: [{ url: `${backport}/backport-heartbeat-period`, valueUnsignedInt: 1 }] },
    });
    const beats = () => received('beats').filter(({ body }) => notificationType(body) === 'heartbeat');
    await until('two came', () => beats().length >= 2);
    expect((beats()[1]?.at ?? 0) - (beats()[0]?.at ?? 0)).toBeGreaterThan(900);
    await unsubscribe('beats');
  });

  test('a subscription that is off, or has ended, is told nothing', async () => {
    await subscribe({ id: 'off' });
    await server.send('PUT', '/Subscription/off', { ...aSubscription(receiver.url, { id: 'off' }), status: 'off' });
    await server.send('PUT', '/Subscription/ended', {
      ...aSubscription(receiver.url, { id: 'ended' }),
      end: '2020-01-01T00:00:00Z',
    });
    await until('it is off', async () => (await server.get('/Subscription/ended')).body.status === 'off');
    await subscribe({ id: 'witness' });
    await putPatient('nobody');
    await until('the witness is told', () => notifications('witness').length > 0);
    expect(notifications('off')).toEqual([]);
    expect(notifications('ended')).toEqual([]);
    await unsubscribe('witness');
  });
});

describe('replay', () => {
  test('$events gives what was, in parts, with a link to more', async () => {
    await subscribe({ id: 'replay', content: 'full-resource' });
    for (let index = 1; index <= 5; index++) await putPatient(`replay-${index}`);
    await until('all are taken', () => takenBy('replay').length >= 5);
    const all = await server.get('/Subscription/replay/$events');
    expect(notificationType(all.body)).toBe('query-event');
    expect(eventNumbers(all.body)).toEqual([1, 2, 3, 4, 5]);
    expect(all.body.entry[1].resource.id).toBe('replay-1');
    const some = await server.get(
      '/Subscription/replay/$events?eventsSinceNumber=2&eventsUntilNumber=3&content=id-only',
    );
    expect(eventNumbers(some.body)).toEqual([2, 3]);
    expect(some.body.entry[1].resource).toBeUndefined();
    expect((await server.get('/Subscription/replay/$events?eventsSinceNumber=x')).status).toBe(400);
    expect((await server.get('/Subscription/none/$events')).status).toBe(404);
    await server.context.pool.query(`delete from fhir.subscription_event where number <= 2`);
    const holed = await server.get('/Subscription/replay/$events');
    expect(eventNumbers(holed.body)).toEqual([3, 4, 5]);
    expect(holed.text).toContain('Events 1 to 2 are too old');
    await unsubscribe('replay');
  });

  test('events are forgotten by age once they were delivered, and not before', async () => {
    await subscribe({ id: 'aged' });
    await putPatient('aged-1');
    await until('it is taken', () => takenBy('aged').length >= 1);
    receiver.behaviour = () => 503;
    await putPatient('aged-2');
    const { pool } = server.context;
    const count = async () =>
      (
        await pool.query(
          `select e.number::int from fhir.subscription_event e join fhir.subscription s on s.rid = e.subscription
           where s.id = 'aged' order by e.number`,
        )
      ).rows.map(({ number }) => number);
    await until('it is noted', async () => (await count()).length === 2);
    await until('the first is marked', async () => {
      const { rows } = await pool.query(`select sent::int from fhir.subscription where id = 'aged'`);
      return rows[0].sent === 1;
    });
    await pool.query(`update fhir.subscription_event set written = now() - interval '31 days'`);
    await deleteOldEvents(pool, 30, 1000);
    expect(await count()).toEqual([2]);
    receiver.behaviour = () => 200;
    await until('the other is taken', () => takenBy('aged').includes(2));
    await unsubscribe('aged');
  });

  test('$status of several, by id and by status', async () => {
    await subscribe({ id: 'status-1' });
    await subscribe({ id: 'status-2' });
    const both = await server.get('/Subscription/$status?id=status-1&id=status-2');
    expect(both.body.total).toBe(2);
    expect((await server.get('/Subscription/$status?id=status-1&status=error')).body.total).toBe(0);
    expect((await server.get('/Subscription/$status?status=wrong')).status).toBe(400);
    await unsubscribe('status-1');
    await unsubscribe('status-2');
  });

  test('$events does not tell more than the subscription is told', async () => {
    await subscribe({ id: 'modest', content: 'empty' });
    expect((await server.get('/Subscription/modest/$events?content=full-resource')).status).toBe(403);
    await unsubscribe('modest');
  });
});
