import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgressBar } from './progress-bar.ts';

function createScreen(isTTY: boolean) {
  let text = '';
  let now = 0;
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return {
    bar: createProgressBar('Loading', stream, () => now),
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
    read: () => {
      stream.read();
      return text;
    },
  };
}

test('elsewhere than on a terminal there is a line every five seconds, and a last one', () => {
  const { bar, wait, read } = createScreen(false);
  for (const done of [0, 100, 200, 300]) {
    bar.update({ done, total: 400, unit: 'rows' });
    wait(2500);
  }
  bar.update({ done: 400, total: 400, unit: 'rows' });
  bar.end();
  expect(read().trimEnd().split('\n')).toHaveLength(3);
  expect(read()).toContain('50 % 200 rows, 40/s, 5 s left\n');
  expect(read()).toContain('100 % 400 rows, 40/s\n');
});

test('on a terminal one line is redrawn', () => {
  const { bar, wait, read } = createScreen(true);
  wait(1000);
  bar.update({ done: 50, total: 100, unit: 'rows' });
  bar.end();
  expect(read()).toMatch(/^\r.*50 % 50 rows, 50\/s, 1 s left\r.*\n$/);
});

test('the share may be known without a total', () => {
  const { bar, wait, read } = createScreen(false);
  wait(30_000);
  bar.update({ done: 1000, unit: 'resources', share: 0.25 });
  bar.end();
  expect(read()).toContain('25 % 1,000 resources, 33/s, 1 min 30 s left');
});
