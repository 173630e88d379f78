import { type Day, printInstant } from '../dates.ts';
import { conceptOf, type Term } from '../fhir.ts';
import type { Institution } from '../institutions/institution.ts';
import { findings } from '../tables/findings.ts';
import { antenatalWeeks, maternity } from '../tables/maternity.ts';
import { facts, panels } from '../tables/measures.ts';
import { examinations } from '../tables/programmes.ts';
import { type Body, bloodPressureOn } from './body.ts';
import type { Chart } from './chart.ts';
import { addDiagnosis, diagnose } from './diagnose.ts';
import { observe, observeBloodPressure, observeTerm } from './observe.ts';
import { prescribe } from './prescribe.ts';
import { addEpisode } from './programme.ts';
import { report } from './report.ts';
import { openVisit, plannedDay, practitionerReference, type Visit } from './visit.ts';

const yearsOnRecord = 4;
/** Share of married women of childbearing age who are pregnant today: 0.57 % births a year (2025). */
const pregnantToday = 0.05;

/** Pregnancies of a woman: those of the small children with whom she lives, and perhaps one of today. */
export function writeMaternity(chart: Chart, body: Body): void {
  const { person, household, random, now } = chart;
  if (person.sex !== 'female' || person.deathDay !== undefined) return;
  const births = household.members
    .filter(({ mother, birthDay }) => mother === person && birthDay > now - yearsOnRecord * 365)
    .map(({ birthDay }) => birthDay)
    .sort((left, right) => left - right);
  for (const birth of births) new Pregnancy(chart, body, birth - 280 + random.int(-10, 12), birth).write();
  const age = chart.ageAt(now);
  const isFree = births.every((birth) => birth < now - 600);
  if (
    isFree &&
    age >= 22 &&
    age <= 39 &&
    person.spouse !== undefined &&
    person.script === undefined &&
    random.chance(pregnantToday)
  ) {
    new Pregnancy(chart, body, now - random.int(60, 250)).write();
  }
}

class Pregnancy {
  readonly #chart: Chart;
  readonly #body: Body;
  /** First day of the last menstrual period. */
  readonly #lmp: Day;
  readonly #birth: Day | undefined;
  readonly #place: Institution;
  readonly #hasDiabetes: boolean;

  constructor(chart: Chart, body: Body, lmp: Day, birth?: Day) {
    this.#chart = chart;
    this.#body = body;
    this.#lmp = lmp;
    this.#birth = birth;
    const { county } = chart.household.village;
    this.#place = chart.random.chance(0.6) ? county.maternal : county.hospital;
    this.#hasDiabetes = chart.random.chance(0.13) && chart.person.script === undefined;
  }

