import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from '#testing/database.ts';
import { createSearch, type Search } from '../../search/index.ts';
import { type DefinitionDependencies, parseDefinition } from '../definition.ts';
import { parseTopic, type Topic } from '../topic.ts';
import { topicToBasic } from '../topic-basic.ts';
import { readTopics } from '../topic-files.ts';
import { ResourceChange } from './change.ts';
import { WatchList } from './watch-list.ts';

let pool: Pool;
let drop: () => Promise<void>;
let search: Search;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool(database.connectionString, { max: 1, applicationName: 'test' });
  search = createSearch({ pool, baseUrl: 'http://127.0.0.1/fhir' });
});

afterAll(async () => {
  await pool.end();
  await drop();
});

const url = 'http://example.org/topic';
const parse = (trigger: object, filters: object[] = []) =>
  parseTopic(
    { resourceType: 'SubscriptionTopic', url, resourceTrigger: [trigger], canFilterBy: filters } as JsonObject,
    search,
  );

const version = (resource: object | undefined) => ({ content: resource && JSON.stringify(resource), updated: 0 });
const encounter = (status?: string) => status && { resourceType: 'Encounter', id: 'e', status };

function change(before: string | undefined, after: string | undefined): ResourceChange {
  return new ResourceChange(
    'Encounter',
    before ? version(encounter(before) || undefined) : undefined,
    version(encounter(after) || undefined),
  );
}

describe('triggers', () => {
  const both = { previous: 'status:not=finished', current: 'status=finished', requireBoth: true };
  test.each([
    ['a creation that counts as passing', { ...both, resultForCreate: 'test-passes' }, undefined, 'finished', true],
    ['a creation that does not', { ...both, resultForCreate: 'test-fails' }, undefined, 'finished', false],
    ['a creation of which nothing is said', both, undefined, 'finished', false],
    ['the change that is meant', both, 'planned', 'finished', true],
    ['a change afterwards', both, 'finished', 'finished', false],
    ['one of two', { ...both, requireBoth: false }, 'planned', 'cancelled', true],
    ['none of two', { ...both, requireBoth: false }, 'finished', 'cancelled', false],
    ['a deletion that counts as passing', { ...both, resultForDelete: 'test-passes' }, 'planned', undefined, true],
    ['a deletion that does not', both, 'planned', undefined, false],
    ['a deletion of what passed', { previous: 'status=planned' }, 'planned', undefined, true],
  ])('%s', async (_name, queryCriteria, before, after, expected) => {
    const { triggers } = await parse({ resource: 'Encounter', queryCriteria });
    expect(triggers.map((trigger) => change(before, after).passes(trigger))).toEqual([expected]);
  });

  test('only the named interactions count', async () => {
    const { triggers } = await parse({
      resource: 'http://hl7.org/fhir/StructureDefinition/Encounter',
      supportedInteraction: ['delete'],
    });
    const [trigger] = triggers;
    if (!trigger) throw new Error('There is a trigger');
    expect(change('planned', undefined).passes(trigger)).toBe(true);
    expect(change('planned', 'finished').passes(trigger)).toBe(false);
    expect(change(undefined, 'finished').passes(trigger)).toBe(false);
  });

  test('a criterion that cannot be decided tells everybody, and says so', async () => {
    const list = new WatchList();
    const topic = await parse({ resource: 'Encounter' });
    const expression = () => {
      throw new Error('no');
    };
    const broken: Topic = { ...topic, triggers: topic.triggers.map((trigger) => ({ ...trigger, expression })) };
    const definition = await parseDefinition(subscription(url), deps(broken));
    list.add(1, definition);
    const undecided: string[] = [];
    const told = list.find(change('planned', 'finished'), 0, (_rid, error) => undecided.push(error.message));
    expect([...told]).toEqual([1]);
    expect(undecided).toEqual(['no']);
  });

  test.each([
    [{ resource: 'Nothing' }, 'no resource type'],
    [{ resource: 'Encounter', supportedInteraction: ['read'] }, 'write create'],
    [{ resource: 'Encounter', queryCriteria: { current: 'no-such=1' } }, 'does not exist'],
    [{ resource: 'Encounter', queryCriteria: { current: 'patient.name=x' } }, 'follows references'],
    [{ resource: 'Encounter', fhirPathCriteria: 'a b c' }, 'cannot be read'],
  ])('a topic that cannot be carried out is refused: %j', async (trigger, reason) => {
    await expect(parse(trigger)).rejects.toThrow(reason);
  });
});

const deps = (...topics: Topic[]): DefinitionDependencies => ({
  search,
  topics: new Map(topics.map((topic) => [topic.url, topic])),
  rules: { hosts: ['127.0.0.1'] },
});

