import { describe, expect, test } from 'vitest';
import { initialsOf, mainName, parseHumanNames } from './human-name.ts';

describe('the names of a person', () => {
  test('are told apart by script, whatever their order', () => {
    const names = [{ text: 'Lin Suqin' }, { use: 'official' as const, family: '林', given: ['素琴'] }];
    expect(parseHumanNames(names)).toEqual({ characters: '林素琴', latin: 'Lin Suqin' });
  });

  test('leave out what the person is no longer called', () => {
    expect(
      parseHumanNames([
        { use: 'old', text: '王芳' },
        { use: 'official', text: '林芳' },
      ]).characters,
    ).toBe('林芳');
  });

  test('may be Latin only: given name first', () => {
    const name = parseHumanNames([{ family: 'Kuhn', given: ['Ada', 'Lou'] }]);
    expect(mainName(name)).toBe('Ada Lou Kuhn');
    expect(initialsOf(name)).toBe('AL');
  });

  test('keep the middle dot of a long name', () => {
    const name = parseHumanNames([{ text: '阿依古丽·买买提' }]);
    expect(mainName(name)).toBe('阿依古丽·买买提');
    expect(initialsOf(name)).toBe('阿');
  });
});
