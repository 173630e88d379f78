import { createRequire } from 'node:module';
import { normaliseString } from '../indexing/index.ts';

/** What follows within a run of Han characters is looked for too, this far. */
const longestRun = 24;
const han = /\p{Script=Han}/u;
const pieces = /\p{Script=Han}+|[\p{L}\p{N}]+/gu;

type Pinyin = typeof import('pinyin-pro').pinyin;
let pinyin: Pinyin | undefined;

function syllables(run: string): string[] {
  pinyin ??= (createRequire(import.meta.url)('pinyin-pro') as { pinyin: Pinyin }).pinyin;
  return pinyin(run, { toneType: 'none', type: 'array' });
}

/**
 * The words by whose beginnings a text is found. Chinese is found by any part of it, and by its pinyin in full
 * (`gaoxueya`) or by initials (`gxy`), from any syllable on.
 */
export function wordsOf(texts: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const text of texts) {
    for (const [piece] of normaliseString(text).matchAll(pieces)) {
      if (han.test(piece)) addHan(piece.slice(0, longestRun), words);
      else words.add(piece);
    }
  }
  return words;
}

function addHan(run: string, words: Set<string>): void {
  const characters = [...run];
  const sounds = syllables(run).map((syllable) => syllable.replaceAll('ü', 'v'));
  for (let index = 0; index < characters.length; index++) {
    words.add(characters.slice(index).join(''));
    const rest = sounds.slice(index);
    words.add(rest.join(''));
    words.add(rest.map((syllable) => syllable.slice(0, 1)).join(''));
  }
}

/** The words that must all begin a word of what is found. */
export const wantedWords = (filter: string): string[] =>
  [...new Set([...normaliseString(filter).matchAll(pieces)].map(([piece]) => piece))].slice(0, 20);

export const hasWords = (words: ReadonlySet<string>, wanted: readonly string[]): boolean =>
  wanted.every((beginning) => words.has(beginning) || [...words].some((word) => word.startsWith(beginning)));
