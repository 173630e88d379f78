import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSessionCookie, printEndedCookie, printSessionCookie } from './session-cookie.ts';

const key = randomBytes(32);
const now = new Date('2026-11-23T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const sent = (setCookie: string) => setCookie.split(';')[0];

describe('a session cookie', () => {
  test('names the person who signed in, for any id', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
        fc.pre(id.isWellFormed());
        expect(parseSessionCookie(sent(printSessionCookie(id, key, now, false)), key, later(1))).toBe(id);
      }),
    );
  });

  test('is out of reach of scripts and of other sites', () => {
    const cookie = printSessionCookie('chen', key, now, true);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).toContain('Secure');
  });

  test('is not believed once a character of it has changed', () => {
    const cookie = sent(printSessionCookie('chen', key, now, false)) ?? '';
    expect(parseSessionCookie(cookie.replace('=chen', '=shen'), key, now)).toBeUndefined();
    expect(parseSessionCookie(cookie.slice(0, -1), key, now)).toBeUndefined();
    expect(parseSessionCookie(cookie, randomBytes(32), now)).toBeUndefined();
  });

  test('ends after twelve hours, and when it is replaced by the empty one', () => {
    const cookie = sent(printSessionCookie('chen', key, now, false));
    expect(parseSessionCookie(cookie, key, later(11))).toBe('chen');
    expect(parseSessionCookie(cookie, key, later(13))).toBeUndefined();
    expect(parseSessionCookie(sent(printEndedCookie(false)), key, now)).toBeUndefined();
    expect(parseSessionCookie(undefined, key, now)).toBeUndefined();
  });

  test('is found among other cookies', () => {
    const cookie = sent(printSessionCookie('chen', key, now, false));
    expect(parseSessionCookie(`a=1; ${cookie}; b=2`, key, now)).toBe('chen');
  });
});
