import type { Encounter, EncounterParticipant, Reference } from 'fhir/r4.js';
import { type Day, printInstant, workday } from '../dates.ts';
import { bareConcept, codingOf, conceptOf, inEnglish, referTo, type Term } from '../fhir.ts';
import type { Institution, Staff } from '../institutions/institution.ts';
import { elementAt } from '../random.ts';
import { systems } from '../systems.ts';
import { type DepartmentKey, departments } from '../tables/departments.ts';
import { type VisitKind, visitTypes } from '../tables/visit-types.ts';
import type { Chart } from './chart.ts';

export interface VisitPlan {
  kind: VisitKind;
  day: Day;
  at: Institution;
  department: DepartmentKey;
  by?: Staff;
  reasons?: readonly Term[];
  /** Nights in the hospital. */
  nights?: number;
}

/** A contact with care at which facts are recorded. */
export interface Visit {
  day: Day;
  start: string;
  reference: Reference;
  encounter: Encounter;
  at: Institution;
  by: Staff;
}

/** Writes the Encounter and gives what the facts recorded at it refer to. */
export function openVisit(chart: Chart, plan: VisitPlan): Visit {
  const type = visitTypes[plan.kind];
  const by = plan.by ?? clinicianAt(plan.at, plan.department, chart);
  const minute = 480 + 5 * chart.random.int(0, type.class === 'EMER' ? 168 : 100);
  const start = printInstant(plan.day, minute);
  const nights = plan.nights ?? 0;
  const isStaying = nights > 0 && plan.day + nights > chart.last;
  const end = nights > 0 ? printInstant(plan.day + nights, 600) : printInstant(plan.day, minute + type.minutes);
  const id = chart.nextId();
  const encounter: Encounter = {
    resourceType: 'Encounter',
    id,
    status: isStaying ? 'in-progress' : 'finished',
    class: { system: systems.actCode, code: type.class },
    type: [conceptOf(type.term)],
    serviceType: conceptOf(departments[plan.department]),
    subject: chart.subject,
    participant: [participantOf(by)],
    period: isStaying ? { start } : { start, end },
    ...(plan.reasons !== undefined && { reasonCode: plan.reasons.map(conceptOf) }),
    ...(nights > 0 &&
      !isStaying && {
        hospitalization: {
          dischargeDisposition: bareConcept(systems.dischargeDisposition, 'home'),
        },
      }),
    serviceProvider: organizationReference(plan.at),
  };
  chart.add(encounter);
  return { day: plan.day, start, reference: referTo('Encounter', id), encounter, at: plan.at, by };
}

/** A working day for planned care, unless it would lie in the future. */
export function plannedDay(chart: Chart, day: Day): Day {
  const working = workday(day);
  return working <= chart.last ? working : day;
}

/** Who does at a health centre what hospitals have departments for. */
const publicHealth: Partial<Record<DepartmentKey, DepartmentKey>> = {
  childHealth: 'prevention',
  obstetrics: 'prevention',
};

export function clinicianAt(at: Institution, department: DepartmentKey, { random }: Chart): Staff {
  const home =
    at.grade === undefined || !at.kind.code.endsWith('hospital')
      ? (publicHealth[department] ?? department)
      : department;
  const own = at.staff.filter((staff) => staff.department === home);
  if (own.length > 0) return random.pick(own);
  const doctors = at.staff.filter(({ role }) => role !== 'nurse' && role !== 'technician' && role !== 'pharmacist');
  return doctors.length > 0 ? random.pick(doctors) : elementAt(at.staff, 0);
}

const participants = new WeakMap<Staff, EncounterParticipant>();
const practitioners = new WeakMap<Staff, Reference>();
const organizations = new WeakMap<Institution, Reference>();

export function practitionerReference(staff: Staff): Reference {
  return remembered(practitioners, staff, () => ({
    ...referTo('Practitioner', staff.id, staff.name.text),
    _display: inEnglish(staff.name.pinyin.text),
  }));
}

export function organizationReference(institution: Institution): Reference {
  return remembered(organizations, institution, () => ({
    ...referTo('Organization', institution.id, institution.name.zh),
    _display: inEnglish(institution.name.en),
  }));
}

const attender = { coding: [codingOf({ system: systems.participation, code: 'ATND', zh: '接诊', en: 'attender' })] };

function participantOf(staff: Staff): EncounterParticipant {
  return remembered(participants, staff, () => ({ type: [attender], individual: practitionerReference(staff) }));
}

function remembered<Key extends object, Value>(store: WeakMap<Key, Value>, key: Key, create: () => Value): Value {
  let value = store.get(key);
  if (value === undefined) {
    value = create();
    store.set(key, value);
  }
  return value;
}
