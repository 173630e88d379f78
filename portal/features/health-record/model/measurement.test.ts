import type { Observation } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { bandOf, chartedMeasurements, flagIn, type Measurement, observationsToMeasurements } from './measurement.ts';
import { flagAgainst, observationToReading } from './reading.ts';

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });

function observation(code: string, value: number, at: string, more: Partial<Observation> = {}): Observation {
  return {
    resourceType: 'Observation',
    id: `${code}-${at}`,
    status: 'final',
    code: loinc(code),
    effectiveDateTime: at,
    valueQuantity: { value, code: 'mmol/L' },
    ...more,
  };
}

function pressure(systolic: number, diastolic: number, at: string): Observation {
  return {
    ...observation('85354-9', 0, at),
    valueQuantity: undefined,
    component: [
      { code: loinc('8462-4'), valueQuantity: { value: diastolic, code: 'mm[Hg]' } },
      { code: loinc('8480-6'), valueQuantity: { value: systolic, code: 'mm[Hg]' } },
    ],
  };
}

const only = (resource: Observation): Measurement => {
  const [measurement] = observationsToMeasurements([resource]);
  if (measurement === undefined) throw new Error('no measurement');
  return measurement;
};

describe('the reading of an Observation', () => {
  test('keeps value, unit, range and who measured', () => {
    const resource = observation('2823-3', 5.6, '2026-11-22', {
      referenceRange: [{ low: { value: 3.5 }, high: { value: 5.3 } }],
      performer: [{ display: 'laboratory' }],
    });
    expect(observationToReading(resource)).toMatchObject({
      value: 5.6,
      unit: { code: 'mmol/L' },
      range: { low: 3.5, high: 5.3 },
      flag: 'H',
      source: { display: 'laboratory' },
    });
  });

  test('believes the judgement of the laboratory before its own arithmetic', () => {
    const critical = observation('2823-3', 6.8, '2026-11-22', {
      referenceRange: [{ high: { value: 5.3 } }],
      interpretation: [{ coding: [{ code: 'HH' }] }],
    });
    expect(observationToReading(critical)?.flag).toBe('HH');
  });

  test('takes both pressures from their components, in whatever order', () => {
    expect(observationToReading(pressure(152, 88, '2026-08-19'))).toMatchObject({ value: 152, diastolic: 88 });
  });

  test('is none when the entry was struck out, has no date or no value', () => {
    expect(observationToReading(observation('1', 1, '2026', { status: 'entered-in-error' }))).toBeUndefined();
    expect(observationToReading(observation('1', 1, '2026', { effectiveDateTime: undefined }))).toBeUndefined();
    expect(observationToReading(observation('1', 1, '2026', { valueQuantity: undefined }))).toBeUndefined();
  });
});

test.each([
  [3.4, 'L'],
  [3.5, undefined],
  [5.3, undefined],
  [5.4, 'H'],
])('against 3.5 to 5.3, %d is marked %s: bounds belong to the range', (value, flag) => {
  expect(flagAgainst(value, { low: 3.5, high: 5.3 })).toBe(flag);
});

describe('measurements', () => {
  test('gather the readings of a kind, newest first, known kinds before others', () => {
    const measurements = observationsToMeasurements([
      observation('unknown', 1, '2026-10-01'),
      observation('4548-4', 7.9, '2025-05-18'),
      observation('4548-4', 7.4, '2026-05-17'),
      pressure(136, 82, '2026-11-23'),
    ]);
    expect(measurements.map(({ code }) => code)).toEqual(['85354-9', '4548-4', 'unknown']);
    expect(measurements[1]?.readings.map(({ value }) => value)).toEqual([7.4, 7.9]);
    expect(measurements[1]?.latest.value).toBe(7.4);
  });

  test('are drawn when they have several numbers', () => {
    const twice = [observation('4548-4', 7.9, '2025-05-18'), observation('4548-4', 7.4, '2026-05-17')];
    const once = [observation('14771-0', 6, '2026-05-17')];
    expect(chartedMeasurements(observationsToMeasurements([...twice, ...once])).map(({ code }) => code)).toEqual([
      '4548-4',
    ]);
  });
});

describe('the band of a measurement', () => {
  const hba1c = only(
    observation('4548-4', 7.0, '2026-05-17', { referenceRange: [{ low: { value: 4 }, high: { value: 6 } }] }),
  );

  test('is the goal of those who have the disease, the range of the laboratory for others', () => {
    expect(bandOf(hba1c, ['E11.9'])).toEqual({ kind: 'goal', high: 7 });
    expect(bandOf(hba1c, ['I10'])).toEqual({ kind: 'range', low: 4, high: 6 });
  });

  test('marks a goal as missed from the bound on', () => {
    expect(flagIn(hba1c.latest, bandOf(hba1c, ['E11.9']))).toBe('H');
    expect(flagIn({ ...hba1c.latest, value: 6.9 }, bandOf(hba1c, ['E11.9']))).toBeUndefined();
  });

  test.each([
    [139, 89, undefined],
    [140, 80, 'H'],
    [130, 90, 'H'],
  ])('of blood pressure is missed by either: %i/%i is %s', (systolic, diastolic, flag) => {
    const measurement = only(pressure(systolic, diastolic, '2026-11-23'));
    expect(flagIn(measurement.latest, bandOf(measurement, []))).toBe(flag);
  });
});
