import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';

/** Seals secrets that the database keeps, so that a copy of the database alone does not open them. */
export interface Vault {
  /** Tells keys apart without giving them away. */
  readonly fingerprint: Buffer;
  /** AES-256-GCM; `purpose` must be the same when it is opened. */
  seal(content: Uint8Array, purpose: string): Buffer;
  /** Fails with `processing` when it was sealed with another key or for another purpose. */
  open(sealed: Uint8Array, purpose: string): Buffer;
  /** A key of its own for another use, such as signing. */
  derive(purpose: string): Buffer;
}

const ivBytes = 12;
const tagBytes = 16;

export function createVault(key: Uint8Array): Vault {
  if (key.length !== 32) throw new Failure('value', 'The key of the vault must have 32 bytes.');
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
  const sealing = derive('seal');
  return {
    fingerprint: createHash('sha256').update(derive('fingerprint')).digest().subarray(0, 8),
    derive,
    seal: (content, purpose) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(purpose));
      return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, purpose) => {
      const bytes = Buffer.from(sealed);
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, ivBytes))
          .setAAD(Buffer.from(purpose))
          .setAuthTag(bytes.subarray(-tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
      } catch {
        throw new Failure(
          'processing',
          `A secret (${purpose}) was sealed with another key: start with the key of old.`,
        );
      }
    },
  };
}

/** The key in `<folder>/keys/vault.key`, made at the first start; or the one that is configured: 32 bytes in base64. */
export function readVaultKey(dataFolder: string, configured: string): Buffer {
  if (configured !== '') return Buffer.from(configured, 'base64');
  const folder = join(dataFolder, 'keys');
  const file = join(folder, 'vault.key');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length === 32) return key;
  throw new Failure('processing', `${file} holds no key of 32 bytes in base64. Bring back the file of the backup.`);
}
