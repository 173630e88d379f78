import { describe, expect, it, test } from 'vitest';
import { FailedCondition, Failure } from '#lib/failure.ts';
import { statusOf, toFailure } from './operation-outcome.ts';

describe('trouble with the database', () => {
  it.each(['08006', '57P01', '57P02', '57P03', 'EPIPE', 'ECONNREFUSED', 'ECONNRESET', '53300', '40P01', '57014'])(
    'is told as something that may pass: %s',
    (code) => {
      const failure = toFailure(Object.assign(new Error('x'), { code }));
      expect(failure && statusOf(failure)).toBe(503);
    },
  );

  it('never says that nothing was stored when a connection broke', () => {
    for (const error of [
      Object.assign(new Error('x'), { code: 'EPIPE' }),
      Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'connect' }),
      new Error('Client has encountered a connection error and is not queryable'),
      new Error('Connection terminated unexpectedly'),
    ]) {
      expect(toFailure(error)?.message).toContain('Look what is stored');
    }
  });

  it('is not seen in a file that is missing, or in a bug', () => {
    expect(toFailure(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' }))).toBeUndefined();
    expect(toFailure(new TypeError('x'))).toBeUndefined();
  });
});

test('a condition of the request that fails is 412, another conflict 409', () => {
  expect([statusOf(new FailedCondition('x')), statusOf(new Failure('conflict', 'x'))]).toEqual([412, 409]);
});
