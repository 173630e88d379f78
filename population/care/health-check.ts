import { type Day, dayOf, workday, yearOf } from '../dates.ts';
import type { Words } from '../fhir.ts';
import type { ChronicKey } from '../tables/chronic-conditions.ts';
import { panels } from '../tables/measures.ts';
import { examinations } from '../tables/programmes.ts';
import { type Body, bloodPressureOn, bmiOn } from './body.ts';
import type { Chart } from './chart.ts';
import type { Health } from './health.ts';
import { bloodCount, glucose, hepatic, lipids, renal } from './laboratory.ts';
import { observe, observeBloodPressure, observeScore } from './observe.ts';
import type { Prescription } from './prescribe.ts';
import { report } from './report.ts';
import { openVisit } from './visit.ts';

interface Check {
  chart: Chart;
  body: Body;
  medicines: readonly Prescription[];
  has: ReadonlySet<ChronicKey>;
  day: Day;
}

/** The days of the yearly examination: everybody from 65, and people in a programme (70 % attend, assumption). */
export function checkDays(chart: Chart, { has }: Health): Day[] {
  const { random, now, last, person, household } = chart;
  const inProgramme = has.has('hypertension') || has.has('diabetes') || has.has('copd');
  const years = person.script === 'rich' ? 6 : 2;
  const days: Day[] = [];
  for (let ago = years - 1; ago >= 0; ago--) {
    // a village is examined in one month of the year
    const month = 3 + (household.village.division.code.charCodeAt(11) % 7);
    const day = workday(dayOf(yearOf(now) - ago, month, random.int(1, 28)));
    const isOld = chart.ageAt(day) >= 65;
    const attends = person.script === 'rich' || random.chance(isOld ? 0.7 : 0.35);
    if (day <= last && attends && (isOld || inProgramme)) days.push(day);
  }
  return days;
}

export function writeHealthCheck({ chart, body, medicines, has, day }: Check): void {
  const { random, person, household } = chart;
  const visit = openVisit(chart, { kind: 'healthCheck', day, at: household.village.centre, department: 'prevention' });
  const bmi = bmiOn(body, day, chart.now);
  observe(chart, visit, 'height', body.height);
  observe(chart, visit, 'weight', bmi * (body.height / 100) ** 2);
  observe(chart, visit, 'bmi', bmi);
  observe(chart, visit, 'waist', (person.sex === 'male' ? 85 : 80) + (bmi - 24) * 2.4 + random.normal(0, 2));
  observe(chart, visit, 'temperature', random.normal(36.4, 0.2));
  observe(chart, visit, 'heartRate', body.heartRate + random.normal(0, 4));
  observeBloodPressure(chart, visit, ...bloodPressureOn(chart, body, medicines, day));
  const sample = { chart, visit, body, medicines };
  bloodCount(sample);
  glucose(sample, has.has('diabetes'));
  if (has.has('diabetes'))
    observe(chart, visit, 'albuminCreatinine', Math.max(3, random.normal(has.has('kidneyDisease') ? 120 : 21, 14)));
  lipids(sample);
  renal(sample);
  hepatic(sample);
  report(chart, visit, 'EC', panels.electrocardiogram, { conclusion: electrocardiogram(chart, has) });
  if (chart.ageAt(day) < 65) return;
  report(chart, visit, 'OUS', panels.abdominalUltrasound, { conclusion: ultrasound(chart, has) });
  observeScore(
    chart,
    visit,
    examinations.selfCare,
    chart.ageAt(day) > 80 && random.chance(0.35) ? random.pick([4, 5, 9]) : random.pick([0, 0, 0, 1]),
  );
}

function electrocardiogram({ random }: Chart, has: ReadonlySet<ChronicKey>): Words {
  if (has.has('atrialFibrillation'))
    return { zh: '心房颤动，心室率偏快', en: 'Atrial fibrillation with rapid ventricular response' };
  if (has.has('coronary')) return { zh: '窦性心律，ST-T改变', en: 'Sinus rhythm, ST-T changes' };
  if (has.has('hypertension') && random.chance(0.2))
    return { zh: '窦性心律，左心室高电压', en: 'Sinus rhythm, high left ventricular voltage' };
  return random.chance(0.12)
    ? { zh: '窦性心动过缓', en: 'Sinus bradycardia' }
    : { zh: '窦性心律，正常心电图', en: 'Sinus rhythm, normal electrocardiogram' };
}

function ultrasound({ random }: Chart, has: ReadonlySet<ChronicKey>): Words {
  if (has.has('fattyLiver'))
    return { zh: '脂肪肝；胆、胰、脾未见明显异常', en: 'Fatty liver; gallbladder, pancreas and spleen unremarkable' };
  return random.chance(0.12)
    ? { zh: '胆囊结石；肝、胰、脾未见明显异常', en: 'Gallstones; liver, pancreas and spleen unremarkable' }
    : { zh: '肝、胆、胰、脾未见明显异常', en: 'Liver, gallbladder, pancreas and spleen unremarkable' };
}
