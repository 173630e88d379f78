import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('functions of one key run one by one in their order, also after a failure, and others beside them', async () => {
  const inTurn = createTurns();
  const events: string[] = [];
  const run = (key: string, name: string, isBad = false) =>
    inTurn(key, async () => {
      events.push(`${name} starts`);
      await sleep(2);
      events.push(`${name} ends`);
      if (isBad) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([run('a', 'a1'), run('a', 'a2', true), run('a', 'a3'), run('b', 'b1')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  const ofA = events.filter((event) => event.startsWith('a'));
  expect(ofA).toEqual(['a1 starts', 'a1 ends', 'a2 starts', 'a2 ends', 'a3 starts', 'a3 ends']);
  expect(events.indexOf('b1 starts')).toBeLessThan(events.indexOf('a1 ends'));
});
