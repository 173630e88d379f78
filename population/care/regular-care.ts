import type { Reference } from 'fhir/r4.js';
import { addMonths, type Day } from '../dates.ts';
import type { Institution } from '../institutions/institution.ts';
import type { ChronicKey } from '../tables/chronic-conditions.ts';
import type { VisitKind } from '../tables/visit-types.ts';
import { bloodPressureOn, bmiOn } from './body.ts';
import type { Chart } from './chart.ts';
import { addDiagnosis, diagnose } from './diagnose.ts';
import { classify, type Readings } from './follow-up-class.ts';
import type { Health, LongTermCondition } from './health.ts';
import { writeHealthCheck } from './health-check.ts';
import { glucose, lipids, renal } from './laboratory.ts';
import { observe, observeBloodPressure } from './observe.ts';
import { dispense, type Prescription, prescribe } from './prescribe.ts';
import { enrol } from './programme.ts';
import { openVisit, plannedDay, type Visit } from './visit.ts';

/** A change of treatment is judged after this time. */
const daysToWork = 45;
/** How often treatment stays as it is although a little is missing to the goal (assumption). */
const inertia = 0.45;
const glucoseForInsulin = 9.5;
const daysOfDispenses = 200;

const isFar = (key: ChronicKey, { pressure, glucose = 0 }: Readings): boolean =>
  key === 'diabetes' ? glucose >= 8.5 : pressure[0] >= 158 || pressure[1] >= 98;

/** A condition on record, and how many medicines of its ladder were started. */
interface Known {
  condition: LongTermCondition;
  reference: Reference;
  steps: number;
  lastStep?: Day;
}

/** Years of care for long-term conditions: diagnosis, follow-up, treatment by steps, yearly checks. */
export class RegularCare {
  readonly #chart: Chart;
  readonly #health: Health;
  readonly #medicines: Prescription[] = [];
  readonly #known: Known[] = [];
  readonly #isEnrolled: boolean;
  readonly #isSteady: boolean;
  #waiting: LongTermCondition[];
  #checks: Day[];
  #visits = 0;
  #wasUncontrolled = false;
  #lastFollowUp: Day | undefined;

  constructor(chart: Chart, health: Health, checks: readonly Day[]) {
    this.#chart = chart;
    this.#health = health;
    this.#waiting = [...health.conditions];
    this.#checks = [...checks];
    const isScripted = chart.person.script !== undefined;
    this.#isEnrolled = isScripted || chart.random.chance(chart.person.isSigned ? 0.9 : 0.5);
    this.#isSteady = isScripted || chart.random.chance(0.8);
  }