  write(): void {
    const chart = this.#chart;
    const pregnancy = diagnose(chart, {
      term: maternity.pregnancy,
      onset: this.#lmp,
      resolved: this.#birth,
      recorded: Math.min(this.#lmp + 77, chart.last),
      isProblem: true,
    });
    const end = this.#birth === undefined ? undefined : this.#birth + 42;
    addEpisode(
      chart,
      'maternal',
      Math.min(this.#lmp + 77, chart.last),
      pregnancy,
      end !== undefined && end <= chart.now ? end : undefined,
    );
    for (const week of antenatalWeeks) {
      const day = plannedDay(chart, this.#lmp + week * 7 + chart.random.int(-3, 5));
      if (day <= chart.last && (this.#birth === undefined || day < this.#birth - 3))
        this.#antenatalVisit(day, week, pregnancy.reference ?? '');
    }
    if (this.#birth !== undefined) this.#deliver(this.#birth);
  }

  #antenatalVisit(day: Day, week: number, pregnancy: string): void {
    const chart = this.#chart;
    const { random, household } = chart;
    const at = week === 11 ? household.village.centre : this.#place;
    const visit = openVisit(chart, {
      kind: 'antenatal',
      day,
      at,
      department: 'obstetrics',
      reasons: [maternity.pregnancy],
    });
    addDiagnosis(visit, { reference: pregnancy });
    const weeks = Math.floor((day - this.#lmp) / 7);
    observe(chart, visit, 'gestationalAge', weeks);
    observe(
      chart,
      visit,
      'weight',
      this.#body.bmi * (this.#body.height / 100) ** 2 + Math.max(0, weeks - 10) * 0.42 + random.normal(0, 0.4),
    );
    observeBloodPressure(chart, visit, ...bloodPressureOn(chart, this.#body, [], day));
    if (weeks >= 20) observe(chart, visit, 'fundalHeight', weeks - 2 + random.normal(0, 1));
    if (weeks >= 13) observe(chart, visit, 'fetalHeartRate', random.normal(144, 6));
    this.#testAt(visit, week);
  }

  #testAt(visit: Visit, week: number): void {
    const chart = this.#chart;
    const { random } = chart;
    if (week === 11) {
      observeTerm(chart, visit, examinations.pregnancyRisk, this.#risk(visit.day), 'exam');
      prescribe(chart, visit, 'folicAcid', { days: 60 });
    }
    if (week === 11 || week === 31) observe(chart, visit, 'haemoglobin', random.normal(week === 11 ? 126 : 117, 8));
    if (week >= 23)
      observeTerm(
        chart,
        visit,
        facts.urineProtein,
        random.chance(0.94) ? findings.negative : findings.trace,
        'laboratory',
      );
    if (week === 23) {
      const conclusion = {
        zh: '宫内单活胎，符合孕周，胎儿结构未见明显异常',
        en: 'Single live fetus of the expected size, no structural anomaly seen',
      };
      report(chart, visit, 'OUS', panels.obstetricUltrasound, { conclusion });
    }
    if (week === 25) this.#glucoseTolerance(visit);
  }

  /** 75 g glucose at 24 to 28 weeks: fasting from 5.1 or two hours from 8.5 mmol/L is gestational diabetes. */
  #glucoseTolerance(visit: Visit): void {
    const chart = this.#chart;
    const { random } = chart;
    observe(chart, visit, 'glucose', this.#hasDiabetes ? random.between(5.1, 5.8) : random.between(4, 5));
    observe(chart, visit, 'glucose2h', this.#hasDiabetes ? random.between(8.6, 10.4) : random.between(5.4, 8.3));
    if (!this.#hasDiabetes) return;
    diagnose(chart, {
      term: maternity.gestationalDiabetes,
      onset: visit.day,
      resolved: this.#birth === undefined ? undefined : this.#birth + 42,
      visit,
      recorded: visit.day,
      isProblem: true,
    });
  }

  #risk(day: Day): Term {
    const age = this.#chart.ageAt(day);
    if (age >= 40 || this.#body.bmi >= 28) return maternity.orange;
    return age >= 35 || this.#body.bmi > 25 || this.#body.bmi < 18.5 ? maternity.yellow : maternity.green;
  }

  #deliver(birth: Day): void {
    const chart = this.#chart;
    const { random, last, household } = chart;
    const isCaesarean = random.chance(0.45) && chart.person.script === undefined;
    const term = isCaesarean ? maternity.caesareanDelivery : maternity.delivery;
    const nights = isCaesarean ? 5 : 3;
    const day = birth - random.int(0, 1);
    const visit = openVisit(chart, {
      kind: 'inpatient',
      day,
      at: this.#place,
      department: 'obstetrics',
      reasons: [term],
      nights,
    });
    const condition = diagnose(chart, {
      term,
      onset: birth,
      resolved: birth + 1,
      visit,
      recorded: birth,
      isProblem: false,
    });
    observe(chart, visit, 'haemoglobin', random.normal(115, 8));
    chart.add({
      resourceType: 'Procedure',
      id: chart.nextId(),
      status: 'completed',
      code: conceptOf(isCaesarean ? maternity.caesarean : maternity.vaginalBirth),
      subject: chart.subject,
      encounter: visit.reference,
      performedDateTime: printInstant(birth, random.int(0, 280) * 5),
      performer: [{ actor: practitionerReference(visit.by) }],
      reasonReference: [condition],
    });
    const home = day + nights + random.int(3, 6);
    if (home <= last) this.#postnatal('postnatalVisit', home, household.village.centre);
    const check = plannedDay(chart, birth + 42 + random.int(0, 5));
    if (check <= last) this.#postnatal('postnatalCheck', check, this.#place);
  }

  #postnatal(kind: 'postnatalVisit' | 'postnatalCheck', day: Day, at: Institution): void {
    const chart = this.#chart;
    const visit = openVisit(chart, { kind, day, at, department: 'obstetrics' });
    observe(chart, visit, 'temperature', chart.random.normal(36.6, 0.2));
    observeBloodPressure(chart, visit, ...bloodPressureOn(chart, this.#body, [], day));
    if (kind === 'postnatalCheck') observe(chart, visit, 'weight', this.#body.bmi * (this.#body.height / 100) ** 2 + 4);
  }
}
