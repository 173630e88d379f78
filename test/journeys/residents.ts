import type { CareTeam, FhirResource, Patient } from 'fhir/r4.js';

type Identified = FhirResource & { id: string };

const dayMs = 86_400_000;
const firstVisit = Date.parse('2012-01-05T01:00:00Z');
const day = (visit: number) => new Date(firstVisit + visit * 21 * dayMs).toISOString().slice(0, 10);

/** A resident of whom nothing is known but who she is. */
export function aResident(id: string, characters: string, pinyin: string): Identified {
  return {
    resourceType: 'Patient',
    id,
    name: [
      { use: 'official', text: characters },
      { use: 'usual', text: pinyin },
    ],
    gender: 'female',
    birthDate: '1955-06-07',
  } satisfies Patient;
}

/** Whom a family doctor looks after: without it, a record is closed to her. */
export function contractOf(patientId: string, doctor: string): Identified {
  return {
    resourceType: 'CareTeam',
    id: `${patientId}-contract`,
    status: 'active',
    subject: { reference: `Patient/${patientId}` },
    period: { start: '2012-01-01' },
    participant: [{ member: { reference: doctor } }],
  } satisfies CareTeam;
}

/** Years of dialysis, say: as many visits as asked for, each with pressure and three values of the laboratory. */
export function manyVisits(patientId: string, count: number): Identified[] {
  return Array.from({ length: count }, (_, visit) => visitWithResults(patientId, visit)).flat();
}

function visitWithResults(patientId: string, visit: number): Identified[] {
  const subject = { reference: `Patient/${patientId}` };
  const id = `${patientId}-visit-${visit}`;
  const encounter = { reference: `Encounter/${id}` };
  const effectiveDateTime = `${day(visit)}T09:00:00+08:00`;
  const performer = [{ display: '松岭县人民医院血液净化中心' }];
  const observed = {
    resourceType: 'Observation' as const,
    status: 'final' as const,
    subject,
    encounter,
    effectiveDateTime,
    performer,
  };
  const value = (
    name: string,
    code: string,
    words: string,
    quantity: number,
    unit: string,
    low: number,
    high: number,
  ) => ({
    ...observed,
    id: `${id}-${name}`,
    code: { coding: [{ system: 'http://loinc.org', code, display: words }], text: words },
    valueQuantity: { value: quantity, unit, code: unit, system: 'http://unitsofmeasure.org' },
    referenceRange: [{ low: { value: low, unit }, high: { value: high, unit } }],
  });
  return [
    {
      resourceType: 'Encounter',
      id,
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject,
      period: { start: effectiveDateTime, end: `${day(visit)}T13:00:00+08:00` },
      reasonCode: [{ text: '慢性肾脏病 5 期' }],
    },
    {
      ...observed,
      id: `${id}-pressure`,
      code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }], text: '血压' },
      component: [
        {
          code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
          valueQuantity: pressure(128 + ((visit * 7) % 34)),
        },
        {
          code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
          valueQuantity: pressure(72 + ((visit * 5) % 24)),
        },
      ],
    },
    value('creatinine', '14682-9', '肌酐', 420 + visit, 'umol/L', 57, 97),
    value('potassium', '2823-3', '血钾', 3.4 + (visit % 25) / 10, 'mmol/L', 3.5, 5.3),
    value('haemoglobin', '718-7', '血红蛋白', 92 + (visit % 20), 'g/L', 115, 150),
  ];
}

const pressure = (value: number) => ({ value, unit: 'mmHg', code: 'mm[Hg]', system: 'http://unitsofmeasure.org' });
