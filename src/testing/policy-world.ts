import { consentDenial, consentGrant, grantKey, grantKinds } from '#fhir/access/index.ts';
import { resourceTypeNumber } from '#fhir/definitions/index.ts';
import type { Store } from '#fhir/store/index.ts';
import { method } from '#fhir/store/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';

type Resource = JsonObject & { resourceType: string; id: string };

export interface WorldStand {
  readonly stand: string;
  readonly consent: string;
}

export interface WorldItem extends WorldStand {
  readonly item: string;
  readonly type: string;
  readonly id: string;
}

const department = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'dept' }] };
const authority = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'govt' }] };
const psychiatric = [
  { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' },
  { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' },
];
const restricted = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }];

/** The actors work in `cardiology`, a department of `hospital`, which stands under the same authority as `clinic`. */
const organisations: readonly Resource[] = [
  { resourceType: 'Organization', id: 'authority', name: 'Authority', type: [authority] },
  { resourceType: 'Organization', id: 'hospital', name: 'Hospital', partOf: { reference: 'Organization/authority' } },
  ...['cardiology', 'surgery'].map(
    (id): Resource => ({
      resourceType: 'Organization',
      id,
      name: id,
      type: [department],
      partOf: { reference: 'Organization/hospital' },
    }),
  ),
  { resourceType: 'Organization', id: 'clinic', name: 'Clinic', partOf: { reference: 'Organization/authority' } },
  { resourceType: 'Organization', id: 'elsewhere', name: 'Elsewhere' },
];

/** For each way of standing to a patient and each state of consent one patient with one resource of each kind, and one who is restricted. */
export function policyWorld(stands: readonly WorldStand[], actors: readonly string[]) {
  const resources: Resource[] = [...organisations];
  const items: WorldItem[] = [];
  const add = (item: string, { stand, consent }: WorldStand, resource: Resource): void => {
    resources.push(resource);
    items.push({ item, stand, consent, type: resource.resourceType, id: resource.id });
  };
  for (const id of actors) resources.push({ resourceType: 'Practitioner', id, name: [{ text: id }] });
  for (const one of stands) addPatient(one, add);
  const alone = { stand: 'stranger', consent: 'silent' };
  add('Organization', alone, { resourceType: 'Organization', id: 'any', name: 'Any' });
  add('Questionnaire', alone, { resourceType: 'Questionnaire', id: 'any', status: 'active' });
  add('Binary', alone, { resourceType: 'Binary', id: 'any', contentType: 'text/plain', data: 'YQ==' });
  add('AuditEvent', alone, {
    resourceType: 'AuditEvent',
    id: 'any',
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    recorded: '2026-01-01T00:00:00Z',
    agent: [{ requestor: true }],
    source: { observer: { display: 'Test' } },
  });
  add('Subscription', alone, {
    resourceType: 'Subscription',
    id: 'any',
    status: 'off',
    reason: 'test',
    criteria: 'Observation',
    channel: { type: 'rest-hook', endpoint: 'http://localhost/hook' },
  });
  return { resources, items };
}

export const patientOf = ({ stand, consent }: WorldStand): string => `${stand}-${consent}`.replaceAll(' ', '.');
const restrictedOf = (one: WorldStand): string => `restricted.${patientOf(one)}`;

type Add = (item: string, one: WorldStand, resource: Resource) => void;

const subjectOf = (one: WorldStand) => ({ reference: `Patient/${patientOf(one)}` });

function addPatient(one: WorldStand, add: Add): void {
  const patient = patientOf(one);
  const subject = subjectOf(one);
  const born = one.stand === 'proxy of a young child' ? '2024-02-03' : '1970-02-03';
  add('Patient', one, { resourceType: 'Patient', id: patient, birthDate: born });
  add(one.stand === 'self' ? '-' : 'restricted Patient', one, {
    resourceType: 'Patient',
    id: restrictedOf(one),
    meta: { security: restricted },
    birthDate: born,
  });
  add('RelatedPerson', one, { resourceType: 'RelatedPerson', id: `r.${patient}`, patient: subject });
  addConditions(one, add);
  addOrders(one, add);
  add('Observation by oneself', one, {
    resourceType: 'Observation',
    id: `b.${patient}`,
    status: 'final',
    code: { text: 'Weight' },
    subject,
    performer: [{ reference: 'Patient/self-silent' }],
  });
  add('Coverage', one, {
    resourceType: 'Coverage',
    id: `v.${patient}`,
    status: 'active',
    beneficiary: subject,
    payor: [{ display: 'Insurer' }],
  });
  add('Appointment', one, {
    resourceType: 'Appointment',
    id: `a.${patient}`,
    status: 'booked',
    start: '2026-12-01T08:00:00Z',
    end: '2026-12-01T08:10:00Z',
    participant: [{ actor: subject, status: 'accepted' }],
  });
  add('Consent', one, {
    resourceType: 'Consent',
    id: `k.${patient}`,
    status: 'active',
    scope: { text: 'Privacy' },
    category: [{ text: 'Privacy' }],
    patient: subject,
  });
  add('Task', one, { resourceType: 'Task', id: `w.${patient}`, status: 'requested', intent: 'order', for: subject });
  if (one.stand === 'mental health programme') {
    add('-', one, {
      resourceType: 'EpisodeOfCare',
      id: `p.${patient}`,
      meta: { security: psychiatric },
      status: 'active',
      patient: subject,
      managingOrganization: { reference: 'Organization/hospital' },
    });
  }
}

