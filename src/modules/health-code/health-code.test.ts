import { createHash, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { encode } from 'uqr';
import { describe, expect, test } from 'vitest';
import { type CodeClaims, packClaims, printCode, readCode, scopes } from './code.ts';
import { digitsOf, stepOf } from './digits.ts';
import { openHandle, sealHandle } from './handle.ts';
import { algorithms, createPair, isSignedBy, signWith } from './signature.ts';
import { createReplayMemory, type KeyDocument, verifyOffline } from './verify.ts';

const now = Date.UTC(2025, 0, 1);
const issuerId = 'a1b2c3d4';

test('SM3 and the digits are those of the reference', () => {
  expect(createHash('sm3').update('abc').digest('hex')).toBe(
    '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
  );
  expect(stepOf(now)).toBe(28_928_160);
  expect(digitsOf(Buffer.from('00112233445566778899aabbccddeeff', 'hex'), stepOf(now))).toBe('33444064');
});

test('SM2 takes the signature that GM/T 0003.5 gives as an example', () => {
  const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  const key = {
    kty: 'EC',
    crv: 'SM2',
    x: base64('09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020'),
    y: base64('CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13'),
  } as const;
  const signature = Buffer.from(
    'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA',
    'hex',
  );
  expect(isSignedBy(key, Buffer.from('message digest'), signature)).toBe(true);
  expect(isSignedBy(key, Buffer.from('message digest.'), signature)).toBe(false);
});

test('a handle tells its account under the key only, and is another one each time', () => {
  const key = Buffer.alloc(32, 7);
  const handles = new Set(Array.from({ length: 100 }, () => sealHandle(key, 4711)));
  expect(handles.size).toBe(100);
  for (const handle of handles) expect(openHandle(key, handle)).toBe(4711);
});

const anyClaims: fc.Arbitrary<CodeClaims> = fc.record({
  kind: fc.constantFrom('dynamic' as const, 'paper' as const),
  keyId: fc.stringMatching(/^[0-9a-f]{8}$/),
  issuer: fc.stringMatching(/^[0-9a-f]{8}$/),
  handle: fc.stringMatching(/^[0-9a-f]{32}$/),
  issuedAt: fc.integer({ min: 0, max: 0xffffffff }),
  scopes: fc.subarray([...scopes]),
});

test('what is printed is read back', () => {
  fc.assert(
    fc.property(anyClaims, fc.uint8Array({ minLength: 64, maxLength: 64 }), (claims, signature) => {
      const text = printCode(packClaims(claims), signature);
      const read = readCode(` ${text.toLowerCase()}\n`);
      expect(read.claims).toEqual(claims);
      expect(read.signature).toEqual(Buffer.from(signature));
    }),
  );
});

test('what is no code is refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => readCode(text)).toThrow('no health code');
    }),
  );
  expect(() => readCode(`MH${'A'.repeat(151)}`)).toThrow('no health code');
});

describe.each(algorithms)('%s', (algorithm) => {
  const pair = createPair(algorithm);
  const document: KeyDocument = {
    issuer: 'https://record.example.org',
    issuerId,
    validSeconds: 60,
    toleranceSeconds: 90,
    keys: [{ ...pair.publicJwk, kid: pair.id, alg: algorithm, use: 'sig', nbf: 0 }],
  };
  const codeOf = (changes: Partial<CodeClaims> = {}) => {
    const signed = packClaims({
      ...{ kind: 'dynamic', keyId: pair.id, issuer: issuerId, handle: '0'.repeat(32), issuedAt: now / 1000 },
      ...{ scopes: ['identity', 'visit'], ...changes },
    } as CodeClaims);
    return printCode(signed, signWith(pair, signed));
  };
  const check = (text: string, at = now, memory = createReplayMemory(() => at)) => {
    const verdict = verifyOffline(text, document, { now: at, memory });
    return verdict.isTaken ? 'taken' : verdict.reason;
  };

  test('is small enough for a cheap phone: 41 modules at level M', () => {
    const { size, version } = encode(codeOf(), { ecc: 'M', border: 0 });
    expect({ size, version }).toEqual({ size: 41, version: 6 });
  });

  test.each([
    [-91, 'expired'],
    [-90, 'taken'],
    [0, 'taken'],
    [90, 'taken'],
    [91, 'not-yet'],
  ])('a code issued %i s from now is %s', (seconds, expected) => {
    expect(check(codeOf({ issuedAt: now / 1000 + seconds }))).toBe(expected);
  });

  test('is taken once', () => {
    const memory = createReplayMemory(() => now);
    const code = codeOf();
    expect([check(code, now, memory), check(code, now, memory)]).toEqual(['taken', 'replayed']);
    expect(check(codeOf({ handle: '1'.repeat(32) }), now, memory)).toBe('taken');
  });

  test('is refused of another issuer, under another key, and on paper', () => {
    expect(check(codeOf({ issuer: 'ffffffff' }))).toBe('wrong-issuer');
    expect(check(codeOf({ keyId: '00000000' }))).toBe('unknown-key');
    expect(check(codeOf({ kind: 'paper' }))).toBe('needs-network');
  });

  test('is forged when a bit of it is another', () => {
    const { claims, signature } = readCode(codeOf());
    for (const change of [{ issuedAt: claims.issuedAt + 1 }, { scopes: [...scopes] }, { handle: 'f'.repeat(32) }]) {
      expect(check(printCode(packClaims({ ...claims, ...change }), signature))).toBe('forged');
    }
    for (let bit = 0; bit < 512; bit += 37) {
      const bent = Buffer.from(signature);
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(check(printCode(packClaims(claims), bent))).toBe('forged');
    }
    expect(isSignedBy({ ...pair.publicJwk, x: '' }, packClaims(claims), signature)).toBe(false);
  });

  test('a key whose id is not its own is none', () => {
    const other = createPair(algorithm);
    const bent = {
      ...document,
      keys: [{ ...other.publicJwk, kid: pair.id, alg: algorithm, use: 'sig' as const, nbf: 0 }],
    };
    expect(verifyOffline(codeOf(), bent, { now, memory: createReplayMemory(() => now) })).toMatchObject({
      reason: 'unknown-key',
    });
  });
});

test('EdDSA keys are those that others read', () => {
  const { publicJwk } = createPair('EdDSA');
  expect(createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).asymmetricKeyType).toBe('ed25519');
});
