import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '#testing/database.ts';

/** Tables that do not grow with the record, or whose rows no search joins: they may stay on one node or be copied to all. */
const onOneNode: Record<string, string> = {
  token_code: 'grows with codes',
  token_text: 'grows with codes',
  unit: 'grows with units',
  index_generation: 'has one row',
  search_parameter: 'has a row for each search parameter that was created',
  change: 'is a log, kept for days, read in order and joined by nothing',
  change_trimmed: 'has one row',
  change_reader: 'has a row for each reader',
  subscription_generation: 'has one row',
  subscription_owner: 'lies with its subscription',
  subscription_letter: 'lies with its subscription',
  subscription_binding: 'holds the tokens of minutes, found by themselves',
  access_grant: 'is joined from every resource by its patient: copied to all nodes, or placed by patient',
  idempotency_key: 'holds the keys of a day, found by themselves',
};

/** Unique indexes without the shard key; each needs a look-up table once the tables are distributed. */
const withoutKey: Record<string, string> = {
  subscription_id: 'subscriptions are few, and stay on one node',
  subscription_event_pkey: 'events lie with their subscription',
  resource_id: 'a client names a resource by type and id: the look-up of its number',
};

let client: pg.Client;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await drop();
});

test('every growing table carries the number of its resource, by which all can be distributed', async () => {
  const { rows } = await client.query<{ name: string; carries: boolean }>(
    `select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'rid') as carries
     from pg_class c where c.relnamespace = 'fhir'::regnamespace and c.relkind in ('r', 'p')`,
  );
  expect(rows.length).toBeGreaterThan(5);
  const missing = rows.filter(({ name, carries }) => !carries && !(name in onOneNode)).map(({ name }) => name);
  expect(missing).toEqual([]);
  const names = rows.map(({ name }) => name);
  expect(Object.keys(onOneNode).filter((name) => !names.includes(name))).toEqual([]);
});

test('every unique index of such a table holds the number, so that each node can keep it alone', async () => {
  const { rows } = await client.query<{ name: string; holds: boolean }>(
    `select i.relname as name, bool_or(a.attname = 'rid') as holds
     from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
       join pg_attribute a on a.attrelid = i.oid
     where t.relnamespace = 'fhir'::regnamespace and x.indisunique
       and exists (select from pg_attribute r where r.attrelid = t.oid and r.attname = 'rid')
     group by i.relname`,
  );
  const without = rows.filter(({ name, holds }) => !holds && !(name in withoutKey)).map(({ name }) => name);
  expect(without).toEqual([]);
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(withoutKey)));
});
