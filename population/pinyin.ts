import { pinyin } from 'pinyin-pro';

const readings = new Map<string, string>();

/** Pinyin without tones as one capitalised word, with the apostrophe of the orthography (GB/T 16159): 普洱 is Pu'er. */
export function pinyinWord(characters: string, exceptions: Readonly<Record<string, string>> = {}): string {
  const whole = pinyin(characters, { toneType: 'none', type: 'array' });
  const syllables = [...characters].map((character, index) => exceptions[character] ?? whole[index] ?? character);
  return joinSyllables(syllables);
}

/** Pinyin of a surname, which may read otherwise than the same character elsewhere: 曾 is Zeng, 尉迟 is Yuchi. */
export function pinyinSurname(surname: string): string {
  let reading = readings.get(surname);
  if (reading === undefined) {
    reading = joinSyllables(pinyin(surname, { toneType: 'none', type: 'array', mode: 'surname' }));
    readings.set(surname, reading);
  }
  return reading;
}

/** Pinyin of a given name, character by character. */
export function pinyinGiven(given: string, exceptions: Readonly<Record<string, string>>): string {
  return joinSyllables([...given].map((character) => exceptions[character] ?? readCharacter(character)));
}

function readCharacter(character: string): string {
  let reading = readings.get(`.${character}`);
  if (reading === undefined) {
    reading = pinyin(character, { toneType: 'none' });
    readings.set(`.${character}`, reading);
  }
  return reading;
}

function joinSyllables(syllables: readonly string[]): string {
  let word = '';
  for (const syllable of syllables) {
    word += word !== '' && /^[aeo]/.test(syllable) ? `'${syllable}` : syllable;
  }
  return word.charAt(0).toUpperCase() + word.slice(1);
}
