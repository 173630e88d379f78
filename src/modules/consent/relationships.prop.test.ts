import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { typeOfRid } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { naiveInstant } from '#testing/naive-content.ts';
import type { NaiveSettings, StoredResource } from '#testing/naive-relations-of.ts';
import { naiveGrants, printed } from '#testing/naive-relationships.ts';

let server: TestServer;
let client: pg.Client;
let settings: NaiveSettings;

beforeAll(async () => {
  server = await startTestServer();
  client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
  const { rows } = await client.query('select code, number from access.data_category');
  const categories = new Map(rows.map(({ code, number }) => [code as string, number as number]));
  settings = { graceDays: 90, staleDays: 365, majorityYears: 18, categories };
});

afterAll(async () => {
  await client.end();
  await server.stop();
});

const some = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined, freq: 4 });
const to = (...types: readonly string[]) =>
  fc
    .tuple(some(...types), some('1', '2'), some('', '', '', '', 'urn:uuid:', 'http://elsewhere.org/fhir/'))
    .map(([type, id, before]) => ({ reference: `${before}${type}/${id}` }));
const patient = to('Patient');
const someone = to(
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'CareTeam',
  'HealthcareService',
  'Device',
  'Patient',
);
// Far from now on both sides, so that no run sees a boundary pass.
const date = some(
  '2001',
  '2015-03',
  '2015-03-04',
  '2015-03-04T05:06:07+08:00',
  '2090-02-28T23:59:60Z',
  '2091-02-30',
  '2092',
  'x',
);
const period = fc.record({ start: maybe(date), end: maybe(date) });
const many = <Value>(value: fc.Arbitrary<Value>) => maybe(fc.array(value, { maxLength: 3 }));
const status = (...values: readonly string[]) => some(...values);

const category = (code: string) => ({ system: 'http://meridian.health/fhir/CodeSystem/data-category', code });
const rule = {
  type: some('permit', 'deny'),
  period: maybe(period),
  dataPeriod: maybe(period),
  actor: many(someone.map((reference) => ({ role: { text: 'recipient' }, reference }))),
  class: many(
    some(category('diabetes'), category('everything'), category('unknown'), {
      system: 'http://elsewhere.org',
      code: 'diabetes',
    }),
  ),
};

const elements: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  Encounter: {
    status: status('planned', 'in-progress', 'finished', 'finished', 'cancelled'),
    subject: maybe(to('Patient', 'Patient', 'Group')),
    participant: many(fc.record({ individual: maybe(to('Practitioner', 'PractitionerRole', 'RelatedPerson')) })),
    serviceProvider: maybe(to('Organization')),
    period: maybe(period),
  },
  CareTeam: {
    status: status('active', 'active', 'inactive'),
    subject: maybe(patient),
    participant: many(fc.record({ member: maybe(someone) })),
    managingOrganization: many(to('Organization')),
    period: maybe(period),
  },
  EpisodeOfCare: {
    status: status('active', 'onhold', 'finished'),
    patient,
    managingOrganization: maybe(to('Organization')),
    careManager: maybe(to('Practitioner', 'PractitionerRole')),
    team: many(to('CareTeam')),
    period: maybe(period),
  },
  ServiceRequest: {
    status: status('active', 'completed', 'draft'),
    subject: patient,
    requester: maybe(someone),
    performer: many(someone),
    authoredOn: maybe(date),
  },
  Appointment: {
    status: status('booked', 'fulfilled', 'cancelled'),
    start: maybe(date),
    participant: many(
      fc.record({
        actor: maybe(to('Patient', 'Practitioner', 'Location', 'HealthcareService')),
        status: some('accepted', 'declined'),
      }),
    ),
  },
  Coverage: {
    status: status('active', 'active', 'cancelled'),
    beneficiary: patient,
    payor: many(to('Organization', 'Patient')),
    period: maybe(period),
  },
  Patient: {
    birthDate: maybe(some('2012-02-29', '2020-05', '1980', 'abc')),
    managingOrganization: maybe(to('Organization')),
    generalPractitioner: many(to('Practitioner', 'PractitionerRole', 'Organization')),
    link: many(fc.record({ other: to('RelatedPerson', 'Patient'), type: some('seealso', 'refer') })),
  },
  RelatedPerson: {
    active: maybe(fc.boolean()),
    patient,
    relationship: many(
      some('MTH', 'FTH', 'SIB').map((code) => ({
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code }],
      })),
    ),
  },
  PractitionerRole: { practitioner: maybe(to('Practitioner')), organization: maybe(to('Organization')) },
  Location: { managingOrganization: maybe(to('Organization')) },
  HealthcareService: { providedBy: maybe(to('Organization')) },
  Organization: { name: some('A') },
  Practitioner: {},
  Consent: {
    status: status('active', 'active', 'inactive'),
    patient,
    category: many(
      some('mandate', 'sharing').map((code) => ({
        coding: [{ system: 'http://meridian.health/fhir/CodeSystem/consent-category', code }],
      })),
    ),
    extension: many(
      date.map((valueDateTime) => ({
        url: 'http://meridian.health/fhir/StructureDefinition/consent-erase-at',
        valueDateTime,
      })),
    ),
    provision: maybe(fc.record({ ...rule, provision: many(fc.record(rule)) })),
  },
};

