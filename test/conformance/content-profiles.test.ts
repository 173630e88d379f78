import { describe, expect, test } from 'vitest';
import { createValidator } from '#fhir/validation/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { generateRegion } from '#population/region.ts';

/** The profiles of content/profiles: what the demonstration region has meets them, what is wrong does not. */
const validator = createValidator({
  policy: { byDefault: 'strict', organisations: [] },
  definitions: { find: async () => new Map() },
  valueSets: undefined,
});

const base = 'http://meridian.health/fhir/StructureDefinition/';

const errorsOf = async (resource: JsonObject, profile: string): Promise<string[]> =>
  (await validator.validate(resource, [base + profile]))
    .filter(({ severity }) => severity === 'error')
    .map(({ diagnostics }) => diagnostics.replace(/ \(http.*\)\.$/, ''));

const residentId = 'urn:oid:2.16.840.1.113883.2.23.1.9.1';

const resident = (value: string, changes: JsonObject = {}): JsonObject => ({
  resourceType: 'Patient',
  identifier: [{ system: residentId, value }],
  name: [{ text: '李娜' }],
  gender: 'female',
  birthDate: '1949-12-31',
  ...changes,
});

describe('the resident', () => {
  test('has a resident id number whose check character is right', async () => {
    expect(await errorsOf(resident('11010519491231002X'), 'resident-patient')).toEqual([]);
    expect(await errorsOf(resident('110105194912310021'), 'resident-patient')).toEqual([
      expect.stringContaining('Patient.identifier[0] breaks res-4'),
    ]);
    expect(await errorsOf(resident('1101051949123'), 'resident-patient')).toEqual([
      expect.stringContaining('breaks res-1'),
      expect.stringContaining('breaks res-3'),
    ]);
  });

  test('was born on the day that the number says', async () => {
    const errors = await errorsOf(resident('11010519491231002X', { birthDate: '1949-12-30' }), 'resident-patient');
    expect(errors).toEqual([expect.stringContaining('Patient breaks res-1')]);
    expect(await errorsOf(resident('11010519491231002X', { birthDate: '1949' }), 'resident-patient')).toEqual([]);
  });

  test('may have another identifier instead, but must have one, and a name, a gender and a birth date', async () => {
    const newborn = resident('', { identifier: [{ system: 'http://example.org/mrn', value: '1' }] });
    expect(await errorsOf(newborn, 'resident-patient')).toEqual([]);
    expect(await errorsOf({ resourceType: 'Patient' }, 'resident-patient')).toHaveLength(4);
  });
});

const pressure = (systolic: JsonObject, diastolic: JsonObject): JsonObject => {
  const loinc = (code: string): JsonObject => ({ coding: [{ system: 'http://loinc.org', code }] });
  const category = 'http://terminology.hl7.org/CodeSystem/observation-category';
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: category, code: 'vital-signs' }] }],
    code: loinc('85354-9'),
    subject: { reference: 'Patient/1' },
    effectiveDateTime: '2024-05-01',
    component: [
      { code: loinc('8480-6'), ...systolic },
      { code: loinc('8462-4'), ...diastolic },
    ],
  };
};

const mmHg = (value: number, code = 'mm[Hg]'): JsonObject => ({
  valueQuantity: { value, unit: code, system: 'http://unitsofmeasure.org', code },
});

describe('the blood pressure', () => {
  test('has two values in mmHg that occur, or says why not', async () => {
    expect(await errorsOf(pressure(mmHg(128), mmHg(82)), 'blood-pressure')).toEqual([]);
    expect(await errorsOf(pressure(mmHg(1280), mmHg(82)), 'blood-pressure')).toEqual([
      expect.stringContaining('must be at most'),
    ]);
    expect(await errorsOf(pressure(mmHg(128), {}), 'blood-pressure')).not.toEqual([]);
    const absent = { dataAbsentReason: { text: 'refused' } };
    expect(await errorsOf(pressure(mmHg(128), absent), 'blood-pressure')).toEqual([]);
  });

  test('is measured in the unit that R4 wants, above the other, and of a patient', async () => {
    expect(await errorsOf(pressure(mmHg(17, 'kPa'), mmHg(82)), 'blood-pressure')).not.toEqual([]);
    expect(await errorsOf(pressure(mmHg(80), mmHg(120)), 'blood-pressure')).toEqual([
      expect.stringContaining('breaks bpr-3'),
    ]);
    const ofGroup = { ...pressure(mmHg(128), mmHg(82)), subject: { reference: 'Group/1' } };
    expect(await errorsOf(ofGroup, 'blood-pressure')).not.toEqual([]);
  });
});

describe('the immunization', () => {
  const immunization = (changes: JsonObject = {}): JsonObject => ({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://meridian.health/fhir/CodeSystem/vaccine', code: 'HepB' }] },
    patient: { reference: 'Patient/1' },
    occurrenceDateTime: '2024-05-01',
    primarySource: true,
    lotNumber: '2024001',
    ...changes,
  });

  test('names the national vaccine, the batch and the day', async () => {
    expect(await errorsOf(immunization(), 'immunization')).toEqual([]);
    const cvx = { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }] };
    expect(await errorsOf(immunization({ vaccineCode: cvx }), 'immunization')).toHaveLength(1);
    const { lotNumber, occurrenceDateTime, ...rest } = immunization();
    expect([lotNumber, occurrenceDateTime]).not.toContain(undefined);
    const errors = await errorsOf({ ...rest, occurrenceString: 'as a child' }, 'immunization');
    expect(errors).toEqual([
      expect.stringContaining('breaks imz-1'),
      expect.stringContaining('must be of the type dateTime'),
    ]);
  });
});

test('the division has its digits, and stands where a place is told', async () => {
  const division = (code: string) => ({
    url: `${base}division`,
    valueCoding: { system: 'http://meridian.health/fhir/CodeSystem/division', code },
  });
  const at = (code: string): JsonObject => ({ resourceType: 'Location', name: 'a', extension: [division(code)] });
  const errors = async (resource: JsonObject) =>
    (await validator.validate(resource)).filter(({ severity }) => severity === 'error').length;
  expect([await errors(at('530423')), await errors(at('53'))]).toEqual([0, 1]);
  expect(await errors({ resourceType: 'Basic', code: { text: 'a' }, extension: [division('530423')] })).toBe(1);
});

test('the demonstration region meets them, and R4', async () => {
  const profiles: Record<string, string> = { Patient: 'resident-patient', Immunization: 'immunization' };
  const wrong: string[] = [];
  let count = 0;
  for (const resource of generateRegion({ seed: 11, residents: 60, now: '2026-11-25' })) {
    const json = resource as unknown as JsonObject;
    const isPressure = JSON.stringify(json.code ?? '').includes('"85354-9"');
    const profile = profiles[resource.resourceType] ?? (isPressure ? 'blood-pressure' : undefined);
    const issues = await validator.validate(json, profile === undefined ? [] : [base + profile]);
    wrong.push(...issues.filter(({ severity }) => severity === 'error').map(({ diagnostics }) => diagnostics));
    count++;
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(1000);
});
