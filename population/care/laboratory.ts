import type { Day } from '../dates.ts';
import { panels } from '../tables/measures.ts';
import { type Body, egfrFor, glucoseFor, hba1cOn, ldlOn, urateOn } from './body.ts';
import type { Chart } from './chart.ts';
import { observe } from './observe.ts';
import type { Prescription } from './prescribe.ts';
import { report } from './report.ts';
import type { Visit } from './visit.ts';

/** What a laboratory needs to know to give results that belong to the person. */
export interface Sample {
  chart: Chart;
  visit: Visit;
  body: Body;
  medicines: readonly Prescription[];
}

export function bloodCount({ chart, visit, body }: Sample, infection = false): void {
  const { random } = chart;
  const leukocytes = infection ? random.normal(10.8, 2.1) : random.normal(6.2, 1.1);
  const results = [
    observe(chart, visit, 'leukocytes', Math.max(3, leukocytes)),
    observe(chart, visit, 'haemoglobin', body.haemoglobin + random.normal(0, 3)),
    observe(chart, visit, 'platelets', Math.max(90, random.normal(225, 42))),
  ];
  report(chart, visit, 'LAB', panels.bloodCount, { results });
}

export function lipids({ chart, visit, body, medicines }: Sample): void {
  const { random } = chart;
  const ldl = Math.max(0.8, ldlOn(chart, body, medicines, visit.day));
  const hdl = Math.max(0.7, body.hdl + random.normal(0, 0.06));
  const triglycerides = Math.max(0.4, body.triglycerides + random.normal(0, 0.25));
  const results = [
    observe(chart, visit, 'cholesterol', ldl + hdl + triglycerides * 0.45),
    observe(chart, visit, 'triglycerides', triglycerides),
    observe(chart, visit, 'hdl', hdl),
    observe(chart, visit, 'ldl', ldl),
  ];
  report(chart, visit, 'LAB', panels.lipids, { results });
}

export function renal({ chart, visit, body, medicines }: Sample): void {
  const { random, person } = chart;
  const creatinine = creatinineOn(chart, body, visit.day);
  const results = [
    observe(chart, visit, 'creatinine', creatinine),
    observe(chart, visit, 'egfr', egfrFor(creatinine, person.sex, chart.ageAt(visit.day))),
    observe(chart, visit, 'urea', Math.max(2.2, random.normal(5.4, 0.9) * (creatinine > 110 ? 1.5 : 1))),
    observe(chart, visit, 'urate', urateOn(chart, body, medicines, visit.day)),
  ];
  report(chart, visit, 'LAB', panels.renal, { results });
}

export function hepatic({ chart, visit, body }: Sample): void {
  const { random } = chart;
  const alt = Math.max(6, body.alt + random.normal(0, 4));
  const results = [
    observe(chart, visit, 'alt', alt),
    observe(chart, visit, 'ast', Math.max(10, alt * 0.55 + random.normal(11, 2))),
  ];
  report(chart, visit, 'LAB', panels.hepatic, { results });
}

/** Fasting glucose, with HbA1c where it is asked for; gives the glucose. */
export function glucose({ chart, visit, body, medicines }: Sample, withHba1c: boolean): number {
  const hba1c = hba1cOn(chart, body, medicines, visit.day);
  const fasting = glucoseFor(chart.random, hba1c);
  observe(chart, visit, 'glucose', fasting);
  if (withHba1c) report(chart, visit, 'LAB', panels.hba1c, { results: [observe(chart, visit, 'hba1c', hba1c)] });
  return fasting;
}

function creatinineOn(chart: Chart, { creatinine }: Body, day: Day): number {
  const yearlyRise = creatinine > 100 ? 0.03 : 0.004;
  return creatinine * (1 + (yearlyRise * (day - chart.now)) / 365) + chart.random.normal(0, 2.5);
}
