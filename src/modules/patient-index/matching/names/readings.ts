import { createRequire } from 'node:module';

/** How one character may be read. */
export interface Readings {
  /** With the number of the tone: `dan1`, `shan4`. */
  readonly toned: readonly string[];
  /** Without tones, ü as v: `dan`, `shan`. */
  readonly plain: readonly string[];
}

type Polyphonic = typeof import('pinyin-pro').polyphonic;

let polyphonic: Polyphonic | undefined;
const known = new Map<string, Readings>();

const dedupe = (list: readonly string[]): string[] => [...new Set(list)];

/** All readings of a character: 单 is dan, shan and chan. */
export function readingsOf(character: string): Readings {
  let readings = known.get(character);
  if (readings === undefined) {
    polyphonic ??= (createRequire(import.meta.url)('pinyin-pro') as { polyphonic: Polyphonic }).polyphonic;
    const [list = [character]] = polyphonic(character, { toneType: 'num', type: 'array' });
    const toned = dedupe(list.map((reading) => reading.replaceAll('ü', 'v')));
    readings = { toned, plain: dedupe(toned.map((reading) => reading.replace(/\d$/, ''))) };
    known.set(character, readings);
  }
  return readings;
}

const intersect = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((reading) => right.includes(reading));

/** Whether two characters may be read alike, tone and all. */
export const soundAlike = (left: string, right: string): boolean =>
  left === right || intersect(readingsOf(left).toned, readingsOf(right).toned);

/** Whether two characters may be read alike but for their tone. */
export const spellAlike = (left: string, right: string): boolean =>
  left === right || intersect(readingsOf(left).plain, readingsOf(right).plain);

const mostSpellings = 12;

/** Ways to write a name in pinyin without tones, syllable by syllable; of a name that has more than twelve, the first. */
export function spellings(name: string): string[][] {
  let ways: string[][] = [[]];
  for (const character of name) {
    const { plain } = readingsOf(character);
    ways = ways.flatMap((way) => plain.map((reading) => [...way, reading])).slice(0, mostSpellings);
  }
  return ways;
}
