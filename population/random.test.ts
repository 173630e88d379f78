import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('random numbers', () => {
  it('are the same for the same seed', () => {
    const [one, two] = [new Random('seed'), new Random('seed')];
    expect(Array.from({ length: 20 }, () => one.next())).toEqual(Array.from({ length: 20 }, () => two.next()));
  });

  it('differ for seeds that differ in one character', () => {
    expect(new Random('household/1').next()).not.toBe(new Random('household/2').next());
  });

  it('stay within their bounds', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -500, max: 500 }), fc.nat(500), (seed, low, span) => {
        const random = new Random(seed);
        const whole = random.int(low, low + span);
        const part = random.next();
        return whole >= low && whole <= low + span && Number.isInteger(whole) && part >= 0 && part < 1;
      }),
    );
  });

  it('spread evenly over ten classes', () => {
    const random = new Random('even');
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 100_000; draw++) {
      const index = random.int(0, 9);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('pick by weight, and never what weighs nothing', () => {
    const random = new Random('weights');
    const picked = Array.from({ length: 10_000 }, () => random.weighted(['never', 'seldom', 'often'], weightOf));
    expect(picked).not.toContain('never');
    expect(picked.filter((word) => word === 'seldom').length / 10_000).toBeCloseTo(0.25, 1);
  });

  it('have the mean and the deviation that a normal value asks for', () => {
    const random = new Random('normal');
    const values = Array.from({ length: 20_000 }, () => random.normal(120, 10));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 120)).toBeLessThan(0.3);
    expect(Math.abs(Math.sqrt(variance) - 10)).toBeLessThan(0.3);
  });
});

function weightOf(word: string): number {
  if (word === 'never') return 0;
  return word === 'seldom' ? 1 : 3;
}
