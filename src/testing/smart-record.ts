import { createToken } from '#adapters/smart/index.ts';
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

/** Two patients, of whom one has a visit, with three observations. */
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
}
