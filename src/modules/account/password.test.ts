import { describe, expect, it } from 'vitest';
import { checkPassword, hashPassword, isOutdated, isPassword } from './password.ts';

describe('a hash of a password', () => {
  it('knows its password, however its letters were composed, and no other', async () => {
    const kept = await hashPassword('caf\u00e9 au lait 9');
    expect(await isPassword('cafe\u0301 au lait 9', kept)).toBe(true);
    expect(await isPassword('cafe au lait 9', kept)).toBe(false);
    expect(await isPassword('caf\u00e9 au lait 9', undefined)).toBe(false);
    expect(isOutdated(kept)).toBe(false);
    expect(isOutdated(kept.replace('t=2', 't=1'))).toBe(true);
  });

  it('differs each time', async () => {
    expect(await hashPassword('the same words')).not.toBe(await hashPassword('the same words'));
  });
});

describe('a password', () => {
  it.each([
    'short',
    '九个字的密码不够长',
    'password123',
    'Woaini1314!',
    '1234567890',
    '20261125',
    '2026112520261125',
    'qwertyuiop',
    'poiuytrewq',
    'abcabcabcabc',
    'aaaaaaaaaaaa',
    'zhang.wei-2026',
    'x'.repeat(257),
  ])('%j is refused', (password) => {
    expect(() => checkPassword(password, ['zhang.wei'])).toThrow(/Choose/);
  });

  it.each(['correct horse battery', '清晨的河边有三只白鹭', 'kX9!pq2#Lm', 'tulip-river-11'])(
    '%j is taken',
    (password) => {
      expect(() => checkPassword(password, ['zhang.wei'])).not.toThrow();
    },
  );
});
