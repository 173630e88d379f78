import { pinyinWord } from './pinyin.ts';
import { ethnicGroups } from './tables/ethnic-groups.ts';

const kinds: readonly (readonly [string, string])[] = [
  ['自治州', 'Autonomous Prefecture'],
  ['自治县', 'Autonomous County'],
  ['社区', 'Community'],
  ['街道', 'Subdistrict'],
  ['省', 'Province'],
  ['市', 'City'],
  ['区', 'District'],
  ['县', 'County'],
  ['镇', 'Town'],
  ['乡', 'Township'],
  ['村', 'Village'],
];

/** Readings that a dictionary gets wrong in Yunnan's place names. */
const placeReadings: Readonly<Record<string, string>> = { 戛: 'ga', 耈: 'gou' };

const peoples = ethnicGroups.map(({ term }) => [term.zh, term.en] as const);

/** The usual English of a Chinese place name: 里山彝族乡 is Lishan Yi Township, 普洱市 is Pu'er City. */
export function placeInEnglish(name: string): string {
  const kind = kinds.find(([suffix]) => name.endsWith(suffix) && name.length > suffix.length);
  if (kind === undefined) return pinyinWord(name, placeReadings);
  const { core, words } = stripPeoples(name.slice(0, -kind[0].length));
  return [pinyinWord(core, placeReadings), ...words, kind[1]].join(' ');
}

/** The part of a place name before its kind and its peoples: 峨山彝族自治县 is 峨山. */
export function placeCore(name: string): string {
  const kind = kinds.find(([suffix]) => name.endsWith(suffix) && name.length > suffix.length + 1);
  return kind === undefined ? name : stripPeoples(name.slice(0, -kind[0].length)).core;
}

function stripPeoples(name: string): { core: string; words: string[] } {
  let core = name;
  const words: string[] = [];
  for (;;) {
    const people = peoples.find(([zh]) => core.endsWith(zh) && core.length > zh.length);
    if (people === undefined) return { core, words };
    core = core.slice(0, -people[0].length);
    words.unshift(people[1]);
  }
}
