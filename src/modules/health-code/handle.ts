import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Another handle in each code, so that two shops cannot tell that the same person came: the number of the account and eight
 * random bytes, enciphered as one block of AES-256 under a key of the issuer.
 */
export function sealHandle(key: Uint8Array, account: number): string {
  const block = Buffer.alloc(16);
  block.writeBigUInt64BE(BigInt(account));
  randomBytes(8).copy(block, 8);
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('hex');
}

/** The account of a handle; meaningful only for a handle whose code was signed. */
export function openHandle(key: Uint8Array, handle: string): number {
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const block = Buffer.concat([decipher.update(Buffer.from(handle, 'hex')), decipher.final()]);
  return Number(block.readBigUInt64BE(0));
}
