import type { JsonObject } from '#lib/json/index.ts';
import { patientOf, policyWorld, type WorldStand } from '#testing/policy-world.ts';

export type Resource = JsonObject & { resourceType: string; id: string };

export const stands: readonly WorldStand[] = [
  { stand: 'self', consent: 'silent' },
  { stand: 'stranger', consent: 'silent' },
  { stand: 'stranger', consent: 'opened mental health' },
  { stand: 'treating', consent: 'silent' },
  { stand: 'treating', consent: 'closed everything' },
  { stand: 'treated elsewhere', consent: 'revoked' },
  { stand: 'proxy', consent: 'silent' },
  { stand: 'custodian', consent: 'silent' },
  { stand: 'emergency', consent: 'closed everything' },
  { stand: 'case', consent: 'silent' },
  { stand: 'prescription sent here', consent: 'silent' },
];

export const patients = stands.map(patientOf);

const psychiatric = {
  security: [
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' },
    { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' },
  ],
};

/** The world of the policy, with what ties one record to another: where a search could look through a closed door. */
export function leakWorld(actors: readonly string[]): readonly Resource[] {
  const { resources } = policyWorld(stands, actors);
  return [...resources, ...patients.flatMap((patient, index) => tiesOf(patient, at(index + 1), at(index + 3)))];
}

const at = (index: number): string => patients[index % patients.length] ?? '';

function tiesOf(patient: string, next: string, third: string): Resource[] {
  const subject = { reference: `Patient/${patient}` };
  // Nobody but the mental health condition names these two.
  const psychiatrist = {
    resourceType: 'Practitioner',
    id: `psychiatrist.${patient}`,
    name: [{ text: 'Psychiatrist' }],
  };
  const ward = { resourceType: 'Organization', id: `ward.${patient}`, name: 'Ward' };
  return [
    psychiatrist,
    ward,
    {
      resourceType: 'Encounter',
      id: `x.${patient}`,
      meta: psychiatric,
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      subject,
      serviceProvider: { reference: `Organization/${ward.id}` },
      participant: [{ individual: { reference: `Practitioner/${psychiatrist.id}` } }],
      partOf: { reference: `Encounter/e.${next}` },
    },
    {
      resourceType: 'Observation',
      id: `g.${patient}`,
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] },
      valueQuantity: { value: 170 + patient.length, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' },
      subject,
      encounter: { reference: `Encounter/x.${patient}` },
      hasMember: [{ reference: `Observation/b.${next}` }, { reference: `Observation/g.${third}` }],
    },
    {
      resourceType: 'List',
      id: `l.${patient}`,
      status: 'current',
      mode: 'working',
      subject,
      entry: [`Condition/m.${patient}`, `Condition/c.${next}`, `Observation/g.${third}`, `Patient/${next}`].map(
        (reference) => ({ item: { reference } }),
      ),
    },
    {
      resourceType: 'Group',
      id: `u.${patient}`,
      type: 'person',
      actual: true,
      member: [{ entity: subject }, { entity: { reference: `Patient/${next}` } }],
    },
    {
      resourceType: 'Provenance',
      id: `z.${patient}`,
      target: [{ reference: `Condition/m.${patient}` }, { reference: `Observation/g.${next}` }],
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: { reference: `Practitioner/${psychiatrist.id}` } }],
    },
  ];
}
