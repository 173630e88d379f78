import { hash } from 'node:crypto';

/**
 * The 64-bit key of a token in the search index: the first 8 bytes of SHA-1 over path, system and code.
 * A cryptographic hash, because values come from outside: nobody can craft one person's identifier to match another's.
 */
export function tokenKey(path: number, system: string, code: string): bigint {
  return hash('sha1', `${path}\u0000${system}\u0000${code}`, 'buffer').readBigInt64BE(0);
}

/** Stands in the place of the system when an identifier is asked for by value alone. */
export const anySystem = '\u0001any';
/** Stands in the place of the value when an identifier is asked for by system alone. */
export const anyValue = '\u0001any';

const masks = new Map<number, bigint>();

/** What the key of the first part of a composite is combined with (by XOR), so that each composite has keys of its own. */
export function compositeMask(path: number): bigint {
  const known = masks.get(path);
  if (known !== undefined) return known;
  const mask = tokenKey(path, '\u0001composite', '');
  masks.set(path, mask);
  return mask;
}
