import { expect, test } from 'vitest';
import { Generation } from './generation.ts';

test('who asks while a look is on its way waits for the next one, together with others', async () => {
  const looks: ((generation: number) => void)[] = [];
  const generation = new Generation(() => new Promise((resolve) => looks.push(resolve)));
  const first = generation.current();
  const second = generation.current();
  const third = generation.current();
  expect(looks).toHaveLength(1);
  looks[0]?.(1);
  expect(await first).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(looks).toHaveLength(2);
  looks[1]?.(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
});

test('a look that fails is not the end', async () => {
  let looks = 0;
  const generation = new Generation(async () => {
    if (++looks === 1) throw new Error('lost');
    return looks;
  });
  const first = generation.current();
  const second = generation.current();
  await expect(first).rejects.toThrow('lost');
  expect(await second).toBe(2);
});
