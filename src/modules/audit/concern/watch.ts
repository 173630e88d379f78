import type { Patient, Practitioner, RelatedPerson } from 'fhir/r4.js';
import type { FhirContext } from '#fhir/rest/index.ts';
import { method } from '#fhir/store/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { parseAgent } from '../event.ts';
import { findUnusual, type Human, isSameHuman, isUnusualVolume, type Reasons } from './concern.ts';
import { personToHuman } from './human.ts';
import {
  deleteOldLooks,
  holdWatch,
  insertLooks,
  type Look,
  saveConcern,
  saveWatched,
  selectLooks,
  selectUnwatched,
  selectVolumes,
} from './queries.ts';

type WatchContext = Pick<FhirContext, 'pool' | 'store' | 'search'>;

const blocksAtOnce = 50;

/** Staff whose looks are watched; residents, systems and those who watch are not. */
const watched = new Set([
  'village-doctor',
  'family-doctor',
  'public-health-nurse',
  'hospital-physician',
  'pharmacist',
  'receptionist',
  'cashier',
  'index-clerk',
  'disease-control-officer',
  'insurer',
  'regulator',
  'researcher',
  'administrator',
]);

/** Searches sealed looks for what is unusual; false when there is nothing more, or another process is at it. */
export async function watchOnce(context: WatchContext, timeZone: string): Promise<boolean> {
  return inTransaction(context.pool, async (transaction) => {
    if (!(await holdWatch(transaction))) return false;
    const span = await selectUnwatched(transaction, blocksAtOnce);
    if (!span) return false;
    const looks = (await selectLooks(transaction, span)).map((look) => ({ ...look, actor: parseAgent(look.agent) }));
    const own = looks.filter(({ actor }) => watched.has(actor.role));
    const pairs = own.map(({ day, actor, patient }) => ({ day, agent: actor.reference, patient }));
    const added = await insertLooks(transaction, pairs);
    const hourOf = createHourOf(timeZone);
    for (const [index, look] of own.entries()) {
      const pair = pairs[index];
      if (!pair) continue;
      // An emergency is looked into each time: it may come after a look that was none.
      const isNew = added.has(`${pair.day} ${pair.agent} ${pair.patient}`);
      if (!isNew && look.actor.purpose !== 'ETREAT') continue;
      const reasons = await reasonsOf(context, look, hourOf(look.firstAt));
      if (Object.keys(reasons).length === 0) continue;
      await saveConcern(transaction, {
        ...look,
        ...pair,
        agentDisplay: look.actor.display,
        looks: look.count,
        reasons,
      });
    }
    await watchVolume(transaction, own);
    await deleteOldLooks(transaction);
    await saveWatched(transaction, span);
    return true;
  });
}

type ActorLook = Look & { actor: ReturnType<typeof parseAgent> };

async function watchVolume(
  transaction: Parameters<typeof selectVolumes>[0],
  looks: readonly ActorLook[],
): Promise<void> {
  const byDay = Map.groupBy(looks, ({ day }) => day);
  for (const [day, own] of byDay) {
    const agents = new Map(own.map((look) => [look.actor.reference, look]));
    for (const [agent, { today, before }] of await selectVolumes(transaction, day, [...agents.keys()])) {
      const look = agents.get(agent);
      if (!look || !isUnusualVolume(today, before)) continue;
      const mean = before.length === 0 ? 0 : Math.round(before.reduce((sum, count) => sum + count, 0) / before.length);
      const reasons = { volume: `${today}/${mean}` };
      await saveConcern(transaction, {
        ...look,
        agent,
        agentDisplay: look.actor.display,
        patient: '',
        looks: 0,
        reasons,
      });
    }
  }
}

function createHourOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' });
  return (at) => Number(format.format(at / 1000));
}

async function reasonsOf(context: WatchContext, { actor, patient }: ActorLook, hour: number): Promise<Reasons> {
  const [type = '', id = ''] = actor.reference.split('/');
  const resource = await readAs<Patient>(context, 'Patient', patient);
  if (!resource) return {};
  const person = personToHuman(resource);
  const isRestricted = (resource.meta?.security ?? []).some(({ code }) => code === 'R' || code === 'V');
  const practitioner = type === 'Practitioner' ? await readAs<Practitioner>(context, 'Practitioner', id) : undefined;
  const self = practitioner ? personToHuman(practitioner) : undefined;
  return findUnusual({
    purpose: actor.purpose,
    hour,
    agent: self ? [self, ...(await ownRecords(context, self))] : [],
    patient: person,
    relatives: [...contactsOf(resource), ...(await relativesOf(context, patient))],
    isColleague:
      actor.organization !== undefined && (await isStaffOf(context, person, actor.organization, actor.reference)),
    isRestricted,
  });
}

async function readAs<Type>({ pool, store }: WatchContext, type: string, id: string): Promise<Type | undefined> {
  const row = await store.read(pool, type, id);
  if (!row?.content || row.method === method.delete) return undefined;
  return JSON.parse(row.content) as Type;
}

const greatestMatches = 20;

async function find<Type>({ pool, search, store }: WatchContext, type: string, query: string): Promise<Type[]> {
  const matches = await search.findMatches(pool, { type, query, restriction: undefined }, greatestMatches);
  const rows = await Promise.all(matches.map(({ id }) => store.read(pool, type, id)));
  return rows.flatMap((row) => (row?.content ? [JSON.parse(row.content) as Type] : []));
}

const queryOf = (name: string, values: Iterable<string>): string | undefined => {
  const list = [...values].map((value) => value.replaceAll(/[,|$\\]/g, (character) => `\\${character}`));
  return list.length === 0 ? undefined : `${name}=${encodeURIComponent(list.join(','))}`;
};

/** The records of the same human: those with their phone, if they are them. */
async function ownRecords(context: WatchContext, human: Human): Promise<Human[]> {
  const query = queryOf('phone', human.phones);
  const found = query ? await find<Patient>(context, 'Patient', query) : [];
  return found.map(personToHuman).filter((own) => isSameHuman(own, human));
}

async function relativesOf(context: WatchContext, patient: string): Promise<Human[]> {
  return (await find<RelatedPerson>(context, 'RelatedPerson', `patient=Patient/${encodeURIComponent(patient)}`)).map(
    personToHuman,
  );
}

const contactsOf = ({ contact = [] }: Patient): Human[] =>
  contact.map(({ name, telecom }) => personToHuman({ name: name ? [name] : [], telecom }));

/** Whether a patient is a practitioner who works for the organisation, and another than whoever looks. */
async function isStaffOf(context: WatchContext, person: Human, organization: string, self: string): Promise<boolean> {
  const query = queryOf('phone', person.phones);
  if (!query) return false;
  for (const practitioner of await find<Practitioner>(context, 'Practitioner', query)) {
    if (`Practitioner/${practitioner.id}` === self || !isSameHuman(personToHuman(practitioner), person)) continue;
    const roles = `practitioner=Practitioner/${practitioner.id}&organization=${encodeURIComponent(organization)}`;
    const { pool, search } = context;
    const matches = await search.findMatches(
      pool,
      { type: 'PractitionerRole', query: roles, restriction: undefined },
      1,
    );
    if (matches.length > 0) return true;
  }
  return false;
}