  /** Gives the medicines that the person takes long-term. */
  write(): readonly Prescription[] {
    const { last } = this.#chart;
    let day = this.#firstVisit();
    while (day !== undefined && day <= last) {
      this.#catchUp(day);
      day += this.#followUp(plannedDay(this.#chart, day));
    }
    this.#catchUp(last);
    enrol(this.#chart, this.#known, {
      isEnrolled: this.#isEnrolled,
      last: this.#lastFollowUp,
      wasUncontrolled: this.#wasUncontrolled,
    });
    return this.#medicines;
  }

  /** What was diagnosed and which yearly checks took place before a day. */
  #catchUp(day: Day): void {
    const { body, has } = this.#health;
    for (const condition of this.#waiting.filter(({ onset }) => onset <= day)) this.#diagnose(condition);
    this.#waiting = this.#waiting.filter(({ onset }) => onset > day);
    for (const check of this.#checks.filter((each) => each <= day)) {
      writeHealthCheck({ chart: this.#chart, body, medicines: this.#medicines, has, day: check });
    }
    this.#checks = this.#checks.filter((each) => each > day);
  }

  #firstVisit(): Day | undefined {
    const treated = this.#health.conditions.filter(({ condition }) => condition.programme ?? condition.ladder);
    const [first] = treated;
    if (first === undefined) return undefined;
    const { now, random } = this.#chart;
    return Math.max(first.onset + random.int(14, 60), now - this.#health.recordedDays + random.int(0, 90));
  }

  #diagnose({ key, condition, onset }: LongTermCondition): void {
    const chart = this.#chart;
    // What began before the record was told by the person.
    const isRecent = onset > chart.now - this.#health.recordedDays;
    const county = chart.household.village.county;
    const visit = isRecent
      ? openVisit(chart, {
          kind: 'outpatient',
          day: onset,
          at: county.hospital,
          department: condition.department,
          reasons: [condition.term],
        })
      : undefined;
    const recorded = visit?.day ?? Math.max(onset, addMonths(chart.now, -12 * 12));
    const reference = diagnose(chart, { term: condition.term, onset, visit, recorded, isProblem: true });
    const known = { condition: { key, condition, onset }, reference, steps: 0 };
    this.#known.push(known);
    if (visit === undefined) return;
    this.#measureAtDiagnosis(visit, key);
    this.#startMedicines(known, visit);
  }

  #measureAtDiagnosis(visit: Visit, key: ChronicKey): void {
    const chart = this.#chart;
    const sample = { chart, visit, body: this.#health.body, medicines: this.#medicines };
    if (chart.ageAt(visit.day) >= 35 || key === 'hypertension') this.#measurePressure(visit);
    if (key === 'diabetes') glucose(sample, true);
    if (key === 'hyperlipidaemia' || key === 'coronary' || key === 'stroke') lipids(sample);
    if (key === 'kidneyDisease' || key === 'gout') renal(sample);
  }

  #startMedicines(known: Known, visit: Visit): void {
    const count = known.condition.condition.startWith ?? 0;
    while (known.steps < count) this.#addMedicine(known, visit);
  }

  #addMedicine(known: Known, visit: Visit): void {
    const key = known.condition.condition.ladder?.[known.steps];
    known.steps += 1;
    known.lastStep = visit.day;
    if (key === undefined || this.#medicines.some((each) => each.key === key)) return;
    this.#medicines.push(prescribe(this.#chart, visit, key, { reason: known.reference }));
  }

  /** One follow-up visit for all conditions; gives the days until the next. */
  #followUp(day: Day): number {
    const chart = this.#chart;
    const { kind, at } = this.#wayOf(day);
    const treated = this.#treated();
    const reasons = treated.slice(0, 2).map(({ condition }) => condition.condition.term);
    const by = kind === 'followUp' && at === chart.household.village.centre ? chart.household.doctor : undefined;
    const visit = openVisit(chart, {
      kind,
      day,
      at,
      by,
      department:
        kind === 'outpatient' && at === chart.household.village.county.hospital
          ? (treated[0]?.condition.condition.department ?? 'general')
          : 'general',
      reasons,
    });
    for (const { reference } of treated.slice(0, 3)) addDiagnosis(visit, reference);
    this.#visits += 1;
    this.#lastFollowUp = day;
    if (kind === 'phone') return this.#interval(day);
    for (const known of this.#known) if (known.steps === 0) this.#startMedicines(known, visit);
    this.#measure(visit);
    this.#dispense(visit);
    return this.#interval(day);
  }

  #measure(visit: Visit): void {
    const chart = this.#chart;
    const { body, has } = this.#health;
    const readings: Readings = { pressure: this.#measurePressure(visit) };
    if (this.#visits % 2 === 0) observe(chart, visit, 'heartRate', body.heartRate + chart.random.normal(0, 4));
    if (this.#visits % 3 === 1) this.#weigh(visit);
    const atCentre = visit.at !== chart.household.village.clinic;
    const sample = { chart, visit, body, medicines: this.#medicines };
    if (has.has('diabetes') && this.#isKnown('diabetes'))
      readings.glucose = glucose(sample, atCentre && this.#visits % 2 === 0);
    if (atCentre && this.#visits % 4 === 2 && has.has('hyperlipidaemia')) lipids(sample);
    const classes = classify(
      chart,
      visit,
      readings,
      this.#known.map(({ condition }) => condition),
      this.#isEnrolled,
    );
    this.#treat(visit, classes, readings);
  }

  /** A second uncontrolled visit in a row adds the next medicine of the ladder, unless the last has had no time or little is missing. */
  #treat(visit: Visit, uncontrolled: readonly ChronicKey[], readings: Readings): void {
    const isSecond = this.#wasUncontrolled && uncontrolled.length > 0;
    this.#wasUncontrolled = uncontrolled.length > 0;
    if (!isSecond) return;
    for (const known of this.#known) {
      const { key } = known.condition;
      if (!uncontrolled.includes(key) || visit.day - (known.lastStep ?? 0) < daysToWork) continue;
      if (!isFar(key, readings) && this.#chart.random.chance(inertia)) continue;
      if (
        known.condition.condition.ladder?.[known.steps] === 'insulinGlargine' &&
        (readings.glucose ?? 0) < glucoseForInsulin
      )
        continue;
      this.#addMedicine(known, visit);
      this.#wasUncontrolled = false;
    }
  }

  #measurePressure(visit: Visit): [number, number] {
    const pressure = bloodPressureOn(this.#chart, this.#health.body, this.#medicines, visit.day);
    observeBloodPressure(this.#chart, visit, ...pressure);
    return pressure;
  }

  #weigh(visit: Visit): void {
    const { body } = this.#health;
    if (this.#chart.ageAt(visit.day) < 18) return;
    const bmi = bmiOn(body, visit.day, this.#chart.now) + this.#chart.random.normal(0, 0.2);
    observe(this.#chart, visit, 'weight', bmi * (body.height / 100) ** 2);
    observe(this.#chart, visit, 'bmi', bmi);
  }

  #dispense(visit: Visit): void {
    const { now, random, household } = this.#chart;
    if (visit.day < now - daysOfDispenses) return;
    const pharmacy: Institution = random.chance(0.3) ? household.village.pharmacy : visit.at;
    for (const medicine of this.#medicines) {
      if (random.chance(this.#health.body.adherence)) dispense(this.#chart, medicine, visit.day, 84, pharmacy);
    }
  }

  #wayOf(day: Day): { kind: VisitKind; at: Institution } {
    const { random, household, now } = this.#chart;
    const { clinic, centre, county } = household.village;
    if (!this.#hasProgramme()) return { kind: 'outpatient', at: random.chance(0.5) ? county.hospital : centre };
    const draw = random.next();
    if (draw < 0.08 && day > now - this.#health.quarterlyDays) return { kind: 'phone', at: clinic };
    if (draw < 0.2) return { kind: 'homeVisit', at: clinic };
    return { kind: 'followUp', at: draw < 0.6 ? clinic : centre };
  }

  #interval(day: Day): number {
    const { now, random } = this.#chart;
    if (day < now - this.#health.quarterlyDays) return random.int(320, 400);
    if (!this.#hasProgramme()) return random.int(180, 340);
    if (this.#wasUncontrolled && random.chance(0.7)) return random.int(12, 16);
    return Math.round(random.int(80, 93) * (this.#isSteady ? 1 : random.between(1.1, 2.2)));
  }

  #hasProgramme(): boolean {
    return this.#isEnrolled && this.#known.some(({ condition }) => condition.condition.programme !== undefined);
  }

  #isKnown(key: ChronicKey): boolean {
    return this.#known.some(({ condition }) => condition.key === key);
  }

  /** The treated conditions, those of a programme first. */
  #treated(): Known[] {
    const treated = this.#known.filter(({ condition }) => condition.condition.programme ?? condition.condition.ladder);
    const rank = ({ condition }: Known) => (condition.condition.programme === undefined ? 1 : 0);
    return treated.sort((left, right) => rank(left) - rank(right));
  }
}
