import { describe, expect, it } from 'vitest';
import { loadProvince } from './divisions.ts';

const province = loadProvince();
const counties = province.cities.flatMap((city) => city.counties);

describe('the province', () => {
  it('has the 16 cities and prefectures and the 129 counties of Yunnan', () => {
    expect(province.division.name.zh).toBe('云南省');
    expect(province.cities).toHaveLength(16);
    expect(counties).toHaveLength(129);
  });

  it('codes every division below its parent', () => {
    for (const { division, townships } of counties) {
      expect(division.code).toMatch(/^53\d{4}$/);
      expect(division.code.slice(0, 4)).toBe(division.parent?.code.slice(0, 4));
      for (const { code, parent } of townships)
        expect([code.slice(0, 6), code.length, parent]).toEqual([division.code, 9, division]);
    }
  });

  it('gives every county two townships at least, and different names in English and Chinese', () => {
    for (const { townships } of counties) expect(townships.length).toBeGreaterThanOrEqual(2);
    for (const { division } of counties) expect(division.name.en).toMatch(/^[A-Z][A-Za-zü' ]+$/);
  });
});
