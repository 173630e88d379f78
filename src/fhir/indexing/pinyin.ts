import { createRequire } from 'node:module';

const han = /\p{Script=Han}/u;

export const hasHan = (text: string): boolean => han.test(text);

type Pinyin = typeof import('pinyin-pro').pinyin;

let pinyin: Pinyin | undefined;

/** Loaded with the first Chinese name: the dictionary costs time and memory that other deployments need not spend. */
function loadPinyin(): Pinyin {
  pinyin ??= (createRequire(import.meta.url)('pinyin-pro') as { pinyin: Pinyin }).pinyin;
  return pinyin;
}

const cacheLimit = 50_000;
const surnameForms = new Map<string, readonly string[]>();
const otherForms = new Map<string, readonly string[]>();

function spell(text: string, beginsWithSurname: boolean): readonly string[] {
  const syllables = loadPinyin()(text, {
    toneType: 'none',
    type: 'array',
    nonZh: 'consecutive',
    surname: beginsWithSurname ? 'head' : 'off',
  }).map((syllable) => syllable.replace(/[^\p{L}\p{N}ü]/gu, ''));
  const whole = syllables.join('');
  const forms = new Set([whole]);
  if (syllables.length > 1) forms.add(syllables.map((syllable) => syllable.slice(0, 1)).join(''));
  // Keyboards write ü as v, passports as yu, normalisation as u.
  if (whole.includes('ü')) forms.add(whole.replaceAll('ü', 'v')).add(whole.replaceAll('ü', 'yu'));
  return [...forms].filter((form) => form !== '');
}

/**
 * How a name in Chinese characters may be typed in Latin letters, without tones and spaces: in full and by initials.
 * At the head of a name, characters are read as surnames: 单 is shan, 曾 zeng, 仇 qiu.
 */
export function pinyinForms(text: string, beginsWithSurname: boolean): readonly string[] {
  const cache = beginsWithSurname ? surnameForms : otherForms;
  const known = cache.get(text);
  if (known !== undefined) return known;
  if (cache.size >= cacheLimit) cache.clear();
  const forms = spell(text, beginsWithSurname);
  cache.set(text, forms);
  return forms;
}
