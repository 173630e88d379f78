import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '#lib/failure.ts';

/** What signs the trail. It is kept outside the database, so that whoever can change that cannot sign what they changed. */
export interface AuditKey {
  /** The beginning of the SHA-256 of the public key. */
  readonly id: string;
  /** Base64 of the SubjectPublicKeyInfo. */
  readonly publicText: string;
  readonly publicKey: KeyObject;
  /** Absent where only the public half is known. */
  readonly privateKey?: KeyObject | undefined;
  /** Proves that a process which has the private half wrote an event. */
  authenticate?(text: string): bigint;
}

export const signHash = ({ privateKey }: AuditKey, hash: Uint8Array): Buffer => {
  if (!privateKey)
    throw new Failure('not-supported', 'The trail is signed with a private key, and only its public half is here.');
  return sign(null, hash, privateKey);
};

export const isSignedBy = ({ publicKey }: AuditKey, hash: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, hash, publicKey, signature);

/**
 * The key of this file; it is made when there is none. All server processes on one database need the same file. Of
 * processes that start at once, one makes it.
 */
export function openKey(file: string): AuditKey {
  if (!existsSync(file)) makeKey(file);
  return parseKey(readFileSync(file, 'utf8'), file);
}

function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const own = `${file}.${process.pid}`;
  writeFileSync(own, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own);
  }
}

/** The key, and those whose PEM lies beside it in `trusted/`: former ones, public or private. */
export function openTrustedKeys(file: string): AuditKey[] {
  const folder = join(dirname(file), 'trusted');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pem')) : [];
  const others = names.sort().map((name) => parseKey(readFileSync(join(folder, name), 'utf8'), join(folder, name)));
  return [openKey(file), ...others];
}

export function parseKey(pem: string, file: string): AuditKey {
  try {
    const privateKey = pem.includes('PRIVATE') ? createPrivateKey(pem) : undefined;
    const publicKey = createPublicKey(pem);
    if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error(`it is of the kind ${publicKey.asymmetricKeyType}`);
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const id = createHash('sha256').update(der).digest('hex').slice(0, 16);
    const authenticate = privateKey && createAuthentication(privateKey);
    return { id, publicText: der.toString('base64'), publicKey, privateKey, ...(authenticate && { authenticate }) };
  } catch (error) {
    throw new Failure('value', `${file} is no Ed25519 key in PEM: ${(error as Error).message}.`);
  }
}

function createAuthentication(privateKey: KeyObject): (text: string) => bigint {
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' });
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'meridian audit event', 32)));
  return (text) => createHmac('sha256', key).update(text).digest().readBigInt64BE(0);
}
