import { normaliseString } from './normalise-string.ts';

/** A word of a text and its place in it, counted from 1. */
export interface PlacedWord {
  readonly word: string;
  readonly position: number;
  /** A character alone, or the last one of a run: it is there for searches of one character, which is how a pair begins, too. */
  readonly character?: 'alone' | 'last';
}

const letters = /[\p{L}\p{N}\p{M}]+/gu;
const scripts = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
/** No word of any language; what is longer is a key or an encoding. */
const longestWord = 100;

/**
 * The words of a text in the form in which they are searched. What is written without spaces is cut into pairs of characters,
 * which needs no dictionary: a text of several characters is found where its pairs follow each other.
 */
export function wordsOf(text: string): PlacedWord[] {
  const words: PlacedWord[] = [];
  let position = 0;
  for (const [run] of normaliseString(text).matchAll(letters)) {
    let end = 0;
    const addWord = (word: string): void => {
      if (word !== '' && word.length <= longestWord) words.push({ word, position: ++position });
    };
    for (const match of run.matchAll(scripts)) {
      addWord(run.slice(end, match.index));
      const characters = [...match[0]];
      for (const [index, character] of characters.entries()) {
        const next = characters[index + 1];
        if (next !== undefined) words.push({ word: character + next, position: ++position });
        else words.push({ word: character, position: ++position, character: index === 0 ? 'alone' : 'last' });
      }
      end = match.index + match[0].length;
    }
    addWord(run.slice(end));
  }
  return words;
}

/** PostgreSQL keeps so many places at most; what comes after them is not found. */
const mostWords = 16_383;

/** Words with their places, as PostgreSQL's tsvector is written; null where there is none. */
export function printTsvector(text: string): string | null {
  const places = new Map<string, number[]>();
  for (const { word, position } of wordsOf(text)) {
    if (position > mostWords) break;
    const known = places.get(word);
    if (known) known.push(position);
    else places.set(word, [position]);
  }
  if (places.size === 0) return null;
  return [...places].map(([word, positions]) => `'${word}':${positions.join(',')}`).join(' ');
}
