import { expect, test } from 'vitest';
import { createBreath } from './breath.ts';

test('lets others run once in so many items', async () => {
  let turns = 0;
  const count = () => {
    turns++;
    if (turns < 100) setImmediate(count);
  };
  setImmediate(count);
  const breathe = createBreath(10);
  const waits: boolean[] = [];
  for (let index = 0; index < 30; index++) {
    const breath = breathe();
    waits.push(breath !== undefined);
    await breath;
  }
  expect(waits.flatMap((waited, index) => (waited ? [index] : []))).toEqual([9, 19, 29]);
  expect(turns).toBeGreaterThan(1);
});
