import { createHmac, timingSafeEqual } from 'node:crypto';

/** One-time codes from a clock that both sides have. https://www.rfc-editor.org/rfc/rfc6238 */
const stepMs = 30_000;
const digits = 6;

/** The code of a step: HMAC-SHA-1, truncated as https://www.rfc-editor.org/rfc/rfc4226#section-5.3 says. */
export function codeOfStep(secret: Uint8Array, step: number, length = digits): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** length).padStart(length, '0');
}

/** The step that `now` (milliseconds since 1970) is in. */
export const stepOf = (now: number): number => Math.floor(now / stepMs);

/** The step whose code this is, at most one step away from now, since clocks of phones drift; undefined for a wrong code. */
export function findStep(secret: Uint8Array, code: string, now: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const sent = Buffer.from(code);
  const near = [0, -1, 1].map((drift) => stepOf(now) + drift);
  return near.filter((step) => timingSafeEqual(Buffer.from(codeOfStep(secret, step)), sent))[0];
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** https://www.rfc-editor.org/rfc/rfc4648#section-6, without padding. */
export function printBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
}

/** What an authenticator app reads from the QR code. https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function printKeyUri(secret: Uint8Array, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${printBase32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
