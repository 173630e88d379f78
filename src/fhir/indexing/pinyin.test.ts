import { describe, expect, it } from 'vitest';
import { hasHan, pinyinForms } from './pinyin.ts';

describe('pinyinForms', () => {
  it.each([
    ['张三', ['zhangsan', 'zs']],
    ['欧阳修', ['ouyangxiu', 'oyx']],
    ['张', ['zhang']],
    ['阿依古丽·买买提', ['ayigulimaimaiti', 'ayglmmt']],
    ['王Tom', ['wangTom', 'wT']],
    ['吕布', ['lübu', 'lb', 'lvbu', 'lyubu']],
  ])('spells the name %s as %j', (name, forms) => {
    expect(pinyinForms(name, true)).toEqual(forms);
  });

  it('reads a character at the head of a name as a surname', () => {
    expect(pinyinForms('单雄信', true)[0]).toBe('shanxiongxin');
    expect(pinyinForms('曾国藩', true)[0]).toBe('zengguofan');
    expect(pinyinForms('仇', true)).toEqual(['qiu']);
    expect(pinyinForms('单', false)).toEqual(['dan']);
  });

  it('gives the same forms again', () => {
    expect(pinyinForms('李四', true)).toBe(pinyinForms('李四', true));
  });
});

describe('hasHan', () => {
  it.each([
    ['张三', true],
    ['Zhang 三', true],
    ['𠮷野', true],
    ['Zhang', false],
    ['テスト', false],
    ['', false],
  ])('%j: %s', (text, is) => {
    expect(hasHan(text)).toBe(is);
  });
});
