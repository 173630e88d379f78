import { consentDenial, consentGrant, grantKey, grantKinds } from '#fhir/access/index.ts';
import { searchParameter } from '#fhir/indexing/index.ts';
import { type Condition, nothing, ofPatients, openUnder, patientPaths } from '#fhir/search/index.ts';
import type { CategoryConditions } from './category-conditions.ts';
import {
  aboutNobody,
  both,
  either,
  hasSensitivity,
  hasToken,
  isNever,
  isRestricted,
  partsOf,
  refersTo,
  through,
  unless,
} from './conditions.ts';
import type { Relation } from './policy/index.ts';
import { everyone, type Party, type Standing } from './standing.ts';

/** Whoever asks, and what is known of the categories of data. */
export interface Asker {
  readonly standing: Standing;
  readonly hasInstitution: boolean;
  readonly categories: CategoryConditions;
  /** Born after this day (milliseconds since 1970 UTC), a child does not decide alone. */
  readonly youngSince: number;
}

/** Parameters by which a resource says who has written, done or answers for it. */
const recorders = [
  'performer',
  'author',
  'requester',
  'recorder',
  'asserter',
  'source',
  'organization',
  'care-manager',
  'prescriber',
  'managing-entity',
  'sender',
  'assessor',
  'operator',
  'interpreter',
  'provider',
  'enterer',
  'issuer',
  'collector',
  'supplier',
  'custodian',
  'reporter',
  'performer-actor',
  'performing-organization',
  'requestor',
  'practitioner',
];
/** Whoever takes part in a visit does not own it: it is that of the institution. */
const recordersOfVisits = ['service-provider'];
const addressees = ['owner', 'requester', 'recipient', 'actor', 'intended-dispenser', 'intended-performer'];

const ofActor = { emergency: grantKinds.emergency, case: grantKinds.case, proxy: grantKinds.proxy } as const;
const ofInstitution = {
  treating: grantKinds.treating,
  contract: grantKinds.contract,
  referral: grantKinds.referral,
  consultation: grantKinds.consultation,
  programme: grantKinds.programme,
  custodian: grantKinds.custodian,
} as const;

/**
 * The resources of a type to which the asker stands in one of these relations; undefined for all. Grants are asked for at
 * the time 0: atTime puts the time in.
 */
export function related(asker: Asker, type: string, relations: readonly Relation[]): Condition | undefined {
  const keys = relations.flatMap((relation) => keysOf(asker, relation));
  const granted = withoutPeriod(openUnder(type, [...new Set(keys)], 0));
  const others = relations.filter((relation) => !(relation in ofActor) && !(relation in ofInstitution));
  return either([granted, ...others.map((relation) => byRelation(asker, type, relation))]);
}

/** What a relationship opens, it opens whatever the date: only consents speak of periods of data. */
const withoutPeriod = (condition: Condition): Condition =>
  condition.is === 'granted' ? { ...condition, dates: [] } : condition;

function keysOf({ standing }: Asker, relation: Relation): bigint[] {
  const { self, institution, division } = standing;
  if (relation in ofActor) return self ? [grantKey(self.rid, ofActor[relation as keyof typeof ofActor])] : [];
  if (relation === 'division') return division.map(({ rid }) => grantKey(rid, grantKinds.custodian));
  if (!(relation in ofInstitution)) return [];
  const kind = ofInstitution[relation as keyof typeof ofInstitution];
  return [...(self ? [self] : []), ...institution].map(({ rid }) => grantKey(rid, kind));
}

function byRelation(asker: Asker, type: string, relation: Relation): Condition | undefined {
  const { standing, hasInstitution } = asker;
  switch (relation) {
    case 'anyone':
      return undefined;
    case 'platform':
      return hasInstitution ? nothing : undefined;
    case 'self':
      return standing.self?.reference.startsWith('Patient/')
        ? ofPatients(type, [partsOf(standing.self.reference).id])
        : nothing;
    case 'division':
      return standing.isEverywhere ? undefined : nothing;
    case 'recorded here':
      return recordedBy(type, parties(standing));
    case 'recorded by oneself':
      return refersTo(type, recorders, oneself(standing));
    case 'addressed':
      return refersTo(type, addressees, parties(standing));
    case 'prescription sent here':
      return withPrescription(asker, type);
    case 'mental health programme':
      return inMentalHealthProgramme(asker, type);
    case 'young child':
      return ofYoungChild(asker, type);
    case 'about nobody':
      return aboutNobody(type);
    case 'consented':
      return consented(asker, type);
    default:
      return nothing;
  }
}

