import type { Patient } from 'fhir/r4.js';
import { ageAt, type Day, parseDay } from '../dates.ts';
import { planRegion } from '../institutions/region-plan.ts';
import { Random } from '../random.ts';
import type { RegionOptions } from '../region-options.ts';
import { drawHouseholds } from '../residents/households.ts';
import { patientOf } from '../residents/patient.ts';
import type { Household, Person } from '../residents/person.ts';
import { Registry } from '../residents/registry.ts';
import { systems } from '../systems.ts';
import { motherExtension, newbornRecord, twinOf } from './births.ts';
import { registrationErrors } from './errors.ts';
import type { DuplicateRecord } from './record.ts';

export type { DuplicateRecord } from './record.ts';

/** Of the residents, so many have a second record (assumption), and half as many of these a third. */
const secondRecord = 0.25;
const thirdRecord = 0.15;
/** Far more than the three in a hundred of real births, so that there are enough to go wrong. */
const twinShare = 0.12;
const newbornShare = 0.3;

/**
 * The residents of a region as their records lie in the registers of several institutions, with the errors that registration
 * makes, twins, and newborns named after their mothers. Same options, same records.
 */
export function* generateDuplicates({ seed, residents, now }: RegionOptions): Generator<DuplicateRecord> {
  const today = parseDay(now);
  const registry = new Registry();
  for (const household of drawHouseholds(seed, residents, today, planRegion(seed, residents, today).villages)) {
    yield* householdRecords(household, registry, seed, today);
  }
}

function* householdRecords(
  household: Household,
  registry: Registry,
  seed: number,
  now: Day,
): Generator<DuplicateRecord> {
  const ids = new Map<Person, string>();
  for (const member of household.members) {
    const numbers = registry.register(member, household);
    ids.set(member, numbers.residentId);
    const random = new Random(`${seed}/${member.path}/duplicates`);
    const patient = withHomePhone(patientOf(member, household, numbers, [], now), member);
    const motherId = member.mother && ids.get(member.mother);
    const isChild = ageAt(member.birthDay, now) < 14 && member.mother !== undefined && motherId !== undefined;
    const isTwin = isChild && member.name.family !== undefined && random.chance(twinShare);
    yield* recordsOf(isTwin ? withOrder(patient, 1, random) : patient, member, random);
    if (isTwin) yield* recordsOf(withOrder(twinOf(patient, random), 2, random), member, random);
    if (!isChild || !random.chance(newbornShare)) continue;
    const birth = {
      day: member.birthDay,
      motherName: member.mother?.name.text ?? '',
      motherId,
      minute: random.int(0, 1400),
    };
    const orders = isTwin ? [1, 2] : [undefined];
    for (const order of orders) {
      const id = order === 2 ? `${patient.id?.slice(0, -1)}t` : (patient.id ?? '');
      const record = newbornRecord(patient, { ...birth, minute: birth.minute + (order ?? 0) * 9, order });
      yield { person: id, patient: { ...record, id: `${id}-n` }, errors: ['newborn'] };
    }
  }

  function withHomePhone(patient: Patient, member: Person): Patient {
    const mother = member.mother;
    const motherId = mother && ids.get(mother);
    return {
      ...patient,
      ...(!patient.telecom && mother?.phone && { telecom: [{ system: 'phone' as const, value: mother.phone }] }),
      ...(motherId && ageAt(member.birthDay, now) < 14 && { extension: [motherExtension(motherId)] }),
    };
  }
}

/** Most records of twins say so. */
const withOrder = (patient: Patient, order: number, random: Random): Patient =>
  random.chance(0.7) ? { ...patient, multipleBirthInteger: order } : patient;

function* recordsOf(patient: Patient, member: Person, random: Random): Generator<DuplicateRecord> {
  const person = patient.id ?? member.id;
  yield { person, patient, errors: [] };
  if (!random.chance(secondRecord)) return;
  yield again(patient, person, 1, random);
  if (random.chance(thirdRecord)) yield again(patient, person, 2, random);
}

/** The person registers somewhere else. */
function again(patient: Patient, person: string, turn: number, random: Random): DuplicateRecord {
  const errors: string[] = [];
  const first: Patient = {
    ...patient,
    id: `${person}-${turn}`,
    // Other institutions number their records on their own.
    identifier: patient.identifier?.filter(({ system }) => system !== systems.healthRecordNumber),
  };
  let record = first;
  for (const { name, percent, apply } of registrationErrors) {
    if (!random.chance(percent / 100)) continue;
    const changed = apply(record, random);
    if (changed === undefined) continue;
    record = changed;
    errors.push(name);
  }
  return { person, patient: record, errors };
}
