import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const portal = join(import.meta.dirname, '..');
const folders = globSync('**/words.en.json', { cwd: portal, exclude: ['dist'] }).map((file) =>
  file.replace('/words.en.json', ''),
);
const sources = globSync('**/*.{ts,tsx}', { cwd: portal, exclude: ['dist'] })
  .filter((file) => !file.includes('.test.'))
  .map((file) => ({ file, text: readFileSync(join(portal, file), 'utf8') }));

function keysOf(words: object, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
}

const read = (folder: string, language: string): object =>
  JSON.parse(readFileSync(join(portal, folder, `words.${language}.json`), 'utf8'));

// English has two forms of number, Chinese one.
const withoutNumber = (key: string) => key.replace(/_(one|other)$/, '');
const uniqueKeys = (folder: string, language: string) =>
  [...new Set(keysOf(read(folder, language)).map(withoutNumber))].sort();

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}|<(\d)>/g)].map((match) => match[1] ?? match[2]).sort();

function textOf(words: object, key: string): string | undefined {
  const value = key
    .split('.')
    .reduce<unknown>(
      (part, name) =>
        part && typeof part === 'object'
          ? Object.entries(part).find(([candidate]) => candidate === name)?.[1]
          : undefined,
      words,
    );
  return typeof value === 'string' ? value : undefined;
}

/** The keys that code of the namespace asks for: whole ones, and beginnings of those that are put together. */
function askedFor(namespace: string) {
  const isDefault = namespace === 'shell';
  const own = sources.filter(
    ({ file, text }) =>
      text.includes(`'${namespace}'`) ||
      (isDefault && (text.includes('useTranslation()') || file.startsWith('shell/'))),
  );
  const text = own.map((source) => source.text).join('\n');
  const whole = new Set([...text.matchAll(/(?:'(?:[\w-]+:)?|i18nKey=")([\w.-]+)['"]/g)].map((match) => match[1]));
  const beginnings = [...text.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1] ?? '');
  const middles = [...text.matchAll(/`([\w.-]+\.)\$\{[^`]*\}\.\$\{/g)].map((match) => match[1] ?? '');
  return (key: string) => whole.has(key) || [...beginnings, ...middles].some((beginning) => key.startsWith(beginning));
}

test('words are found', () => {
  expect(folders.length).toBeGreaterThan(4);
});

describe.each(folders)('the words of %s', (folder) => {
  const namespace = folder.split('/').at(-1) ?? folder;

  test('are the same in both languages', () => {
    expect(uniqueKeys(folder, 'zh-cn')).toEqual(uniqueKeys(folder, 'en'));
  });

  test('ask for the same values in both languages', () => {
    const [english, chinese] = [read(folder, 'en'), read(folder, 'zh-cn')];
    for (const key of uniqueKeys(folder, 'en')) {
      const [en, zh] = [english, chinese].map((words) => textOf(words, key) ?? textOf(words, `${key}_other`) ?? '');
      expect(placeholders(zh ?? ''), key).toEqual(placeholders(en ?? ''));
    }
  });

  test('are all used', () => {
    const isAsked = askedFor(namespace);
    expect(uniqueKeys(folder, 'en').filter((key) => !isAsked(key))).toEqual([]);
  });

  test('have no English left in the Chinese, and no Chinese in the English, but for names', () => {
    const names = ['switchLanguage', 'none.name'];
    const hasChinese = (key: string) => /\p{Script=Han}/u.test(textOf(read(folder, 'en'), key) ?? '');
    expect(uniqueKeys(folder, 'en').filter((key) => hasChinese(key) && !names.includes(key))).toEqual([]);
  });
});
