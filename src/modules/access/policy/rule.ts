import type { AccessVerb } from '#fhir/access/index.ts';
import type { Role } from '../principal.ts';

/**
 * In which relation the actor stands to a resource. Those of a grant (fhir.access_grant) hold for the actor and, where it is
 * said, for the institution for which they act: the organisation, its departments, and the hospital whose department it is.
 */
export type Relation =
  /** None is needed. */
  | 'anyone'
  /** The client of no institution: it serves the platform as a whole. */
  | 'platform'
  /** The record of the actor. */
  | 'self'
  /** The record of somebody for whom the actor may act. */
  | 'proxy'
  /** The institution treats the patient, or lately has. */
  | 'treating'
  /** The actor or institution is the patient's contracted family doctor. */
  | 'contract'
  | 'referral'
  | 'consultation'
  /** The institution runs a care programme in which the patient is enrolled. */
  | 'programme'
  /** The institution keeps the patient's registration or insurance. */
  | 'custodian'
  /** The actor has broken the glass. */
  | 'emergency'
  /** The actor works on a case that names the patient. */
  | 'case'
  /** The patient is registered in the division of the institution: the branch of the health authority above it. */
  | 'division'
  /** The institution or the actor has recorded it. */
  | 'recorded here'
  /** The actor has recorded it. */
  | 'recorded by oneself'
  /** It names the actor or the institution as one for whom it is meant. */
  | 'addressed'
  /** The patient has a prescription that is to be dispensed by the institution. */
  | 'prescription sent here'
  /** The institution runs the programme of mental health in which the patient is enrolled. */
  | 'mental health programme'
  /** The patient is too young to decide alone. */
  | 'young child'
  /** It names no patient. */
  | 'about nobody'
  /** The patient has consented: to the actor or the institution, for this category of data. */
  | 'consented';

/** `http://terminology.hl7.org/CodeSystem/v3-ActReason` */
export type Purpose =
  | 'TREAT'
  | 'ETREAT'
  | 'CAREMGT'
  | 'PATRQT'
  | 'HPAYMT'
  | 'PUBHLTH'
  | 'HOPERAT'
  | 'HSYSADMIN'
  | 'HRESCH';

/**
 * These roles, when they act for one of these purposes, may do this with resources of these types to which they stand in one of
 * these relations. What no rule allows is refused.
 */
export interface Rule {
  readonly roles: readonly Role[];
  readonly for: readonly Purpose[];
  readonly may: readonly AccessVerb[];
  readonly of: readonly string[];
  readonly when: readonly Relation[];
  /** And in one of these. */
  readonly and?: readonly Relation[];
  /** What carries a label of confidentiality asks for one of these relations besides; not for more, when left out. */
  readonly sensitive?: readonly Relation[];
  /** What the patient has closed to the institution is closed, except in these relations; not heeded, when left out. */
  readonly closed?: readonly Relation[];
}
