import type { Dosage } from 'fhir/r4.js';
import { conceptOf, inEnglish, termsOf } from '../fhir.ts';
import { systems } from '../systems.ts';
import type { Medicine, Route } from './medicines.ts';

const snomed = termsOf(systems.snomed);

const routes = {
  oral: { term: snomed('26643006', '口服', 'Oral'), en: 'by mouth' },
  subcutaneous: { term: snomed('34206005', '皮下注射', 'Subcutaneous'), en: 'under the skin' },
  inhaled: { term: snomed('447694001', '吸入', 'Respiratory tract'), en: 'inhaled' },
  nasal: { term: snomed('46713006', '喷鼻', 'Nasal'), en: 'into each nostril' },
  topical: { term: snomed('6064005', '外用', 'Topical'), en: 'on the skin' },
  eye: { term: snomed('54485002', '滴眼', 'Ophthalmic'), en: 'into the eye' },
} as const satisfies Record<Route, unknown>;

const whens = {
  MORN: { zh: '晨服', en: 'in the morning' },
  HS: { zh: '睡前', en: 'at bedtime' },
  C: { zh: '随餐', en: 'with meals' },
} as const;

/** UCUM codes that people write otherwise. */
const units: Readonly<Record<string, { zh: string; en: string }>> = {
  ug: { zh: 'μg', en: 'micrograms' },
  '[iU]': { zh: '单位', en: 'units' },
  '[drp]': { zh: '滴', en: 'drop' },
};

/** The dose in words of both languages and as data. http://hl7.org/fhir/R4/dosage.html */
export function dosageOf({ dose, unit, perDay, everyDays, route, when, asNeeded }: Medicine): Dosage {
  const words = units[unit] ?? { zh: unit, en: unit };
  const often = frequencyWords(perDay, everyDays);
  const time = when === undefined ? undefined : whens[when];
  const zh = [routes[route].term.zh, `每次${dose} ${words.zh}`, often.zh, time?.zh, asNeeded ? '必要时' : undefined];
  const en = [`${dose} ${words.en}`, routes[route].en, often.en, time?.en, asNeeded ? 'when needed' : undefined];
  return {
    text: zh.filter((part) => part !== undefined).join('，'),
    _text: inEnglish(en.filter((part) => part !== undefined).join(' ')),
    timing: {
      repeat: { frequency: perDay, period: everyDays ?? 1, periodUnit: 'd', ...(when && { when: [when] }) },
    },
    ...(asNeeded && { asNeededBoolean: true }),
    route: conceptOf(routes[route].term),
    doseAndRate: [{ doseQuantity: { value: dose, unit: words.zh, system: systems.ucum, code: unit } }],
  };
}

function frequencyWords(perDay: number, everyDays: number | undefined): { zh: string; en: string } {
  if (everyDays === 7) return { zh: '每周1次', en: 'once a week' };
  const times = perDay === 1 ? 'once' : perDay === 2 ? 'twice' : `${perDay} times`;
  return { zh: `每日${perDay}次`, en: `${times} a day` };
}
