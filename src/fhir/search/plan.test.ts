import { describe, expect, it } from 'vitest';
import { type Offer, planLimits, planPage } from './plan.ts';

const rare: Offer = {
  estimate: 2,
  isGuess: false,
  probeCost: 1,
  canWalk: true,
  canRead: true,
  canKey: false,
  canExclude: false,
};
const frequent: Offer = { ...rare, estimate: 400_000 };
const guess: Offer = { ...rare, isGuess: true, estimate: 500, canWalk: false };
const negation: Offer = { ...rare, estimate: 900_000, canWalk: false, canRead: false, canExclude: true };
const chain: Offer = { ...guess, estimate: 6000, probeCost: 3, canKey: true };

const unsorted = { everyone: 1_000_000, count: 21, isSorted: false, sortCost: 0, canHead: true, limits: planLimits };
const sorted = { ...unsorted, isSorted: true, sortCost: 1 };

describe('a search in the order of rids', () => {
  it('walks everything when nothing is asked', () => {
    expect(planPage({ ...unsorted, offers: [] })).toMatchObject({ walk: undefined, attempts: [] });
  });

  it('walks the rarest criterion', () => {
    expect(planPage({ ...unsorted, offers: [frequent, rare, negation] })).toMatchObject({ walk: 1, attempts: [] });
  });

  it('does not try anything else beside a walk of few rows', () => {
    expect(planPage({ ...unsorted, offers: [rare, guess] })).toMatchObject({ walk: 0, attempts: [] });
  });

  it('reads what is probably rare before it walks what is frequent', () => {
    const { walk, attempts } = planPage({ ...unsorted, offers: [frequent, guess] });
    expect(walk).toBe(0);
    expect(attempts).toEqual([{ by: 'rows', criterion: 1, limit: planLimits.leastRead }]);
  });

  it('walks a little before it reads what is probably frequent', () => {
    const { attempts } = planPage({ ...unsorted, offers: [frequent, { ...guess, estimate: 90_000 }] });
    expect(attempts.map(({ by }) => by)).toEqual(['head', 'rows']);
  });

  it('walks a little before it reads much that leads to few resources', () => {
    const few = { ...unsorted, everyone: 1000 };
    const found = { ...guess, estimate: 1000, probeCost: 6 };
    const { attempts } = planPage({ ...few, offers: [{ ...found, rowsRead: 5000 }] });
    expect(attempts).toEqual([
      { by: 'head', rows: expect.any(Number) },
      { by: 'rows', criterion: 0, limit: 20_000 },
    ]);
    expect(planPage({ ...few, offers: [{ ...found, estimate: 10, rowsRead: 10 }] }).attempts).toEqual([
      { by: 'rows', criterion: 0, limit: planLimits.leastRead },
    ]);
  });

  it('follows a chain from its targets', () => {
    const { attempts } = planPage({
      ...unsorted,
      offers: [
        { ...frequent, estimate: 5000 },
        { ...chain, estimate: 900 },
      ],
    });
    expect(attempts).toEqual([
      { by: 'keys', criterion: 1, limit: planLimits.mostTargets },
      { by: 'head', rows: expect.any(Number) },
      { by: 'keys', criterion: 1, limit: planLimits.manyTargets },
    ]);
  });

  it('walks a little before it follows a chain from many targets, and before it walks to the end', () => {
    const { attempts } = planPage({ ...unsorted, offers: [{ ...chain, estimate: 100_000 }] });
    expect(attempts).toEqual([
      { by: 'head', rows: 20 * 210 },
      { by: 'keys', criterion: 0, limit: planLimits.manyTargets },
    ]);
  });

  it('looks for what nearly all have by leaving them out', () => {
    const { attempts, exclusion } = planPage({ ...unsorted, offers: [{ ...negation, estimate: 10 }] });
    expect({ attempts, exclusion }).toEqual({ attempts: [{ by: 'head', rows: 50_000 }], exclusion: 0 });
  });

  it('leaves nothing out where another criterion is rare', () => {
    expect(planPage({ ...unsorted, offers: [rare, negation] }).exclusion).toBeUndefined();
    expect(planPage({ ...unsorted, offers: [guess, negation] }).exclusion).toBeUndefined();
  });

  it('walks a chain whose targets are probably most', () => {
    const { walk, attempts } = planPage({ ...unsorted, offers: [frequent, { ...chain, estimate: 500_000 }] });
    expect({ walk, attempts }).toMatchObject({ walk: 0, attempts: [] });
  });
});

describe('a sorted search', () => {
  it('reads the rarest criterion', () => {
    const { attempts } = planPage({ ...sorted, offers: [frequent, rare] });
    expect(attempts).toEqual([{ by: 'rows', criterion: 1, limit: planLimits.leastRead }]);
  });

  it('walks the sort index where nearly all match', () => {
    expect(planPage({ ...sorted, offers: [{ ...frequent, estimate: 900_000 }] }).attempts).toEqual([]);
  });

  it('walks a little along the sort index, then reads', () => {
    const { attempts } = planPage({ ...sorted, offers: [{ ...frequent, estimate: 20_000 }] });
    expect(attempts.map(({ by }) => by)).toEqual(['head', 'rows']);
  });

  it('does not walk a little where ties are ordered by another key', () => {
    const { attempts } = planPage({ ...sorted, canHead: false, offers: [{ ...frequent, estimate: 20_000 }] });
    expect(attempts.map(({ by }) => by)).toEqual(['rows']);
  });

  it('sorts what an exclusion leaves, unless that is much', () => {
    expect(planPage({ ...sorted, offers: [{ ...negation, estimate: 10 }] }).exclusion).toBe(0);
    expect(planPage({ ...sorted, offers: [negation] }).exclusion).toBeUndefined();
  });

  it('tries to read what is only thought to be frequent before it walks to the end', () => {
    const { attempts } = planPage({ ...sorted, offers: [{ ...guess, estimate: 300_000 }] });
    expect(attempts.map(({ by }) => by)).toEqual(['head', 'rows']);
    expect(planPage({ ...sorted, offers: [{ ...frequent, estimate: 300_000 }] }).attempts).toEqual([]);
  });

  it('reads nothing that takes longer to sort than all takes to walk', () => {
    expect(planPage({ ...sorted, sortCost: 30, offers: [{ ...frequent, estimate: 90_000 }] }).attempts).toEqual([]);
    expect(planPage({ ...sorted, sortCost: 30, offers: [{ ...frequent, estimate: 900 }] }).attempts).not.toEqual([]);
  });

  it('limits whole numbers of rows, though estimates come from shares', () => {
    const { attempts } = planPage({ ...sorted, offers: [{ ...frequent, estimate: 5901.0595 }] });
    expect(attempts).toContainEqual({ by: 'rows', criterion: 0, limit: 23_604 });
  });
});
