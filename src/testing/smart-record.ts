import { createToken } from '#adapters/smart/index.ts';
import { type GrantKind, grantKey, grantKinds } from '#fhir/access/index.ts';
import { Browser, type SmartServer } from './smart-server.ts';

const observation = (id: string, patient: string, category: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
  subject: { reference: `Patient/${patient}` },
});

const record = [
  { resourceType: 'Patient', id: 'chen', name: [{ text: 'Chen' }] },
  { resourceType: 'Patient', id: 'wang', name: [{ text: 'Wang' }] },
  { resourceType: 'Practitioner', id: 'doctor', name: [{ text: 'Lin' }] },
  { resourceType: 'Organization', id: '1', name: 'County hospital' },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: 'Patient/chen' },
  },
  observation('chen-laboratory', 'chen', 'laboratory'),
  observation('chen-vital', 'chen', 'vital-signs'),
  observation('wang-laboratory', 'wang', 'laboratory'),
];

/** A token with which tests do what nobody asked for. */
export const operatorToken = ({ fhir }: SmartServer): Promise<string> =>
  createToken(fhir, 'test', {
    principal: { reference: 'operator', display: 'Operator at the machine', role: 'operator' },
    minutes: 60,
  });

/** Two patients, of whom one has a visit, with three observations; the doctor treats both, and the hospital keeps them. */
export async function fillRecord(server: SmartServer): Promise<void> {
  const authorization = `Bearer ${await operatorToken(server)}`;
  for (const resource of record) {
    const { status, text } = await new Browser(server).visit(`/fhir/${resource.resourceType}/${resource.id}`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/fhir+json' },
      payload: JSON.stringify(resource),
    });
    if (status !== 201) throw new Error(text);
  }
  for (const patient of ['chen', 'wang']) {
    await relate(server, 'Practitioner/doctor', 'treating', `Patient/${patient}`);
    await relate(server, 'Organization/1', 'custodian', `Patient/${patient}`);
  }
}

/** Lets a party stand in a relationship to a patient. */
async function relate({ fhir }: SmartServer, party: string, kind: GrantKind, patient: string): Promise<void> {
  const ridOf = async (reference: string) => {
    const [type = '', id = ''] = reference.split('/');
    return (await fhir.store.read(fhir.pool, type, id))?.rid ?? Number.NaN;
  };
  await fhir.pool.query('insert into fhir.access_grant (key, patient, source) values ($1, $2, -1)', [
    grantKey(await ridOf(party), grantKinds[kind]),
    await ridOf(patient),
  ]);
}
