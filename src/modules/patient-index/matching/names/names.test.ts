import { describe, expect, test } from 'vitest';
import { compareHan, compareHanWithLatin } from './compare-han.ts';
import { compareLatin } from './compare-latin.ts';
import { editDistance, isOneEdit, latinLetters, soundex } from './latin.ts';
import { parseNames } from './parse-name.ts';
import { foldVariants } from './variants.ts';

const han = (text: string) => ({ text, folded: foldVariants(text) });

describe('names in characters', () => {
  test.each([
    ['王小明', '王小明', 'equal'],
    ['張偉', '张伟', 'variant'],
    ['呂布', '吕布', 'variant'],
    ['王小明', '王晓明', 'homophone'],
    ['单雄信', '善雄信', 'homophone'],
    ['曾国藩', '增国藩', 'homophone'],
    ['王伟', '王唯', 'same-sound'],
    ['陈刚', '陈强', 'one-character'],
    ['王小明', '王明小', 'one-character'],
    ['欧阳修', '欧阳修文', 'one-character'],
    ['王小明', '李大强', 'different'],
    ['王', '李', 'different'],
  ])('%s and %s: %s', (left, right, level) => {
    expect(compareHan(han(left), han(right))).toBe(level);
    expect(compareHan(han(right), han(left))).toBe(level);
  });

  test.each([
    ['王小明', { family: 'wang', given: 'xiaoming' }, 'same-sound'],
    ['王小明', { family: 'xiaoming', given: 'wang' }, 'same-sound'],
    ['单雄信', { family: 'shan', given: 'xiongxin' }, 'same-sound'],
    ['吕布', { family: 'lv', given: 'bu' }, 'same-sound'],
    ['吕布', { family: 'lu', given: 'bu' }, 'same-sound'],
    ['王小明', { family: 'wang', given: 'xiaomin' }, 'one-character'],
    ['王小明', { family: 'smith', given: 'john' }, 'different'],
  ] as const)('%s and %o: %s', (left, right, level) => {
    expect(compareHanWithLatin(han(left), right)).toBe(level);
  });
});

describe('names in Latin letters', () => {
  test.each([
    ['miller', 'miller', 'equal'],
    ['miller', 'mliler', 'near'],
    ['j', 'jacob', 'initial'],
    ['jonathan', 'jon', 'similar'],
    ['miller', 'smith', 'different'],
  ])('%s and %s: %s', (left, right, level) => {
    expect(compareLatin(left, right)).toBe(level);
    expect(compareLatin(right, left)).toBe(level);
  });

  test('lose accents and signs', () => {
    expect(latinLetters("O'Brien-Müller")).toBe('obrienmuller');
  });

  test.each([
    ['robert', 'R163'],
    ['rupert', 'R163'],
    ['ashcraft', 'A261'],
    ['tymczak', 'T522'],
    ['pfister', 'P236'],
    ['', ''],
  ])('the Soundex of %s is %s', (name, code) => {
    expect(soundex(name).toUpperCase()).toBe(code);
  });

  test.each([
    ['abc', 'abc', false],
    ['abc', 'abd', true],
    ['abc', 'acb', true],
    ['abc', 'ab', true],
    ['abc', 'xabc', true],
    ['abcd', 'badc', false],
    ['abc', 'a', false],
    ['aab', 'aaab', true],
  ])('%s and %s are one edit apart: %s', (left, right, isOne) => {
    expect(isOneEdit(left, right)).toBe(isOne);
    expect(editDistance(left, right, 2) === 1).toBe(isOne);
  });
});

describe('names of a Patient', () => {
  test('are read from text, or from their parts', () => {
    expect(parseNames([{ family: '王', given: ['小', '明'] }]).han[0]?.text).toBe('王小明');
    expect(parseNames([{ text: ' 阿卜杜热合曼·买买提 ' }]).han[0]?.text).toBe('阿卜杜热合曼买买提');
    expect(parseNames([{ text: 'Smith, John' }, { family: 'Smith', given: ['John', 'A'] }]).latin).toEqual([
      { family: 'john', given: 'smith' },
      { family: 'smith', given: 'johna' },
    ]);
  });

  test.each([
    ['王芳之子', '王芳'],
    ['王芳之女二', '王芳'],
    ['王芳之嬰', '王芳'],
    ['王子', undefined],
    ['李之子', undefined],
    ['陈婴', undefined],
  ])('%s: the child of %s', (text, mother) => {
    expect(parseNames([{ text }]).motherName).toBe(mother);
  });

  test('that say nothing are no names', () => {
    expect(parseNames([{ text: '无名氏' }, { text: '' }, 'x', null])).toMatchObject({ han: [], latin: [] });
  });
});
