import { Failure } from '#lib/failure.ts';

/** What a code may open, each given and taken back apart; the place in the list is its bit and never changes. */
export const scopes = ['identity', 'visit', 'prescriptions', 'insurance', 'payment'] as const;
export type Scope = (typeof scopes)[number];

/** What a code on paper opens at most: paper is lost, copied and lent. */
export const paperScopes: readonly Scope[] = ['identity', 'visit'];

/** `dynamic` is shown on a phone for a minute; `paper` is printed, and only the server can tell whether it still holds. */
export type CodeKind = 'dynamic' | 'paper';

/** What a code says; all of it is signed. Nothing in it names a person. */
export interface CodeClaims {
  readonly kind: CodeKind;
  /** Of the public key: 8 hexadecimal digits, the beginning of the SHA-256 of it. */
  readonly keyId: string;
  /** 8 hexadecimal digits, the beginning of the SHA-256 of the address of the issuer. */
  readonly issuer: string;
  /** 32 hexadecimal digits. On a phone another one in each code, so that it is the nonce, too; on paper a pointer. */
  readonly handle: string;
  /** Seconds since 1970 UTC. */
  readonly issuedAt: number;
  readonly scopes: readonly Scope[];
}

export interface ReadCode {
  readonly claims: CodeClaims;
  /** What is signed. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const prefix = 'MH';
const version = 1;
const kinds = { dynamic: 1, paper: 2 } as const;
const signedBytes = 30;
const codeBytes = signedBytes + 64;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const shape = new RegExp(`^${prefix}[${letters}]{${Math.ceil((codeBytes * 8) / 5)}}$`);

/** The 30 bytes to be signed: version and kind, key, issuer, handle, time, scopes. */
export function packClaims({ kind, keyId, issuer, handle, issuedAt, scopes: given }: CodeClaims): Buffer {
  const bytes = Buffer.alloc(signedBytes);
  bytes[0] = (version << 4) | kinds[kind];
  bytes.write(keyId, 1, 4, 'hex');
  bytes.write(issuer, 5, 4, 'hex');
  bytes.write(handle, 9, 16, 'hex');
  bytes.writeUInt32BE(issuedAt, 25);
  bytes[29] = given.reduce((bits, scope) => bits | (1 << scopes.indexOf(scope)), 0);
  return bytes;
}

/** 153 characters out of A-Z and 2-7: a QR code of version 6 at level M, which a scanner can type on any keyboard. */
export const printCode = (signed: Uint8Array, signature: Uint8Array): string =>
  prefix + toBase32(Buffer.concat([signed, signature]));

/** Whether it looks like one of ours, true or false; codes to be typed in do not. */
export const looksLikeCode = (text: string): boolean => shape.test(text.trim().toUpperCase());

/** Fails with `value` for anything else. Whether it is true is another question. */
export function readCode(text: string): ReadCode {
  const trimmed = text.trim().toUpperCase();
  const bytes = shape.test(trimmed) ? fromBase32(trimmed.slice(prefix.length)) : Buffer.alloc(codeBytes);
  const kind = (['dynamic', 'paper'] as const).find((one) => bytes[0] === ((version << 4) | kinds[one]));
  const bits = bytes[29] ?? 0;
  if (!kind || bits >> scopes.length !== 0 || (kind && printCode(bytes, Buffer.alloc(0)) !== trimmed)) {
    throw new Failure('value', 'This is no health code of this kind. Scan it again, or type in the digits below it.');
  }
  const claims = {
    kind,
    keyId: bytes.toString('hex', 1, 5),
    issuer: bytes.toString('hex', 5, 9),
    handle: bytes.toString('hex', 9, 25),
    issuedAt: bytes.readUInt32BE(25),
    scopes: scopes.filter((_, index) => bits & (1 << index)),
  };
  return { claims, signed: bytes.subarray(0, signedBytes), signature: bytes.subarray(signedBytes) };
}

function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += letters[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + letters[(held << (5 - bits)) & 31];
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    held = (held << 5) | letters.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
