import type { Extension, Patient, PatientContact, PatientLink } from 'fhir/r4.js';
import { addressIn } from '../addresses.ts';
import { ageAt, type Day, printDay, printInstant, yearOf } from '../dates.ts';
import { bareConcept, codedExtension, referTo } from '../fhir.ts';
import { Random } from '../random.ts';
import { systems } from '../systems.ts';
import { educationByBirth, educations, occupationShares, occupations } from '../tables/social.ts';
import { humanNames } from './names.ts';
import type { Household, Person } from './person.ts';

export interface PersonNumbers {
  residentId: string;
  healthRecord: string;
  insurance: string;
}

/** A resident as a Patient, with the people of the household as contacts. */
export function patientOf(
  person: Person,
  household: Household,
  numbers: PersonNumbers,
  links: PatientLink[],
  now: Day,
): Patient {
  const { doctor, village } = household;
  const random = new Random(`${person.id}/social`);
  return {
    resourceType: 'Patient',
    id: person.id,
    extension: socialExtensions(random, person, household, now),
    identifier: [
      {
        use: 'official',
        type: bareConcept(systems.identifierType, 'NI'),
        system: systems.residentId,
        value: numbers.residentId,
      },
      {
        use: 'usual',
        type: bareConcept(systems.identifierType, 'MR'),
        system: systems.healthRecordNumber,
        value: numbers.healthRecord,
      },
      {
        use: 'secondary',
        type: bareConcept(systems.identifierType, 'SN'),
        system: systems.insuranceNumber,
        value: numbers.insurance,
      },
    ],
    active: person.deathDay === undefined,
    name: humanNames(person.name),
    ...(person.phone && { telecom: [{ system: 'phone', use: 'mobile', value: person.phone }] }),
    gender: person.sex,
    birthDate: printDay(person.birthDay),
    ...(person.deathDay !== undefined && { deceasedDateTime: printInstant(person.deathDay, 540) }),
    address: [addressIn(village.division, household.line, 'home')],
    maritalStatus: bareConcept(systems.maritalStatus, maritalStatus(random, person, now)),
    ...contactsOf(person),
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'zh-CN' }] }, preferred: true }],
    generalPractitioner: [referTo('Practitioner', doctor.id, doctor.name.text)],
    managingOrganization: referTo('Organization', village.centre.id, village.centre.name.zh),
    ...(links.length > 0 && { link: links }),
  };
}

function maritalStatus(random: Random, person: Person, now: Day): string {
  const age = ageAt(person.birthDay, now);
  if (person.spouse !== undefined) return person.spouse.deathDay === undefined ? 'M' : 'W';
  if (age < 22) return 'S';
  if (age >= 65) return random.chance(0.85) ? 'W' : 'D';
  return random.chance(age < 30 ? 0.92 : age < 45 ? 0.5 : 0.25) ? 'S' : 'D';
}

const contactRoles = { spouse: 'SPS', mother: 'MTH', father: 'FTH' } as const;

function contactsOf(person: Person): { contact?: PatientContact[] } {
  const contact = (['spouse', 'mother', 'father'] as const).flatMap((role): PatientContact[] => {
    const other = person[role];
    if (other === undefined || other.deathDay !== undefined || other.phone === undefined) return [];
    return [
      {
        relationship: [bareConcept(systems.roleCode, contactRoles[role])],
        name: { use: 'official', text: other.name.text },
        telecom: [{ system: 'phone', use: 'mobile', value: other.phone }],
        gender: other.sex,
      },
    ];
  });
  return contact.length > 0 ? { contact } : {};
}

function socialExtensions(random: Random, person: Person, { village }: Household, now: Day): Extension[] {
  const age = ageAt(person.birthDay, now);
  const extensions = [codedExtension('ethnic-group', person.ethnicGroup.term)];
  if (age < 22) return extensions;
  const shares = educationByBirth.find(([until]) => yearOf(person.birthDay) <= until)?.[1] ?? {};
  const education = random.weighted(Object.entries(shares), ([, share]) => share)[0];
  extensions.push(codedExtension('education', educations[education as keyof typeof educations]));
  if (age >= 65) return extensions;
  const hasDegree = education === 'college' || education === 'bachelor' || education === 'postgraduate';
  const work = Object.entries(occupationShares[hasDegree ? 'degree' : village.isRural ? 'rural' : 'urban']);
  const occupation = random.weighted(work, ([, share]) => share)[0];
  extensions.push(codedExtension('occupation', occupations[occupation as keyof typeof occupations]));
  return extensions;
}
