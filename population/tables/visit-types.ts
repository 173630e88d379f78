import { type Term, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';

const type = termsOf(systems.visitType);

export interface VisitType {
  term: Term;
  /** http://hl7.org/fhir/R4/v3/ActEncounterCode/vs.html */
  class: 'AMB' | 'IMP' | 'HH' | 'VR' | 'EMER';
  minutes: number;
}

export const visitTypes = {
  clinic: { term: type('clinic', '基层门诊', 'Primary care visit'), class: 'AMB', minutes: 15 },
  outpatient: { term: type('outpatient', '门诊', 'Outpatient visit'), class: 'AMB', minutes: 20 },
  emergency: { term: type('emergency', '急诊', 'Emergency visit'), class: 'EMER', minutes: 120 },
  inpatient: { term: type('inpatient', '住院', 'Hospital stay'), class: 'IMP', minutes: 0 },
  followUp: { term: type('follow-up', '慢性病随访', 'Chronic disease follow-up'), class: 'AMB', minutes: 15 },
  homeVisit: { term: type('home-visit', '上门随访', 'Home visit'), class: 'HH', minutes: 30 },
  phone: { term: type('phone', '电话随访', 'Phone follow-up'), class: 'VR', minutes: 8 },
  healthCheck: { term: type('health-check', '健康体检', 'Health check'), class: 'AMB', minutes: 60 },
  childCheck: { term: type('child-check', '儿童健康检查', 'Child health check'), class: 'AMB', minutes: 20 },
  newbornVisit: { term: type('newborn-visit', '新生儿家庭访视', 'Newborn home visit'), class: 'HH', minutes: 40 },
  antenatal: { term: type('antenatal', '产前检查', 'Antenatal visit'), class: 'AMB', minutes: 30 },
  postnatalVisit: { term: type('postnatal-visit', '产后访视', 'Postnatal home visit'), class: 'HH', minutes: 40 },
  postnatalCheck: {
    term: type('postnatal-check', '产后42天检查', 'Postnatal check at 42 days'),
    class: 'AMB',
    minutes: 30,
  },
} as const satisfies Record<string, VisitType>;

export type VisitKind = keyof typeof visitTypes;
