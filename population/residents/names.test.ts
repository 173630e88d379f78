import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { drawName, drawSurname, humanNames, nameOf } from './names.ts';

describe('names', () => {
  it.each([
    ['林', '素琴', 'Lin Suqin'],
    ['曾', '志伟', 'Zeng Zhiwei'],
    ['尉迟', '婷', 'Yuchi Ting'],
    ['欧阳', '磊', 'Ouyang Lei'],
    ['吕', '英娥', "Lü Ying'e"],
  ])('%s%s is %s in pinyin', (family, given, pinyin) => {
    const name = nameOf(given, family);
    expect(name.text).toBe(family + given);
    expect(name.pinyin.text).toBe(pinyin);
  });

  it('put a Uyghur father’s name after the own', () => {
    const name = nameOf('阿依古丽', '买买提', 'uyghur');
    expect([name.text, name.pinyin.text]).toEqual(['阿依古丽·买买提', 'Ayiguli Maimaiti']);
    expect([name.given, name.family]).toEqual(['阿依古丽', '买买提']);
  });

  it('read 岩 as Ai in Dai names, which have no surname', () => {
    const name = nameOf('岩温', undefined, 'dai');
    expect([name.text, name.pinyin.text, name.family]).toEqual(['岩温', 'Aiwen', undefined]);
  });

  it('become an official name in characters and the same in pinyin', () => {
    const [characters, pinyin] = humanNames(nameOf('素琴', '林'));
    expect(characters).toMatchObject({ use: 'official', text: '林素琴', family: '林', given: ['素琴'] });
    expect(pinyin).toMatchObject({
      text: 'Lin Suqin',
      family: 'Lin',
      given: ['Suqin'],
      extension: [{ valueCode: 'SYL' }],
    });
  });

  it('are read in Latin letters for every people and every generation', () => {
    const random = new Random('names');
    for (const people of ['01', '03', '04', '05', '07', '14', '18', '27']) {
      for (const year of [1940, 1965, 1985, 2020]) {
        for (const sex of ['female', 'male'] as const) {
          const name = drawName(random, people, sex, year, drawSurname(random, people));
          expect(name.pinyin.text).toMatch(/^[A-Z][a-zü']+( [A-Z][a-zü']+)?$/);
        }
      }
    }
  });

  it('are Wang, Li, Zhang, Liu or Chen for three in ten', () => {
    const random = new Random('surnames');
    const drawn = Array.from({ length: 5000 }, () => drawSurname(random, '01'));
    const common = drawn.filter((surname) => '王李张刘陈'.includes(surname)).length / drawn.length;
    expect(common).toBeGreaterThan(0.27);
    expect(common).toBeLessThan(0.45);
  });
});