/** Of the patient, a prescription that is still good names the asker's institution as the one to dispense it. */
function withPrescription({ standing }: Asker, type: string): Condition {
  const sent = refersTo('MedicationRequest', ['intended-dispenser'], parties(standing));
  const good = hasToken('MedicationRequest', 'status', '', ['active', 'on-hold']);
  const prescription = both([sent, good]);
  if (prescription === undefined || isNever(prescription)) return nothing;
  const paths = patientPaths('MedicationRequest');
  return ofPatient(type, {
    is: 'reverse',
    paths,
    type: 'MedicationRequest',
    target: 'Patient',
    condition: prescription,
  });
}

const parties = (standing: Standing): Party[] => [...oneself(standing), ...standing.institution];

const oneself = ({ self }: Standing): Party[] => (self ? [self] : []);

function recordedBy(type: string, who: readonly Party[]): Condition {
  if (type === 'Encounter') return refersTo(type, recordersOfVisits, who);
  const visit = refersTo('Encounter', recordersOfVisits, who);
  const place = (target: string, code: string): Condition =>
    through(type, ['actor'], target, refersTo(target, [code], who));
  const own = either([
    refersTo(type, recorders, who),
    through(type, ['encounter', 'context'], 'Encounter', visit),
    ...(type === 'Appointment' || type === 'AppointmentResponse'
      ? [
          place('Location', 'organization'),
          place('HealthcareService', 'organization'),
          place('PractitionerRole', 'organization'),
        ]
      : []),
  ]);
  return own ?? nothing;
}

/** Of the patient, an episode that carries the label of mental health is open with the institution. */
function inMentalHealthProgramme({ standing }: Asker, type: string): Condition {
  if (!standing.hasProgramme) return nothing;
  const patient = searchParameter('EpisodeOfCare', 'patient');
  const paths = patient?.branches.map(({ path }) => path) ?? [];
  const managed = refersTo('EpisodeOfCare', ['organization', 'care-manager'], parties(standing));
  const active = hasToken('EpisodeOfCare', 'status', '', ['active', 'waitlist', 'planned', 'onhold']);
  const episode = both([hasSensitivity('EpisodeOfCare', ['PSY']), active, managed]);
  if (episode === undefined || isNever(episode)) return nothing;
  const enrolled: Condition = { is: 'reverse', paths, type: 'EpisodeOfCare', target: 'Patient', condition: episode };
  return both([hasSensitivity(type, ['PSY']), ofPatient(type, enrolled)]) ?? nothing;
}

function ofYoungChild({ youngSince }: Asker, type: string): Condition {
  const paths = (searchParameter('Patient', 'birthdate')?.branches ?? []).map(({ path }) => path);
  const from = youngSince * 1000;
  return ofPatient(type, { is: 'date', paths, test: { prefix: 'ge', from, to: from } });
}

function ofPatient(type: string, patient: Condition): Condition {
  if (type === 'Patient') return patient;
  const paths = patientPaths(type);
  return paths.length === 0 ? nothing : { is: 'chain', paths, type: 'Patient', condition: patient };
}

const categoryOfGrant = (kind: number): number => kind - consentGrant(0);
const categoryOfDenial = (kind: number): number => kind - consentDenial(0);
const isGrant = (kind: number): boolean => kind < consentDenial(0);

const underConsent = ({ standing }: Asker, type: string, kind: number): Condition =>
  openUnder(
    type,
    [...(standing.self ? [standing.self] : []), ...standing.institution, everyone].map(({ rid }) =>
      grantKey(rid, kind),
    ),
    0,
  );

/** What the patient has opened to the asker. What is sensitive opens only where it is named: `everything` is not enough. */
function consented(asker: Asker, type: string): Condition | undefined {
  const { categories, standing } = asker;
  return either(
    standing.consentKinds.filter(isGrant).map((kind) => {
      const category = categoryOfGrant(kind);
      return both([
        underConsent(asker, type, kind),
        type === 'Patient' ? undefined : categories.conditionOf(category, type),
        type === 'Patient' || categories.isSensitive(category) ? undefined : unless(isRestricted(type)),
      ]);
    }),
  );
}

/** What the patient has closed to the asker. */
export function closed(asker: Asker, type: string): Condition | undefined {
  const { categories, standing } = asker;
  return either(
    standing.consentKinds
      .filter((kind) => !isGrant(kind))
      .map((kind) => both([underConsent(asker, type, kind), categories.conditionOf(categoryOfDenial(kind), type)])),
  );
}
