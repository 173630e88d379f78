import { createHash, randomBytes, randomInt } from 'node:crypto';

/** 256 random bits for a cookie or a ticket, of which only the hash is kept. */
export const newToken = (): string => randomBytes(32).toString('base64url');

export const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

// Without letters and digits that look alike.
const letters = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** A code to be read out or written down: groups of four letters and digits, almost five bits each. */
export function newCode(groups: number): string {
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** As it is hashed: however somebody typed it. */
export const bareCode = (code: string): string => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
