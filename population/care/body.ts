import { type Day, monthOf } from '../dates.ts';
import type { Random } from '../random.ts';
import type { Sex } from '../residents/names.ts';
import type { ChronicKey } from '../tables/chronic-conditions.ts';
import type { Chart } from './chart.ts';
import type { Prescription } from './prescribe.ts';

/** What a person's measurements come to without medicines; set once, then moved by time, treatment and chance. */
export interface Body {
  height: number;
  bmi: number;
  bmiPerYear: number;
  systolic: number;
  diastolic: number;
  heartRate: number;
  hba1c: number;
  ldl: number;
  hdl: number;
  triglycerides: number;
  creatinine: number;
  urate: number;
  haemoglobin: number;
  alt: number;
  /** Share of the effect of medicines that arrives. */
  adherence: number;
  smokes: boolean;
}

/** Adults of China by sex: height and BMI after the national report on nutrition and chronic disease (2020), smoking 50 % of men and 2 % of women. */
export function drawBuild(
  random: Random,
  sex: Sex,
  age: number,
): Pick<Body, 'height' | 'bmi' | 'bmiPerYear' | 'smokes'> {
  const shrink = Math.max(0, age - 40) * 0.09;
  const height = random.normal(sex === 'male' ? 170.5 : 158.8, sex === 'male' ? 5.8 : 5.3) - shrink;
  const middle = sex === 'male' ? 24.3 : 22.4 + Math.min(2, Math.max(0, age - 30) * 0.06);
  return {
    height,
    bmi: Math.max(16.5, random.normal(middle, 3.1)),
    bmiPerYear: random.normal(0.05, 0.15),
    smokes: age >= 18 && random.chance(sex === 'male' ? 0.48 : 0.02),
  };
}

export function drawBody(
  random: Random,
  sex: Sex,
  age: number,
  build: ReturnType<typeof drawBuild>,
  has: ReadonlySet<ChronicKey>,
): Body {
  const isHypertensive = has.has('hypertension');
  const older = Math.max(0, age - 60);
  const man = sex === 'male';
  return {
    ...build,
    systolic: isHypertensive
      ? random.normal(152, 8) + older * 0.25
      : Math.min(136, random.normal(107 + age * 0.26 + (build.bmi - 23) * 0.7, 6)),
    diastolic: isHypertensive ? random.normal(94, 6) - older * 0.55 : Math.min(87, random.normal(74 - older * 0.15, 5)),
    heartRate: random.normal(74, 6),
    hba1c: has.has('diabetes') ? Math.max(6.8, random.normal(7.9, 0.9)) : random.normal(5 + age * 0.008, 0.22),
    ldl: has.has('hyperlipidaemia') ? random.normal(4.2, 0.5) : random.normal(2.75, 0.5),
    hdl: random.normal(man ? 1.22 : 1.4, 0.2),
    triglycerides: Math.max(0.5, random.normal(has.has('hyperlipidaemia') || has.has('fattyLiver') ? 2.3 : 1.3, 0.45)),
    creatinine: random.normal(man ? 76 : 58, man ? 9 : 7) * (has.has('kidneyDisease') ? random.between(1.6, 2.1) : 1),
    urate: has.has('gout') ? random.normal(515, 45) : random.normal(man ? 350 : 270, 48),
    haemoglobin: random.normal(man ? 150 : 131, 9) - older * 0.2,
    alt: Math.max(7, random.normal(has.has('fattyLiver') ? 44 : 20, has.has('fattyLiver') ? 14 : 6)),
    adherence: random.chance(0.75) ? random.between(0.85, 1.05) : random.between(0.35, 0.8),
  };
}

/** The blood pressure of a day: lower under medicines, higher in winter. */
export function bloodPressureOn(
  chart: Chart,
  body: Body,
  medicines: readonly Prescription[],
  day: Day,
): [number, number] {
  const { random } = chart;
  const winter = [12, 1, 2].includes(monthOf(day)) ? 2.5 : 0;
  const systolic = body.systolic - effectOf(medicines, 'systolic', body, day) + winter + random.normal(0, 4.5);
  const diastolic = body.diastolic - effectOf(medicines, 'diastolic', body, day) + winter / 2 + random.normal(0, 3);
  return [Math.max(92, systolic), Math.max(56, Math.min(diastolic, systolic - 25))];
}

/** Diabetes advances: HbA1c without treatment rises every year (UKPDS, rounded). */
const hba1cPerYear = 0.15;

export function hba1cOn(chart: Chart, body: Body, medicines: readonly Prescription[], day: Day): number {
  const diabeticYears = body.hba1c > 6.5 ? (chart.now - day) / 365 : 0;
  const untreated = Math.max(6.9, body.hba1c - diabeticYears * hba1cPerYear);
  return Math.max(
    4.6,
    (body.hba1c > 6.5 ? untreated : body.hba1c) -
      effectOf(medicines, 'hba1c', body, day) +
      chart.random.normal(0, 0.16),
  );
}

/** Fasting glucose that belongs to an HbA1c: estimated average glucose (1.59 x HbA1c - 2.59 mmol/L, ADAG 2008), lower when fasting. */
export function glucoseFor(random: Random, hba1c: number): number {
  return Math.max(3.9, (1.59 * hba1c - 2.59) * 0.87 + random.normal(0, 0.35));
}

export function ldlOn(chart: Chart, body: Body, medicines: readonly Prescription[], day: Day): number {
  return body.ldl * (1 - Math.min(0.6, effectOf(medicines, 'ldl', body, day))) + chart.random.normal(0, 0.15);
}

export function urateOn(chart: Chart, body: Body, medicines: readonly Prescription[], day: Day): number {
  return body.urate - effectOf(medicines, 'urate', body, day) + chart.random.normal(0, 18);
}

export function bmiOn({ bmi, bmiPerYear }: Body, day: Day, now: Day): number {
  return Math.max(16, bmi + (bmiPerYear * (day - now)) / 365);
}

/** CKD-EPI 2021 without race. https://doi.org/10.1056/NEJMoa2102953 */
export function egfrFor(creatinine: number, sex: Sex, age: number): number {
  const [kappa, alpha, factor] = sex === 'female' ? [0.7, -0.241, 1.012] : [0.9, -0.302, 1];
  const ratio = creatinine / 88.4 / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * factor;
}

type Treated = 'systolic' | 'diastolic' | 'hba1c' | 'ldl' | 'urate';

/** What the medicines taken on a day do to a measure. */
function effectOf(medicines: readonly Prescription[], measure: Treated, body: Body, day: Day): number {
  let sum = 0;
  for (const { medicine, start } of medicines) if (start < day) sum += medicine.effect?.[measure] ?? 0;
  return sum * body.adherence;
}