const subscription = (criteria: string, ...filters: string[]): JsonObject =>
  ({
    resourceType: 'Subscription',
    status: 'requested',
    criteria,
    _criteria: {
      extension: filters.map((valueString) => ({
        url: 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria',
        valueString,
      })),
    },
    channel: { type: 'rest-hook', endpoint: 'http://127.0.0.1/hook' },
  }) as JsonObject;

const plain = (criteria: string): JsonObject => ({
  ...subscription(criteria),
  _criteria: undefined as unknown as JsonObject,
});

describe('lists of subscriptions', () => {
  const observation = (patient: string, code: string) => ({
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }] },
    subject: { reference: `Patient/${patient}` },
  });
  const created = (resource: object) => new ResourceChange('Observation', undefined, version(resource));
  const fail = (_rid: number, error: Error): never => {
    throw error;
  };

  test('each change finds those that it concerns, among thousands', async () => {
    const list = new WatchList();
    for (let index = 0; index < 3000; index++) {
      list.add(index, await parseDefinition(plain(`Observation?patient=Patient/${index}`), deps()));
    }
    list.add(5000, await parseDefinition(plain('Observation?code=http://loinc.org|8302-2'), deps()));
    list.add(5001, await parseDefinition(plain('Observation?code=8302-2&patient=Patient/7'), deps()));
    list.add(5002, await parseDefinition(plain('Observation?status:not=final'), deps()));
    list.add(5003, await parseDefinition(plain('Observation'), deps()));
    list.add(5004, await parseDefinition(plain('Patient'), deps()));
    expect([...list.find(created(observation('7', '8302-2')), 0, fail)].sort()).toEqual([5000, 5001, 5003, 7]);
    expect([...list.find(created(observation('8', 'x')), 0, fail)].sort()).toEqual([5003, 8]);
    expect(list.watches('Observation')).toBe(true);
    expect(list.watches('Encounter')).toBe(false);
  });

  test('a subscription that has ended is not told', async () => {
    const list = new WatchList();
    list.add(1, await parseDefinition({ ...plain('Observation'), end: '2026-01-01T00:00:00Z' }, deps()));
    const end = Date.parse('2026-01-01T00:00:00Z');
    expect(list.find(created(observation('1', 'x')), end - 1, fail).size).toBe(1);
    expect(list.find(created(observation('1', 'x')), end + 1, fail).size).toBe(0);
  });

  test('filters must be those that the topic offers', async () => {
    const topic = await parse({ resource: 'Encounter' }, [
      { filterParameter: 'patient' },
      { resource: 'Encounter', filterParameter: 'date', comparator: ['ge'] },
      { filterParameter: 'class', modifier: ['not'] },
    ]);
    const accepts = async (...filters: string[]) =>
      parseDefinition(subscription(`${url}|1.0`, ...filters), deps(topic));
    await accepts('Encounter?patient=Patient/1', 'Encounter?date=ge2026');
    await accepts('patient=Patient/1');
    await accepts('Encounter?class:not=AMB');
    await expect(accepts('Encounter?date=le2026')).rejects.toThrow('does not take the filter');
    await expect(accepts('Encounter?class:text=AMB')).rejects.toThrow('does not take the filter');
    await expect(accepts('Encounter?status=planned')).rejects.toThrow('only by patient, date, class');
    await expect(accepts('Patient?_id=1')).rejects.toThrow('is about Encounter');
    await expect(accepts('Encounter?patient=Patient/1&_count=1')).rejects.toThrow('how to answer');
  });
});

test('the topics that come with Meridian can be carried out, and be shown as Basic', async () => {
  const folder = new URL('../../../../content/topics', import.meta.url).pathname;
  const topics = await readTopics(folder, search);
  expect(topics.size).toBeGreaterThanOrEqual(4);
  const topic = topics.get('https://meridian.example/fhir/SubscriptionTopic/encounter-completed');
  if (!topic) throw new Error('There is this topic');
  const prefix = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic';
  expect(topicToBasic(topic, 'topic-1')).toMatchObject({
    resourceType: 'Basic',
    id: 'topic-1',
    code: { coding: [{ system: 'http://hl7.org/fhir/fhir-types', code: 'SubscriptionTopic' }] },
    extension: expect.arrayContaining([
      { url: `${prefix}.url`, valueUri: topic.url },
      {
        url: `${prefix}.resourceTrigger`,
        extension: expect.arrayContaining([
          { url: 'resource', valueUri: 'Encounter' },
          { url: 'supportedInteraction', valueCode: 'create' },
          { url: 'supportedInteraction', valueCode: 'update' },
        ]),
      },
      {
        url: `${prefix}.canFilterBy`,
        extension: expect.arrayContaining([{ url: 'filterParameter', valueString: 'patient' }]),
      },
    ]),
  });
});
