import { expect, test } from 'vitest';
import { hasWords, wantedWords, wordsOf } from './words.ts';

const isFound = (text: string, filter: string): boolean => hasWords(wordsOf([text]), wantedWords(filter));

test.each([
  ['Essential (primary) hypertension', 'hyper ess', true],
  ['Essential (primary) hypertension', 'tension', false],
  ['Ménière disease', 'meniere', true],
  ['原发性高血压', '高血压', true],
  ['原发性高血压', '血压', true],
  ['原发性高血压', '压血', false],
  ['原发性高血压', 'gaoxueya', true],
  ['原发性高血压', 'gxy', true],
  ['原发性高血压', 'yfxgx', true],
  ['绿脓杆菌', 'lvnong', true],
  ['2型糖尿病', '2 糖尿病', true],
  ['2型糖尿病', 'tangniao', true],
  ['Type 2 diabetes', '', true],
])('%s is found by %s: %s', (text, filter, found) => {
  expect(isFound(text, filter)).toBe(found);
});
