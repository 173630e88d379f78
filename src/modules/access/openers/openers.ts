import type { Role } from '../principal.ts';

/**
 * Elements that open records once they are written (migrations/20261128-access-relationships.sql): what they name may be named
 * by those who keep such things, or else only when it is the writer or their institution.
 */
export interface Opener {
  readonly type: string;
  readonly element: string;
  /** Steps to the references, or to the element itself where it must not change at all. */
  readonly path: readonly string[];
  /**
   * `own`: may be named when it is the writer or their institution; `nobody`: only by the keepers; `one`: one of them, of whom
   * the policy decides, and not others beside.
   */
  readonly by: 'own' | 'nobody' | 'one';
  /** Besides the operator, and systems of no institution. */
  readonly keepers: readonly Role[];
  /** Only these types of what is named; all when left out. */
  readonly only?: readonly string[];
  /** Whoever may write the resource first may say it first. */
  readonly mayBegin?: true;
}

export const openers: readonly Opener[] = [
  // Makes a parent act for a child, or one person of two.
  { type: 'Patient', element: 'link', path: ['link'], by: 'nobody', keepers: ['index-clerk', 'system'] },
  {
    type: 'RelatedPerson',
    element: 'patient',
    path: ['patient'],
    by: 'nobody',
    keepers: ['index-clerk', 'system'],
    mayBegin: true,
  },
  {
    type: 'RelatedPerson',
    element: 'relationship',
    path: ['relationship'],
    by: 'nobody',
    keepers: ['index-clerk', 'system'],
    mayBegin: true,
  },
  {
    type: 'Patient',
    element: 'generalPractitioner',
    path: ['generalPractitioner', 'reference'],
    by: 'own',
    keepers: ['index-clerk'],
  },
  {
    type: 'Patient',
    element: 'managingOrganization',
    path: ['managingOrganization', 'reference'],
    by: 'own',
    keepers: ['index-clerk'],
  },
  {
    type: 'Encounter',
    element: 'serviceProvider',
    path: ['serviceProvider', 'reference'],
    by: 'own',
    keepers: [],
  },
  {
    type: 'CareTeam',
    element: 'managingOrganization',
    path: ['managingOrganization', 'reference'],
    by: 'own',
    keepers: [],
  },
  {
    type: 'CareTeam',
    element: 'participant',
    path: ['participant', 'member', 'reference'],
    by: 'own',
    keepers: [],
    only: ['Organization'],
  },
  // Opens the records of all whom it names to the others.
  {
    type: 'Appointment',
    element: 'participant',
    path: ['participant', 'actor', 'reference'],
    by: 'one',
    keepers: [],
    only: ['Patient'],
  },
  {
    type: 'EpisodeOfCare',
    element: 'managingOrganization',
    path: ['managingOrganization', 'reference'],
    by: 'own',
    keepers: [],
  },
];
