import { expect, test } from 'vitest';
import { WeightedCache } from './weighted-cache.ts';

test('what was used least lately goes when the weight is too much', () => {
  const cache = new WeightedCache<number>(10);
  cache.set('a', 1, 4);
  cache.set('b', 2, 4);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3, 4);
  expect(cache.get('b')).toBeUndefined();
  expect([cache.get('a'), cache.get('c')]).toEqual([1, 3]);
  cache.set('a', 4, 9);
  expect(cache.get('c')).toBeUndefined();
  cache.set('huge', 5, 11);
  expect(cache.get('huge')).toBeUndefined();
  expect(cache.get('a')).toBe(4);
});
