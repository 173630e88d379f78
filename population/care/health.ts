import { type Day, daysPerYear } from '../dates.ts';
import { richBody, richConditions } from '../demonstration/rich-history.ts';
import type { Random } from '../random.ts';
import type { Sex } from '../residents/names.ts';
import { allergies } from '../tables/allergies.ts';
import { type ChronicCondition, type ChronicKey, chronicConditions } from '../tables/chronic-conditions.ts';
import { drawAllergies, type KnownAllergy } from './allergies.ts';
import { type Body, drawBody, drawBuild } from './body.ts';
import type { Chart } from './chart.ts';

/** A long-term condition that is known to the record. */
export interface LongTermCondition {
  key: ChronicKey;
  condition: ChronicCondition;
  onset: Day;
}

export interface Health {
  body: Body;
  conditions: LongTermCondition[];
  has: ReadonlySet<ChronicKey>;
  allergies: KnownAllergy[];
  /** How far back visits are on record, and how far back they are on record every quarter; before, yearly. */
  recordedDays: number;
  quarterlyDays: number;
  /** Beginnings of the medicines that an allergy forbids. */
  avoids: readonly string[];
}

const everyCondition = Object.entries(chronicConditions) as [ChronicKey, ChronicCondition][];

/** Draws the long-term conditions by age, sex and what goes with them, then the body that has them. */
export function drawHealth(chart: Chart): Health {
  const { person, random, last } = chart;
  const age = chart.ageAt(last);
  const build = drawBuild(random, person.sex, age);
  const has = new Set<ChronicKey>();
  const conditions: LongTermCondition[] = [];
  for (const [key, condition] of everyCondition) {
    const share = (prevalenceAt(condition, age, person.sex) / 100) * tendency(key, build.bmi, has);
    if (share === 0 || !random.chance(share) || person.script !== undefined) continue;
    has.add(key);
    conditions.push({ key, condition, onset: drawOnset(random, condition, age, last) });
  }
  const isRich = person.script === 'rich';
  if (isRich) addRichConditions(conditions, has, chart.now);
  conditions.sort((left, right) => left.onset - right.onset);
  const body = drawBody(random, person.sex, age, build, has);
  const known = drawAllergies(chart);
  return {
    body: isRich ? { ...body, ...richBody } : person.script === 'mother' ? { ...body, bmi: 21.2 } : body,
    conditions,
    has,
    allergies: known,
    recordedDays: Math.round((isRich ? 13 : 2 + 4 * random.next() ** 2) * 365),
    quarterlyDays: isRich ? 3 * 365 : 450,
    avoids: known.flatMap(({ key }): readonly string[] => allergies[key].avoids),
  };
}

function addRichConditions(conditions: LongTermCondition[], has: Set<ChronicKey>, now: Day): void {
  for (const [key, yearsAgo] of richConditions) {
    has.add(key);
    conditions.push({ key, condition: chronicConditions[key], onset: now - Math.round(yearsAgo * daysPerYear) });
  }
}

export function prevalenceAt({ prevalence }: ChronicCondition, age: number, sex: Sex): number {
  let share = 0;
  for (const [from, male, female] of prevalence) {
    if (age < from) break;
    share = sex === 'male' ? male : female;
  }
  return share;
}

/** How much likelier a condition is with the build and the conditions that are already there; about 1 over all. */
function tendency(key: ChronicKey, bmi: number, has: ReadonlySet<ChronicKey>): number {
  const vascular = has.has('hypertension') || has.has('diabetes');
  switch (key) {
    case 'hypertension':
    case 'fattyLiver':
      return Math.min(1.9, Math.max(0.4, 1 + (bmi - 24) * 0.1));
    case 'diabetes':
      return Math.min(2, Math.max(0.4, 1 + (bmi - 24) * 0.08)) * (has.has('hypertension') ? 1.5 : 0.75);
    case 'coronary':
    case 'stroke':
    case 'kidneyDisease':
    case 'hyperlipidaemia':
      return vascular ? 1.5 : 0.65;
    default:
      return 1;
  }
}

/** Some time between the earliest age of the condition and two months ago, more often of late. */
function drawOnset(random: Random, { earliestOnset }: ChronicCondition, age: number, last: Day): Day {
  const years = Math.max(0.2, Math.min(30, age - earliestOnset)) * random.next() ** 1.6;
  return last - 60 - Math.round(years * daysPerYear);
}
