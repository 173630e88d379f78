import { expect, test } from 'vitest';
import { acceptsLanguage, closeness, parseLanguages } from './language.ts';

test('the best language comes first', () => {
  expect(parseLanguages('de;q=0.5, zh-CN, *;q=0')?.ranges.map(({ tag }) => tag)).toEqual(['zh-CN', 'de', '*']);
});

test.each(['--', 'en_US', 'en;q=2', '', 'e'])('"%s" is no list of languages', (text) => {
  expect(parseLanguages(text)).toBeUndefined();
});

test.each([
  ['zh-CN', 'zh-CN', 3],
  ['zh-CN', 'zh-CN-x-a', 2],
  ['zh', 'zh-TW', 1],
  ['zh-CN', 'zh', 1],
  ['en', 'de', 0],
  ['*', 'de', 1],
] as const)('who asks for %s takes %s by %i', (tag, language, rank) => {
  expect(closeness(tag, language)).toBe(rank);
});

test('a language of quality 0 is not wanted', () => {
  const languages = parseLanguages('de, *;q=0');
  expect(languages && acceptsLanguage(languages, 'en')).toBe(false);
  expect(languages && acceptsLanguage(languages, 'de-CH')).toBe(true);
});
