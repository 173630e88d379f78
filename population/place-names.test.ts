import { describe, expect, it } from 'vitest';
import { placeCore, placeInEnglish } from './place-names.ts';

describe('place names in English', () => {
  it.each([
    ['云南省', 'Yunnan Province'],
    ['普洱市', "Pu'er City"],
    ['红塔区', 'Hongta District'],
    ['通海县', 'Tonghai County'],
    ['云县', 'Yun County'],
    ['西双版纳傣族自治州', 'Xishuangbanna Dai Autonomous Prefecture'],
    ['新平彝族傣族自治县', 'Xinping Yi Dai Autonomous County'],
    ['里山彝族乡', 'Lishan Yi Township'],
    ['秀山街道', 'Xiushan Subdistrict'],
    ['戛洒镇', 'Gasa Town'],
  ])('%s is %s', (zh, en) => {
    expect(placeInEnglish(zh)).toBe(en);
  });

  it('leave the kind and the peoples away where a name is built on the place', () => {
    expect(placeCore('里山彝族乡')).toBe('里山');
    expect(placeCore('秀山街道')).toBe('秀山');
    expect(placeCore('云县')).toBe('云县');
  });
});
