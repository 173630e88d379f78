import { describe, expect, it } from 'vitest';
import { type Offer, planLimits, planPage } from './plan.ts';

const rare: Offer = { estimate: 2, probeCost: 1, canWalk: true, canRead: true, canKey: false };
const frequent: Offer = { ...rare, estimate: 400_000 };
const guess: Offer = { ...rare, estimate: 500, canWalk: false };
const negation: Offer = { ...rare, estimate: 900_000, canWalk: false, canRead: false };
const chain: Offer = { estimate: 6000, probeCost: 3, canWalk: false, canRead: true, canKey: true };

const unsorted = { everyone: 1_000_000, count: 21, isSorted: false, canHead: true, limits: planLimits };
const sorted = { ...unsorted, isSorted: true };

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

  it('follows a chain from its targets', () => {
    const { attempts } = planPage({
      ...unsorted,
      offers: [
        { ...frequent, estimate: 5000 },
        { ...chain, estimate: 900 },
      ],
    });
    expect(attempts).toEqual([{ by: 'keys', criterion: 1 }]);
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

  it('limits whole numbers of rows, though estimates come from shares', () => {
    const { attempts } = planPage({ ...sorted, offers: [{ ...frequent, estimate: 5901.0595 }] });
    expect(attempts).toContainEqual({ by: 'rows', criterion: 0, limit: 23_604 });
  });
});
