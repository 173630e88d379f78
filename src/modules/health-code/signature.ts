import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

/** EdDSA is Ed25519 (RFC 8032); SM2 is GM/T 0003 with SM3 and the user id of GM/T 0009. */
export const algorithms = ['EdDSA', 'SM2'] as const;
export type Algorithm = (typeof algorithms)[number];

/** A public key as JWK (RFC 8037 for EdDSA; `crv: SM2` with the coordinates for SM2). */
export interface PublicJwk {
  readonly kty: 'OKP' | 'EC';
  readonly crv: 'Ed25519' | 'SM2';
  readonly x: string;
  readonly y?: string;
}

/** Both signatures have 64 bytes. */
export interface SigningPair {
  readonly algorithm: Algorithm;
  /** 8 hexadecimal digits. */
  readonly id: string;
  readonly publicJwk: PublicJwk;
  /** PKCS #8 for EdDSA, the 32 bytes of the number for SM2. */
  readonly privateBytes: Buffer;
}

const userId = '1234567812345678';
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

export function createPair(algorithm: Algorithm): SigningPair {
  if (algorithm === 'EdDSA') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const publicJwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: `${publicKey.export({ format: 'jwk' }).x}` };
    const privateBytes = privateKey.export({ type: 'pkcs8', format: 'der' });
    return { algorithm, id: keyIdOf(publicJwk), publicJwk, privateBytes };
  }
  const { publicKey, privateKey } = sm2.generateKeyPairHex();
  const publicJwk: PublicJwk = {
    kty: 'EC',
    crv: 'SM2',
    x: base64(publicKey.slice(2, 66)),
    y: base64(publicKey.slice(66)),
  };
  return {
    algorithm,
    id: keyIdOf(publicJwk),
    publicJwk,
    privateBytes: Buffer.from(privateKey.padStart(64, '0'), 'hex'),
  };
}

/** The beginning of the SHA-256 of the coordinates: whoever has the key can tell whether it is that of the id. */
export const keyIdOf = ({ crv, x, y = '' }: PublicJwk): string =>
  createHash('sha256').update(`${crv}.${x}.${y}`).digest('hex').slice(0, 8);

export function signWith({ algorithm, publicJwk, privateBytes }: SigningPair, bytes: Uint8Array): Buffer {
  if (algorithm === 'EdDSA') {
    return sign(null, bytes, createPrivateKey({ key: privateBytes, format: 'der', type: 'pkcs8' }));
  }
  const options = { hash: true, der: false, userId, publicKey: sm2PublicKey(publicJwk) };
  return Buffer.from(sm2.doSignature(bytes, privateBytes.toString('hex'), options), 'hex');
}

/** False for whatever cannot be one, too. */
export function isSignedBy(publicJwk: PublicJwk, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  try {
    if (publicJwk.crv === 'Ed25519') {
      const { kty, crv, x } = publicJwk;
      return verify(null, bytes, createPublicKey({ key: { kty, crv, x }, format: 'jwk' }), signature);
    }
    const options = { hash: true, der: false, userId };
    return sm2.doVerifySignature(bytes, Buffer.from(signature).toString('hex'), sm2PublicKey(publicJwk), options);
  } catch {
    return false;
  }
}

const sm2PublicKey = ({ x, y = '' }: PublicJwk): string =>
  `04${[x, y].map((part) => Buffer.from(part, 'base64url').toString('hex').padStart(64, '0')).join('')}`;
