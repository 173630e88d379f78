import type { Reference } from 'fhir/r4.js';
import { addMonths, type Day, printDay } from '../dates.ts';
import { conceptOf, inEnglish, referTo } from '../fhir.ts';
import { programmes } from '../tables/programmes.ts';
import { visitTypes } from '../tables/visit-types.ts';
import type { Chart } from './chart.ts';
import type { LongTermCondition } from './health.ts';
import { organizationReference, practitionerReference } from './visit.ts';

interface Course {
  isEnrolled: boolean;
  last: Day | undefined;
  wasUncontrolled: boolean;
}

/** Enrols the person in the programmes of the known conditions, with a plan that says when the next follow-up is due. */
export function enrol(
  chart: Chart,
  known: readonly { condition: LongTermCondition; reference: Reference }[],
  { isEnrolled, last, wasUncontrolled }: Course,
): void {
  if (!isEnrolled || last === undefined) return;
  const isAlive = chart.person.deathDay === undefined;
  // within 2 weeks when not controlled, else within 3 months (specification of 2017)
  const due = wasUncontrolled ? last + 14 : addMonths(last, 3);
  for (const { condition, reference } of known) {
    const { programme } = condition.condition;
    if (programme === undefined) continue;
    const start = Math.max(condition.onset + 21, addMonths(chart.now, -12 * 9));
    const episode = addEpisode(chart, programme, start, reference);
    if (isAlive) addPlan(chart, programme, { start, due, reference, episode });
  }
}

export function addEpisode(
  chart: Chart,
  programme: keyof typeof programmes,
  start: Day,
  condition: Reference,
  end?: Day,
): Reference {
  const { doctor, village } = chart.household;
  const id = chart.nextId();
  const finish = end ?? chart.person.deathDay;
  chart.add({
    resourceType: 'EpisodeOfCare',
    id,
    status: finish === undefined ? 'active' : 'finished',
    type: [conceptOf(programmes[programme])],
    diagnosis: [{ condition }],
    patient: chart.subject,
    managingOrganization: organizationReference(village.centre),
    period: { start: printDay(start), ...(finish !== undefined && { end: printDay(finish) }) },
    careManager: practitionerReference(doctor),
  });
  return referTo('EpisodeOfCare', id);
}

interface Plan {
  start: Day;
  due: Day;
  reference: Reference;
  episode: Reference;
}

function addPlan(chart: Chart, programme: keyof typeof programmes, { start, due, reference }: Plan): void {
  const { doctor, village } = chart.household;
  const term = programmes[programme];
  chart.add({
    resourceType: 'CarePlan',
    id: chart.nextId(),
    status: 'active',
    intent: 'plan',
    category: [conceptOf(term)],
    title: term.zh,
    _title: inEnglish(term.en),
    subject: chart.subject,
    period: { start: printDay(start) },
    author: practitionerReference(doctor),
    addresses: [reference],
    activity: [
      {
        detail: {
          kind: 'Appointment',
          code: conceptOf(visitTypes.followUp.term),
          status: 'scheduled',
          scheduledPeriod: { end: printDay(due) },
          performer: [organizationReference(village.clinic)],
        },
      },
    ],
  });
}
