import type { Condition, Encounter, FhirResource, Immunization, Observation, Patient, RelatedPerson } from 'fhir/r4.js';
import { describe, expect, it } from 'vitest';
import { ageAt, parseDay } from './dates.ts';
import { generateRegion } from './region.ts';
import { residentIdCheck } from './residents/resident-id.ts';
import { systems } from './systems.ts';

const now = '2026-11-25';
const region = [...generateRegion({ seed: 7, residents: 2000, now })];
const patients = ofType<Patient>('Patient');
const encounters = ofType<Encounter>('Encounter');
const conditions = ofType<Condition>('Condition');
const observations = ofType<Observation>('Observation');
const immunizations = ofType<Immunization>('Immunization');
const patientById = new Map(patients.map((patient) => [`Patient/${patient.id}`, patient]));

describe('2,000 residents', () => {
  it.each([
    ['younger than 7', 0, 6, 3.5, 7.5],
    ['7 to 17', 7, 17, 9, 15],
    ['18 to 44', 18, 44, 31, 40],
    ['45 to 64', 45, 64, 26, 36],
    ['65 and older', 65, 120, 13, 20],
  ])('are %s at the rate of a province today', (_words, from, to, least, most) => {
    expectShare(patients, (patient) => isAged(patient, from, to), least, most);
  });

  it.each([
    ['hypertension of adults', 'I10', 18, 120, 12, 22],
    ['hypertension from 65', 'I10', 65, 120, 38, 58],
    ['hypertension below 30', 'I10', 0, 29, 0, 2],
    ['diabetes of adults', 'E11.9', 18, 120, 4, 9],
    ['diabetes from 65', 'E11.9', 65, 120, 11, 23],
    ['coronary heart disease from 65', 'I25.1', 65, 120, 6, 18],
    ['COPD from 45', 'J44.9', 45, 120, 1, 5],
    ['knee osteoarthritis from 60', 'M17.9', 60, 120, 6, 18],
    ['gout of adults', 'M10.9', 18, 120, 0.5, 3],
    ['depression of adults', 'F32.9', 18, 120, 0.4, 3],
  ])('have %s on record within the band', (_words, code, from, to, least, most) => {
    const ill = new Set(
      conditions.filter((condition) => codeOf(condition) === code).map(({ subject }) => subject.reference),
    );
    const group = patients.filter((patient) => isAged(patient, from, to));
    expectShare(group, ({ id }) => ill.has(`Patient/${id}`), least, most);
  });

  it('have diseases of men in men only, and deliveries in women of childbearing age', () => {
    const subjectsOf = (prefix: string) => conditions.filter((each) => codeOf(each).startsWith(prefix)).map(patientOf);
    expect(subjectsOf('N40').every(({ gender }) => gender === 'male')).toBe(true);
    const deliveries = conditions.filter((each) => /^O8/.test(codeOf(each)));
    expect(deliveries.length).toBeGreaterThan(15);
    for (const delivery of deliveries) {
      const mother = patientOf(delivery);
      const age = ageAt(parseDay(mother.birthDate ?? ''), parseDay(delivery.onsetDateTime ?? ''));
      expect([mother.gender, age >= 17 && age <= 46]).toEqual(['female', true]);
    }
  });

  it('have id numbers that fit the person, none twice, and record numbers of 17 digits', () => {
    const numbers = patients.map((patient) => identifierOf(patient, systems.residentId));
    expect(new Set(numbers).size).toBe(patients.length);
    for (const patient of patients) {
      const number = identifierOf(patient, systems.residentId);
      expect(number.slice(6, 14)).toBe(patient.birthDate?.replaceAll('-', ''));
      expect(Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female').toBe(patient.gender);
      expect(residentIdCheck(number.slice(0, 17))).toBe(number.charAt(17));
      expect(identifierOf(patient, systems.healthRecordNumber)).toMatch(/^\d{17}$/);
      for (const { value } of patient.telecom ?? []) expect(value).toMatch(/^1[3-9]\d{9}$/);
    }
    expect(new Set(patients.map((patient) => identifierOf(patient, systems.healthRecordNumber))).size).toBe(
      patients.length,
    );
  });

  it('receive no care before birth, after death or in the future', () => {
    for (const { subject, period } of encounters) {
      const patient = patientById.get(subject?.reference ?? '');
      const end = patient?.deceasedDateTime?.slice(0, 10) ?? now;
      const start = period?.start?.slice(0, 10) ?? '';
      const finish = period?.end?.slice(0, 10) ?? start;
      expect([start >= (patient?.birthDate ?? ''), finish >= start, finish < end]).toEqual([true, true, true]);
    }
    for (const { patient, occurrenceDateTime = '' } of immunizations) {
      const { birthDate = '', deceasedDateTime = now } = patientById.get(patient.reference ?? '') ?? {};
      expect(
        occurrenceDateTime.slice(0, 10) >= birthDate &&
          occurrenceDateTime.slice(0, 10) <= deceasedDateTime.slice(0, 10),
      ).toBe(true);
    }
  });

  it('are alive in the weeks before today: somebody is seen almost daily, and some follow-ups are overdue', () => {
    const days = new Set(
      encounters.map(({ period }) => period?.start?.slice(0, 10) ?? '').filter((day) => day > '2026-10-25'),
    );
    expect(days.size).toBeGreaterThan(18);
    const due = region.flatMap((each) =>
      each.resourceType === 'CarePlan' ? (each.activity?.[0]?.detail?.scheduledPeriod?.end ?? '') : [],
    );
    const overdue = due.filter((day) => day < now).length / due.length;
    expect(overdue).toBeGreaterThan(0.08);
    expect(overdue).toBeLessThan(0.4);
  });

  it('die at the rate of a province: 5 to 12 of a thousand a year', () => {
    const dead = patients.filter(({ deceasedDateTime }) => deceasedDateTime !== undefined).length;
    expect(dead / patients.length / 3).toBeGreaterThan(0.004);
    expect(dead / patients.length / 3).toBeLessThan(0.013);
  });
});

describe('families', () => {
  it('have parents who are 17 to 55 years older than their children', () => {
    const parents = ofType<RelatedPerson>('RelatedPerson');
    expect(parents.length).toBeGreaterThan(300);
    for (const { patient, birthDate = '' } of parents) {
      const child = patientById.get(patient.reference ?? '');
      const years = ageAt(parseDay(birthDate), parseDay(child?.birthDate ?? ''));
      expect(years).toBeGreaterThanOrEqual(17);
      expect(years).toBeLessThanOrEqual(55);
    }
  });

  it('know the mother of a small child as a patient and as the child’s related person', () => {
    const mothers = ofType<RelatedPerson>('RelatedPerson').filter(
      (each) => each.relationship?.[0]?.coding?.[0]?.code === 'MTH',
    );
    for (const mother of mothers) {
      const own = patients.find(
        (patient) => identifierOf(patient, systems.residentId) === mother.identifier?.[0]?.value,
      );
      expect(own?.link?.map(({ other }) => other.reference)).toContain(`RelatedPerson/${mother.id}`);
    }
  });

  it('have 2 to 3 members on average, and everybody in one', () => {
    const groups = region.flatMap((each) => (each.resourceType === 'Group' ? [each.member?.length ?? 0] : []));
    expect(groups.reduce((sum, size) => sum + size, 0)).toBe(2000);
    expect(2000 / groups.length).toBeGreaterThan(2);
    expect(2000 / groups.length).toBeLessThan(3);
  });
});

describe('measurements', () => {
  it('have a diastolic pressure below the systolic one, and mostly controlled last values of managed people', () => {
    const lastClass = new Map<string, string>();
    for (const { code, component, subject, valueCodeableConcept } of observations) {
      const [systolic = 0, diastolic = 0] = component?.map(({ valueQuantity }) => valueQuantity?.value ?? 0) ?? [
        120, 80,
      ];
      expect(systolic - diastolic).toBeGreaterThanOrEqual(20);
      if (code.coding?.[0]?.code === 'hypertension-follow-up-class') {
        lastClass.set(subject?.reference ?? '', valueCodeableConcept?.coding?.[0]?.code ?? '');
      }
    }
    expectShare([...lastClass.values()], (value) => value === '1', 48, 82);
  });

  it.each([
    ['8302-2', 45, 200],
    ['29463-7', 2, 140],
    ['39156-5', 12, 42],
    ['8867-4', 45, 120],
    ['8310-5', 35.5, 41],
    ['14771-0', 3.5, 20],
    ['4548-4', 4, 14],
    ['14682-9', 25, 300],
    ['98979-8', 15, 160],
    ['718-7', 60, 200],
    ['22748-8', 0.5, 7],
  ])('of LOINC %s lie between %d and %d with unit, and are marked when out of range', (code, least, most) => {
    const values = observations.filter((observation) => observation.code.coding?.[0]?.code === code);
    expect(values.length).toBeGreaterThan(10);
    for (const { valueQuantity, referenceRange, interpretation } of values) {
      const value = valueQuantity?.value ?? Number.NaN;
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
      expect(valueQuantity?.system).toBe(systems.ucum);
      const { low, high } = referenceRange?.[0] ?? {};
      const flag = value > (high?.value ?? Infinity) ? 'H' : value < (low?.value ?? -Infinity) ? 'L' : undefined;
      expect(interpretation?.[0]?.coding?.[0]?.code).toBe(flag);
    }
  });

  it('of HbA1c fall under treatment', () => {
    const byPatient = Map.groupBy(
      observations.filter(({ code }) => code.coding?.[0]?.code === '4548-4'),
      ({ subject }) => subject?.reference,
    );
    const courses = [...byPatient.values()]
      .map((values) => values.toSorted(byTime))
      .filter((values) => values.length >= 3);
    const falls = courses.map(
      (values) => (values[0]?.valueQuantity?.value ?? 0) - (values.at(-1)?.valueQuantity?.value ?? 0),
    );
    expect(falls.length).toBeGreaterThan(20);
    expect(falls.reduce((sum, fall) => sum + fall, 0) / falls.length).toBeGreaterThan(0.3);
  });
});

describe('immunisations', () => {
  it('cover children of 2 to 5 years with the first MMR', () => {
    const given = new Set(
      immunizations
        .filter(({ vaccineCode }) => vaccineCode.coding?.[0]?.code === 'MMR')
        .map(({ patient }) => patient.reference),
    );
    const children = patients.filter((patient) => isAged(patient, 2, 5));
    expectShare(children, ({ id }) => given.has(`Patient/${id}`), 92, 100);
  });

  it('give no dose before its age, and doses of a vaccine in their order', () => {
    const byDose = Map.groupBy(
      immunizations,
      ({ patient, vaccineCode }) => `${patient.reference} ${vaccineCode.coding?.[0]?.code}`,
    );
    for (const [key, doses] of byDose) {
      const numbers = doses.toSorted((left, right) =>
        (left.occurrenceDateTime ?? '') < (right.occurrenceDateTime ?? '') ? -1 : 1,
      );
      const order = numbers.map(({ protocolApplied }) => protocolApplied?.[0]?.doseNumberPositiveInt ?? 0);
      if (!key.endsWith('IIV')) expect(order).toEqual(order.toSorted((left, right) => left - right));
      if (!key.endsWith('MMR')) continue;
      const birthDay = parseDay(patientById.get(key.split(' ')[0] ?? '')?.birthDate ?? '');
      for (const { occurrenceDateTime = '' } of doses)
        expect(parseDay(occurrenceDateTime) - birthDay).toBeGreaterThanOrEqual(240);
    }
  });

  it('give HPV vaccine to girls only, from 10 November 2025', () => {
    const doses = immunizations.filter(({ vaccineCode }) => vaccineCode.coding?.[0]?.code === 'HPV2');
    expect(doses.length).toBeGreaterThan(0);
    for (const { patient, occurrenceDateTime = '' } of doses) {
      expect(patientById.get(patient.reference ?? '')?.gender).toBe('female');
      expect(occurrenceDateTime >= '2025-11-10').toBe(true);
    }
  });
});

describe('medicines', () => {
  it('of allergic people spare what they do not tolerate', () => {
    const allergic = new Set(
      region.flatMap((each) =>
        each.resourceType === 'AllergyIntolerance' && codeOf(each) === '91936005' ? [each.patient.reference] : [],
      ),
    );
    const amoxicillin = region.flatMap((each) =>
      each.resourceType === 'MedicationRequest' && each.medicationCodeableConcept?.coding?.[0]?.code === 'J01CA04'
        ? [each.subject.reference]
        : [],
    );
    expect(allergic.size).toBeGreaterThan(5);
    expect(amoxicillin.filter((reference) => allergic.has(reference))).toEqual([]);
  });

  it('of the dead are stopped', () => {
    const active = region.flatMap((each) =>
      each.resourceType === 'MedicationRequest' && each.status === 'active' ? [each.subject.reference ?? ''] : [],
    );
    expect(active.length).toBeGreaterThan(100);
    expect(active.filter((reference) => patientById.get(reference)?.deceasedDateTime)).toEqual([]);
  });
});

function ofType<Type extends FhirResource>(type: Type['resourceType']): Type[] {
  return region.filter((resource): resource is Type => resource.resourceType === type);
}

function isAged({ birthDate = '' }: Patient, from: number, to: number): boolean {
  const age = ageAt(parseDay(birthDate), parseDay(now));
  return age >= from && age <= to;
}

function expectShare<Item>(items: readonly Item[], has: (item: Item) => boolean, least: number, most: number): void {
  const percent = (100 * items.filter(has).length) / items.length;
  expect(percent).toBeGreaterThanOrEqual(least);
  expect(percent).toBeLessThanOrEqual(most);
}

function codeOf({ code }: Pick<Condition, 'code'>): string {
  return code?.coding?.[0]?.code ?? '';
}

function patientOf({ subject }: Condition): Patient {
  const patient = patientById.get(subject.reference ?? '');
  if (patient === undefined) throw new Error(`${subject.reference} is not in the region`);
  return patient;
}

function identifierOf({ identifier }: Patient, system: string): string {
  return identifier?.find((each) => each.system === system)?.value ?? '';
}

function byTime(left: Observation, right: Observation): number {
  return (left.effectiveDateTime ?? '') < (right.effectiveDateTime ?? '') ? -1 : 1;
}
