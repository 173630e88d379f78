import type { CareTeam } from 'fhir/r4.js';
import { addMonths, ageAt, type Day, dayOf, printDay, yearOf } from '../dates.ts';
import { conceptOf, referTo } from '../fhir.ts';
import { staffRoles } from '../tables/staff-roles.ts';
import { uuidOf } from '../uuid.ts';
import type { Household, Person } from './person.ts';

/** The contract with the family doctor's team: one year, from the day of signing (national guidance of 2018). */
export function careTeamOf(person: Person, household: Household, seed: number, now: Day): CareTeam {
  const { doctor, village } = household;
  const signing = dayOf(yearOf(now), 1 + (household.index % 9), 1 + (household.index % 27));
  const start = signing <= now ? signing : addMonths(signing, -12);
  const nurse = village.centre.staff.find(({ role }) => role === 'nurse');
  const villageDoctor = village.clinic.staff.find(({ role }) => role === 'villageDoctor');
  const team = [doctor, nurse, villageDoctor].flatMap((member) => (member === undefined ? [] : [member]));
  return {
    resourceType: 'CareTeam',
    id: uuidOf(seed, `${person.path}/care-team`),
    status: person.deathDay === undefined ? 'active' : 'inactive',
    category: [
      {
        coding: [
          {
            system: 'http://loinc.org',
            code: 'LA28865-6',
            display: 'Longitudinal care-coordination focused care team',
          },
        ],
      },
    ],
    name: ageAt(person.birthDay, now) >= 65 ? '家庭医生签约团队（老年人服务包）' : '家庭医生签约团队',
    subject: referTo('Patient', person.id, person.name.text),
    period: { start: printDay(start), end: printDay(addMonths(start, 12) - 1) },
    participant: team.map((member) => ({
      role: [conceptOf(staffRoles[member.role])],
      member: referTo('Practitioner', member.id, member.name.text),
      onBehalfOf: referTo('Organization', member.institution.id, member.institution.name.zh),
    })),
    managingOrganization: [referTo('Organization', village.centre.id, village.centre.name.zh)],
  };
}
