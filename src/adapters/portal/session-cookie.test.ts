import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseSessionCookie, printEndedCookie, printSessionCookie } from './session-cookie.ts';

const token = randomBytes(32).toString('base64url');
const sent = (setCookie: string) => setCookie.split(';')[0];

describe('a session cookie', () => {
  test('is out of reach of scripts and of other sites', () => {
    const cookie = printSessionCookie(token, true);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    expect(printSessionCookie(token, false)).not.toContain('Secure');
  });

  test('is found among other cookies, and gone after it has ended', () => {
    expect(parseSessionCookie(`a=1; ${sent(printSessionCookie(token, false))}; b=2`)).toBe(token);
    expect(parseSessionCookie(sent(printEndedCookie(false)))).toBeUndefined();
    expect(parseSessionCookie(undefined)).toBeUndefined();
  });

  test.each([
    `meridian-session=${token}; meridian-session=${token.split('').reverse().join('')}`,
    `meridian-session=${token}x`,
    `meridian-session="${token}"`,
    `x-meridian-session=${token}`,
    'meridian-session',
  ])('%s names nobody', (header) => {
    expect(parseSessionCookie(header)).toBeUndefined();
  });
});
