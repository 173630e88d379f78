import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Failure } from '#lib/failure.ts';
import { createLimit } from '#lib/limit.ts';

/** Argon2id with the parameters that OWASP gives for 19 MiB. https://www.rfc-editor.org/rfc/rfc9106 */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const hash = promisify(argon2);

/** Each takes 19 MiB and 30 ms of a core: two at a time, and no queue longer than a few seconds. */
const limit = createLimit(2);
const mostWaiting = 100;
let waiting = 0;

async function derive(
  password: string,
  nonce: Uint8Array,
  { memory, passes, parallelism }: typeof cost,
): Promise<Buffer> {
  if (waiting >= mostWaiting)
    throw new Failure('throttled', 'Too many people sign in at this moment. Try again in a few seconds.');
  waiting++;
  try {
    return await limit(() =>
      hash('argon2id', { message: password.normalize('NFKC'), nonce, memory, passes, parallelism, tagLength: 32 }),
    );
  } finally {
    waiting--;
  }
}

const bare = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');

/** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const derived = await derive(password, nonce, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${bare(nonce)}$${bare(derived)}`;
}

const stored = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/;

/** Whom nobody knows: hashing takes the same time for them. */
const nobody = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${bare(randomBytes(16))}$${bare(randomBytes(32))}`;

/** Whether it is this password; takes as long when there is none. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', derived = ''] = stored.exec(kept ?? nobody) ?? [];
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const tried = await derive(password, Buffer.from(nonce, 'base64'), parameters);
  return timingSafeEqual(tried, Buffer.from(derived, 'base64')) && kept !== undefined;
}

/** Whether it was made at another cost than today's, and should be made anew when the password is next seen. */
export const isOutdated = (kept: string): boolean =>
  !kept.startsWith(`$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`);

const leastLength = 10;
const mostLength = 256;
const common = new Set(
  readFileSync(new URL('../../../content/account/common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

/**
 * Fails with `business-rule` for what is quickly guessed: length and rarity count, not kinds of characters.
 * https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 */
export function checkPassword(password: string, names: readonly string[]): void {
  const refuse = (reason: string) => {
    throw new Failure('business-rule', reason);
  };
  const length = [...password].length;
  if (length < leastLength)
    refuse(`Choose a password of ${leastLength} characters or more: a few words are easy to remember.`);
  if (length > mostLength) refuse(`Choose a password of ${mostLength} characters at most.`);
  const lower = password.normalize('NFKC').toLowerCase();
  const stem = lower.replace(/^[\d\p{P}\p{S}]+|[\d\p{P}\p{S}]+$/gu, '');
  if (common.has(lower) || common.has(stem))
    refuse('Many people use this password, so it is tried first. Choose another.');
  if (stem.length < 3 || isRepeated(lower) || isRow(lower)) {
    refuse('This password is a number, a row of keys or one piece again and again. Choose another.');
  }
  if (names.some((name) => name.length >= 3 && lower.includes(name.toLowerCase()))) {
    refuse('This password holds your name or number. Choose another.');
  }
}

const isRepeated = (text: string): boolean => /^(.{1,4})\1+.{0,3}$/su.test(text);

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
];

function isRow(text: string): boolean {
  const reversed = [...text].reverse().join('');
  return rows.some((row) => row.includes(text) || row.includes(reversed));
}
