import { createHmac } from 'node:crypto';

/** Seconds for which a code is shown before the next one. */
export const stepSeconds = 60;

/** The step in which a time (milliseconds since 1970 UTC) lies. */
export const stepOf = (at: number): number => Math.floor(at / 1000 / stepSeconds);

/** Eight digits to type in where nothing scans: HMAC-SM3 of the step, cut as RFC 4226 cuts. */
export function digitsOf(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sm3', seed).update(counter).digest();
  const offset = (mac[31] ?? 0) & 15;
  return `${(mac.readUInt32BE(offset) & 0x7fffffff) % 100_000_000}`.padStart(8, '0');
}
