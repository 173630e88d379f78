import type { HanName, LatinName } from '../person.ts';
import { editDistance } from './latin.ts';
import { soundAlike, spellAlike, spellings } from './readings.ts';

/** From the best to the worst. */
export const hanLevels = ['equal', 'variant', 'homophone', 'same-sound', 'one-character', 'different'] as const;
export type HanLevel = (typeof hanLevels)[number];

/** How far two names in characters agree. */
export function compareHan(left: HanName, right: HanName): HanLevel {
  if (left.text === right.text) return 'equal';
  if (left.folded === right.folded) return 'variant';
  const ours = [...left.folded];
  const theirs = [...right.folded];
  if (ours.length === theirs.length) {
    if (ours.every((character, index) => soundAlike(character, theirs[index] ?? ''))) return 'homophone';
    if (ours.every((character, index) => spellAlike(character, theirs[index] ?? ''))) return 'same-sound';
  }
  return isNear(ours, theirs) ? 'one-character' : 'different';
}

/** One character is another or missing, or two beside each other are swapped; of two characters, one of both must stand. */
function isNear(ours: readonly string[], theirs: readonly string[]): boolean {
  if (Math.min(ours.length, theirs.length) < 2) return false;
  return editDistance(ours.join(''), theirs.join(''), 1) <= 1;
}

/** Whether a name in Latin letters is the pinyin of one in characters, whichever part comes first. */
export function compareHanWithLatin({ folded }: HanName, { family, given }: LatinName): HanLevel {
  const ways = [family + given, given + family];
  let best: HanLevel = 'different';
  for (const syllables of spellings(folded)) {
    const spelt = syllables.join('');
    if (ways.includes(spelt) || ways.includes(spelt.replaceAll('v', 'u'))) return 'same-sound';
    if (ways.some((way) => editDistance(way, spelt, Math.floor(spelt.length / 5)) <= Math.floor(spelt.length / 5))) {
      best = 'one-character';
    }
  }
  return best;
}