type Write = { type: string; id: string; resource: JsonObject | undefined };

const write: fc.Arbitrary<Write> = some(...Object.keys(elements)).chain((type) =>
  fc.record({
    type: fc.constant(type),
    id: some('1', '2'),
    // As it would be sent: without what is undefined.
    resource: fc.option(
      fc.record(elements[type] ?? {}).map((fields) => JSON.parse(JSON.stringify({ resourceType: type, ...fields }))),
      { nil: undefined, freq: 8 },
    ),
  }),
);

const batches = fc.array(fc.uniqueArray(write, { maxLength: 6, selector: ({ type, id }) => `${type}/${id}` }), {
  minLength: 1,
  maxLength: 6,
});

async function stored(): Promise<StoredResource[]> {
  const { rows } = await client.query(`select rid, id, updated, content from fhir.resource`);
  return rows.map(({ rid, id, updated, content }) => ({
    type: typeOfRid(Number(rid)) ?? '',
    id,
    rid: Number(rid),
    updated: Number(updated),
    content: content === null ? undefined : JSON.parse(content),
  }));
}

const bound = (value: string | null): number => {
  if (value === '-9223372036854775808') return -Infinity;
  return value === '9223372036854775807' ? Infinity : Number(value);
};

async function grants(now: number): Promise<Map<string, string>> {
  const { rows } = await client.query(
    `select key / 256 as party, key % 256 as kind, patient, source, low, high, data_low, data_high
     from fhir.access_grant where high > $1`,
    [now],
  );
  return new Map(
    rows.map((row) => [
      `${row.party}:${row.kind}:${row.patient}:${row.source}`,
      printed({
        low: bound(row.low),
        high: bound(row.high),
        ...(row.data_low !== null && { data: [bound(row.data_low), bound(row.data_high)] as const }),
      }),
    ]),
  );
}

const sorted = (map: ReadonlyMap<string, string>): [string, string][] =>
  [...map].sort(([one], [other]) => (one < other ? -1 : 1));

let seen = 0;

test('after whatever was written, in whatever order, the grants are those that all that is stored says', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (written) => {
      for (const batch of written) {
        await server.context.store.commit(
          batch.map(({ type, id, resource }) => ({
            type,
            id,
            method: resource ? 2 : 3,
            ...(resource && { resource: { ...resource, id } }),
          })),
        );
      }
      const now = Date.now() * 1000;
      const expected = naiveGrants(await stored(), settings, now);
      seen += expected.size;
      expect(sorted(await grants(now))).toEqual(sorted(expected));
    }),
    { numRuns: 150 },
  );
  expect(seen).toBeGreaterThan(300);
});

test('a date names the same time here as there', async () => {
  const text = fc.oneof(
    fc
      .date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString()),
    fc
      .tuple(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        some(4, 7, 10, 19),
        some('', 'Z', '+08:00', '-11:30', '.5+01:00', '.123Z', ' ', '.Z'),
      )
      .map(([at, length, rest]) => at.toISOString().slice(0, length) + (length === 19 ? rest : '')),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), async (value, isEnd) => {
      fc.pre(!value.includes('\u0000'));
      const { rows } = await client.query('select access.instant($1, $2) as at', [value, isEnd]);
      const at = rows[0]?.at;
      expect(at === null ? undefined : Number(at)).toBe(naiveInstant(value, isEnd));
    }),
    { numRuns: 500 },
  );
});
