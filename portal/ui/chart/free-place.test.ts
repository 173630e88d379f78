import { expect, test } from 'vitest';
import { alongLine, freePlace } from './free-place.ts';

const left = { x: 0, y: 0, width: 50, height: 12 };
const right = { x: 100, y: 0, width: 50, height: 12 };

test('a label goes where no point is', () => {
  expect(freePlace([left, right], [])).toBe(left);
  expect(freePlace([left, right], [[10, 6]])).toBe(right);
});

test('where every place is taken, the emptiest will do', () => {
  expect(
    freePlace(
      [left, right],
      [
        [10, 6],
        [20, 6],
        [110, 6],
      ],
    ),
  ).toBe(right);
});

test('a line between two points takes room, not only its ends', () => {
  const line = alongLine([
    [0, 0],
    [60, 0],
  ]);
  expect(line.length).toBeGreaterThan(9);
  expect(freePlace([{ x: 20, y: -2, width: 10, height: 4 }, right], line)).toBe(right);
});
