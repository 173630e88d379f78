import type { Immunization } from 'fhir/r4.js';
import { addMonths, type Day, parseDay, printDay, printInstant, workday, yearOf } from '../dates.ts';
import { bareConcept, codingOf, conceptOf, referTo, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';
import { type ScheduledDose, schedule, type Vaccine, type VaccineKey, vaccines } from '../tables/vaccines.ts';
import type { Chart } from './chart.ts';
import { organizationReference, practitionerReference } from './visit.ts';

/** Doses are on record for children born since the programme of 2008; later ones for everybody. */
const firstRecordedBirthYear = 2009;
/** HPV vaccine joined the programme. */
const hpvStart = parseDay('2025-11-10');

export function writeImmunizations(chart: Chart): void {
  if (yearOf(chart.person.birthDay) >= firstRecordedBirthYear) writeChildhood(chart);
  if (chart.ageAt(chart.last) >= 18 && chart.person.script !== 'single-entry') writeCovid(chart);
  writeSeasonal(chart);
}

/** Days to wait after the previous dose of the same vaccine, where it is more than the 28 of most. */
const minimumInterval: Partial<Record<VaccineKey, number>> = {
  HepB: 60,
  'MPSV-A': 92,
  'MPSV-AC': 366,
  'JE-L': 366,
  HPV: 184,
};

function writeChildhood(chart: Chart): void {
  const { person, random, last } = chart;
  const { birthDay } = person;
  // One family in 30 falls behind; others come within three weeks (assumption; coverage of the programme is above 95 %).
  const isLate = random.chance(0.033) && person.script === undefined;
  const sessions = new Map<number, Day>();
  const previous = new Map<VaccineKey, Day>();
  const refused = new Set<VaccineKey>();
  for (const planned of schedule) {
    if (!belongsTo(planned, chart)) continue;
    const { vaccine, dose, months } = planned;
    let session = sessions.get(months);
    if (session === undefined) {
      const delay = isLate ? random.int(20, 120) : random.int(0, 20);
      session = months === 0 ? birthDay : addMonths(birthDay, months) + delay;
      sessions.set(months, session);
      if (months > 0 && random.chance(0.008)) refused.add(vaccine);
    }
    const earliest =
      (previous.get(vaccine) ?? -Infinity) + (dose === 2 && vaccine === 'HepB' ? 28 : (minimumInterval[vaccine] ?? 28));
    const start = vaccine === 'HPV' ? Math.max(session, hpvStart + (person.birthDay % 60)) : session;
    const day = months === 0 ? birthDay : workday(Math.max(start, earliest));
    previous.set(vaccine, day);
    if (day <= last && !refused.has(vaccine)) immunize(chart, { vaccine, dose, day, site: months < 12 ? 'LT' : 'LA' });
  }
}

function belongsTo({ bornFrom, bornBefore, girlsOnly }: ScheduledDose, { person }: Chart): boolean {
  const birthDate = printDay(person.birthDay);
  if (girlsOnly && person.sex === 'male') return false;
  return (bornFrom === undefined || birthDate >= bornFrom) && (bornBefore === undefined || birthDate < bornBefore);
}

function writeCovid(chart: Chart): void {
  const { random, now, last } = chart;
  if (chart.ageAt(parseDay('2021-05-01')) < 18) return;
  const doses = random.weighted([0, 2, 3] as const, (count) => ({ 0: 10, 2: 22, 3: 68 })[count]);
  let day = parseDay('2021-04-01') + random.int(0, 150);
  for (let dose = 1; dose <= doses; dose++) {
    if (day < last && day < now) immunize(chart, { vaccine: 'covid', dose, day: workday(day), site: 'LA' });
    day += dose === 1 ? random.int(21, 35) : random.int(185, 260);
  }
}

/** Influenza each autumn for some of the old and the small; pneumococcal vaccine once after 65 (coverage assumption). */
function writeSeasonal(chart: Chart): void {
  const { random, last, now, person } = chart;
  const takesPart = person.script === 'rich' || random.chance(0.28);
  if (!takesPart || person.script === 'single-entry') return;
  for (let ago = 3; ago >= 1; ago--) {
    const day = workday(parseDay(`${yearOf(now) - ago}-10-08`) + random.int(0, 50));
    const age = chart.ageAt(day);
    if ((age >= 65 || (age >= 1 && age < 6)) && day <= last)
      immunize(chart, { vaccine: 'influenza', dose: 1, day, site: 'LA' });
  }
  const age = chart.ageAt(last);
  const pneumococcal = addMonths(person.birthDay, 12 * 65) + random.int(60, 900);
  if (age >= 65 && pneumococcal <= last && pneumococcal > now - 3650) {
    immunize(chart, { vaccine: 'PPV23', dose: 1, day: workday(pneumococcal), site: 'LA' });
  }
}

interface Dose {
  vaccine: VaccineKey;
  dose: number;
  day: Day;
  site: 'LA' | 'LT';
}

const sites = {
  LA: termsOf(systems.actSite)('LA', '左上臂', 'Left arm'),
  LT: termsOf(systems.actSite)('LT', '左大腿', 'Left thigh'),
};

function immunize(chart: Chart, { vaccine, dose, day, site }: Dose): void {
  const { random, household } = chart;
  const own: Vaccine = vaccines[vaccine];
  const { centre, county } = household.village;
  const at = day === chart.person.birthDay ? county.hospital : centre;
  const nurse = at.staff.find(({ role }) => role === 'nurse');
  const date = printDay(day);
  const immunization: Immunization = {
    resourceType: 'Immunization',
    id: chart.nextId(),
    status: 'completed',
    vaccineCode: { coding: [codingOf(own.term), { system: own.cvx.system, code: own.cvx.code }], text: own.term.zh },
    patient: chart.subject,
    occurrenceDateTime: printInstant(day, 510 + 5 * random.int(0, 60)),
    primarySource: true,
    location: referTo('Location', at.locationId, at.name.zh),
    lotNumber: `${date.slice(0, 4)}${String(random.int(1, 60)).padStart(3, '0')}`,
    expirationDate: printDay(addMonths(day, 9 + (day % 12))),
    ...(own.route !== 'PO' && { site: conceptOf(sites[site]) }),
    route: bareConcept(systems.routeOfAdministration, own.route),
    doseQuantity: { value: own.doseMl, unit: 'mL', system: systems.ucum, code: 'mL' },
    ...(nurse && { performer: [{ actor: practitionerReference(nurse) }] }),
    protocolApplied: [
      {
        authority: organizationReference(county.diseaseControl),
        doseNumberPositiveInt: dose,
        seriesDosesPositiveInt: own.doses,
      },
    ],
  };
  chart.add(immunization);
}
