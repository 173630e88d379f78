import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Access, AccessVerb } from '#fhir/access/index.ts';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import { nothing } from '#fhir/search/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { grantWorld, patientOf, policyWorld, storeWorld, type WorldItem } from '#testing/policy-world.ts';
import type { CategoryConditions } from './category-conditions.ts';
import { hasSensitivity } from './conditions.ts';
import { type AccessModule, createAccess } from './create-access.ts';
import { type ConsentState, everybody, everyConsent, everyStand, examples, type Stand } from './policy/examples.ts';
import type { Role } from './principal.ts';

const verbs: readonly AccessVerb[] = ['read', 'create', 'update', 'delete'];
/** Only one patient can be oneself. */
const stands = everyStand.flatMap((stand) =>
  (stand === 'self' ? (['silent'] as const) : everyConsent).map((consent) => ({ stand, consent })),
);
const { resources, items } = policyWorld(stands, everybody);
/** Category 0 is everything, 1 mental health. */
const categories: CategoryConditions = {
  conditionOf: (category, type) =>
    category === 0 ? undefined : category === 1 ? hasSensitivity(type, ['PSY']) : nothing,
  isSensitive: (category) => category === 1,
};

let server: TestServer;
let module: AccessModule;
let acting: Role = 'resident';

const accessAs = (role: Role): Promise<Access> =>
  module.accessOf({
    reference: role === 'resident' ? 'Patient/self-silent' : `Practitioner/${role}`,
    display: role,
    role,
    ...(role !== 'resident' && { organization: 'Organization/cardiology' }),
  });

beforeAll(async () => {
  server = await startTestServer({ authenticate: () => accessAs(acting) });
  const { pool, search, store } = server.context;
  module = createAccess({ pool, search, now: Date.now, categories });
  await storeWorld(store, resources);
  await grantWorld(
    pool,
    stands,
    everybody.filter((role) => role !== 'resident'),
  );
});

afterAll(() => server?.stop());

/** By the examples alone. `self` and `proxy` are relations of the resident; who is nobody's patient stands in none. */
function isExpected(role: Role, verb: AccessVerb, { item, stand, consent }: WorldItem): boolean {
  return examples.some(
    (example) =>
      example.as.includes(role) &&
      example.may.includes(verb) &&
      example.with.some((name) => name === item) &&
      example.stand.includes(stand as Stand) &&
      example.consent.includes(consent as ConsentState),
  );
}

const known = items.filter(({ item }) => item !== '-');
const nameOf = ({ item, stand, consent }: WorldItem): string => `${item}; ${stand}; ${consent}`;

async function decided(role: Role, verb: AccessVerb): Promise<string[]> {
  const access = await accessAs(role);
  const { pool, search } = server.context;
  const rids = new Map<string, number>();
  const { rows } = await pool.query<{ rid: string; id: string }>('select rid, id from fhir.resource');
  for (const { rid, id } of rows) rids.set(`${id} ${Math.floor(Number(rid) / 2 ** 36)}`, Number(rid));
  const placed = known.map((one) => ({
    one,
    type: one.type,
    rid: rids.get(`${one.id} ${resourceTypeNumber(one.type)}`) ?? 0,
  }));
  const allowed = await search.readable(pool, (type) => access.conditionOf(verb, type), placed);
  return placed.filter(({ rid }) => allowed.has(rid)).map(({ one }) => nameOf(one));
}

test.each(everybody.flatMap((role) => verbs.map((verb) => [role, verb] as const)))(
  'a %s may %s what the examples say, and nothing else',
  async (role, verb) => {
    const expected = known.filter((one) => isExpected(role, verb, one)).map(nameOf);
    const found = await decided(role, verb);
    expect({
      allowedInSpite: found.filter((name) => !expected.includes(name)),
      refusedInSpite: expected.filter((name) => !found.includes(name)),
    }).toEqual({ allowedInSpite: [], refusedInSpite: [] });
  },
);

test.each(everybody)('a search of a %s finds what a read shows', async (role) => {
  acting = role;
  for (const type of new Set(known.map((one) => one.type))) {
    const expected = known.filter((one) => one.type === type && isExpected(role, 'read', one));
    const ids = known.filter((one) => one.type === type).map(({ id }) => id);
    const answer = await server.get(`/${type}?_id=${ids.slice(0, 400).join(',')}&_count=1000&_total=accurate`);
    if (expected.length === 0 && answer.status === 403) continue;
    expect(answer.status).toBe(200);
    const found = (answer.body.entry ?? [])
      .filter((entry: { search?: { mode: string } }) => entry.search?.mode === 'match')
      .map((entry: { resource: { id: string } }) => entry.resource.id);
    expect({ type, found: found.sort(), total: answer.body.total }).toEqual({
      type,
      found: expected.map(({ id }) => id).sort(),
      total: expected.length,
    });
  }
});

test('a read of one resource is answered or refused as the search decides', async () => {
  acting = 'hospital-physician';
  for (const [stand, status] of [
    ['treating', 200],
    ['stranger', 403],
    ['treated elsewhere', 403],
    ['emergency that is over', 403],
    ['emergency', 200],
  ] as const) {
    const answer = await server.get(`/Condition/c.${patientOf({ stand, consent: 'silent' })}`);
    expect({ stand, status: answer.status }).toEqual({ stand, status });
    if (status === 403) expect(answer.body.resourceType).toBe('OperationOutcome');
  }
});

test('a create is refused once it is written where it may not be', async () => {
  acting = 'hospital-physician';
  const create = (patient: string) =>
    server.send('POST', '/Condition', { resourceType: 'Condition', subject: { reference: `Patient/${patient}` } });
  expect((await create(patientOf({ stand: 'treating', consent: 'silent' }))).status).toBe(201);
  expect((await create(patientOf({ stand: 'stranger', consent: 'silent' }))).status).toBe(403);
});