function addConditions(one: WorldStand, add: Add): void {
  const patient = patientOf(one);
  const subject = subjectOf(one);
  const condition = (id: string, rest: JsonObject): Resource => ({
    resourceType: 'Condition',
    id: `${id}.${patient}`.slice(0, 64),
    subject,
    ...rest,
  });
  const encounter = (id: string, organization: string): Resource => ({
    resourceType: 'Encounter',
    id: `${id}.${patient}`,
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject,
    serviceProvider: { reference: `Organization/${organization}` },
  });
  add('Encounter', one, encounter('e', 'elsewhere'));
  add('Encounter here', one, encounter('h', 'surgery'));
  add('Condition', one, condition('c', {}));
  add('Condition of mental health', one, condition('m', { meta: { security: psychiatric } }));
  add(
    'Condition of mental health here',
    one,
    condition('n', { meta: { security: psychiatric }, encounter: { reference: `Encounter/h.${patient}` } }),
  );
}

function addOrders(one: WorldStand, add: Add): void {
  const patient = patientOf(one);
  const order = (id: string, rest: JsonObject): Resource => ({
    resourceType: 'MedicationRequest',
    id: `${id}.${patient}`,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: 'A medicine' },
    subject: subjectOf(one),
    ...rest,
  });
  add('MedicationRequest', one, order('o', {}));
  if (one.stand === 'prescription sent here') {
    const dispenseRequest = { performer: { reference: 'Organization/cardiology' } };
    add('MedicationRequest sent here', one, order('s', { dispenseRequest }));
    // Restricted persons have prescriptions, too.
    add('-', one, { ...order('t', { dispenseRequest }), subject: { reference: `Patient/${restrictedOf(one)}` } });
  }
}

export async function storeWorld(store: Store, resources: readonly Resource[]): Promise<void> {
  for (let from = 0; from < resources.length; from += 500) {
    await store.commit(
      resources.slice(from, from + 500).map((resource) => ({
        type: resource.resourceType,
        id: resource.id,
        method: method.put,
        resource,
      })),
    );
  }
}

interface Grant {
  readonly party: string;
  readonly kind: number;
  readonly isOver?: boolean;
}

const byStand: Readonly<Record<string, readonly Grant[]>> = {
  proxy: [{ party: 'Patient/self-silent', kind: grantKinds.proxy }],
  'proxy of a young child': [{ party: 'Patient/self-silent', kind: grantKinds.proxy }],
  treating: [{ party: 'Organization/cardiology', kind: grantKinds.treating }],
  'treated in another department': [{ party: 'Organization/surgery', kind: grantKinds.treating }],
  'treated elsewhere': [{ party: 'Organization/elsewhere', kind: grantKinds.treating }],
  contract: [{ party: 'actor', kind: grantKinds.contract }],
  referral: [{ party: 'Organization/hospital', kind: grantKinds.referral }],
  consultation: [{ party: 'Organization/hospital', kind: grantKinds.consultation }],
  programme: [{ party: 'Organization/hospital', kind: grantKinds.programme }],
  'mental health programme': [{ party: 'Organization/hospital', kind: grantKinds.programme }],
  custodian: [{ party: 'Organization/hospital', kind: grantKinds.custodian }],
  division: [{ party: 'Organization/clinic', kind: grantKinds.custodian }],
  emergency: [{ party: 'actor', kind: grantKinds.emergency }],
  'emergency that is over': [{ party: 'actor', kind: grantKinds.emergency, isOver: true }],
  case: [{ party: 'actor', kind: grantKinds.case }],
};

const byConsent: Readonly<Record<string, readonly Grant[]>> = {
  'opened everything': [{ party: 'Organization/hospital', kind: consentGrant(0) }],
  'opened mental health': [{ party: 'Organization/hospital', kind: consentGrant(1) }],
  revoked: [{ party: 'Organization/hospital', kind: consentGrant(0), isOver: true }],
  'closed everything': [{ party: 'Organization/hospital', kind: consentDenial(0) }],
};

const patientType = resourceTypeNumber('Patient');
const organizationType = resourceTypeNumber('Organization');

/** Replaces all grants by those of the stands: what the resources themselves have opened is taken away. */
export async function grantWorld(pool: Pool, stands: readonly WorldStand[], actors: readonly string[]): Promise<void> {
  const { rows } = await pool.query<{ rid: string; name: string }>(
    `select rid, (case type when $1::int2 then 'Patient/' when $2::int2 then 'Organization/' else 'Practitioner/' end) || id as name
     from fhir.resource where type = any ($3::int2[])`,
    [patientType, organizationType, [patientType, organizationType, resourceTypeNumber('Practitioner')]],
  );
  const rids = new Map(rows.map(({ rid, name }) => [name, Number(rid)]));
  const rid = (name: string): number => rids.get(name) ?? Number.NaN;
  const grants = stands.flatMap((one) =>
    [...(byStand[one.stand] ?? []), ...(byConsent[one.consent] ?? [])].flatMap(({ party, kind, isOver }) =>
      (party === 'actor' ? actors.map((actor) => `Practitioner/${actor}`) : [party]).flatMap((name) =>
        [patientOf(one), restrictedOf(one)].map(
          (patient) => [grantKey(rid(name), kind), rid(`Patient/${patient}`), isOver] as const,
        ),
      ),
    ),
  );
  await pool.query('delete from fhir.access_grant');
  await pool.query(
    `insert into fhir.access_grant (key, patient, source, high)
     select key, patient, -1, case when is_over then 1 else 9223372036854775807 end
     from unnest($1::int8[], $2::int8[], $3::bool[]) g (key, patient, is_over)`,
    [grants.map(([key]) => key), grants.map(([, patient]) => patient), grants.map(([, , isOver]) => isOver === true)],
  );
}
