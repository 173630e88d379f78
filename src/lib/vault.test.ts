import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createVault, readVaultKey } from './vault.ts';

describe('a vault', () => {
  const vault = createVault(randomBytes(32));

  it('opens what it has sealed, and seals the same content differently each time', () => {
    const secret = Buffer.from('secret');
    const [first, second] = [vault.seal(secret, 'a'), vault.seal(secret, 'a')];
    expect(vault.open(first, 'a')).toEqual(secret);
    expect(first.equals(second)).toBe(false);
  });

  it.each([
    ['another purpose', (sealed: Buffer) => vault.open(sealed, 'b')],
    ['another key', (sealed: Buffer) => createVault(randomBytes(32)).open(sealed, 'a')],
    ['a changed bit', (sealed: Buffer) => vault.open(flip(sealed, 14), 'a')],
    ['a cut end', (sealed: Buffer) => vault.open(sealed.subarray(0, -1), 'a')],
  ])('does not open with %s', (_, open) => {
    expect(() => open(vault.seal(Buffer.from('secret'), 'a'))).toThrow('sealed with another key');
  });

  it('keeps the key that it made, for its owner alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-vault-'));
    const key = readVaultKey(folder, '');
    expect(readVaultKey(folder, '')).toEqual(key);
    expect(statSync(join(folder, 'keys/vault.key')).mode & 0o077).toBe(0);
    rmSync(folder, { recursive: true });
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
