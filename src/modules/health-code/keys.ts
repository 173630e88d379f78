import { inTransaction } from '#lib/postgres/pool.ts';
import { type HealthCodeDependencies, issuerIdOf } from './dependencies.ts';
import { stepSeconds } from './digits.ts';
import { insertKey, lockKeys, type StoredKey, selectKeys } from './queries.ts';
import { createPair, type SigningPair } from './signature.ts';
import type { KeyDocument } from './verify.ts';

type KeyDependencies = Pick<HealthCodeDependencies, 'pool' | 'vault' | 'now' | 'settings' | 'baseUrl'>;

const purpose = 'health code signing key';
const day = 24 * 3600_000;
const signsForDays = 90;
const publishedAhead = day;

/** The key that signs now; the first one is made here. After ninety days the next is published, and signs a day later. */
export async function signingKey(deps: KeyDependencies): Promise<SigningPair> {
  const found = await currentKey(deps);
  if (!found || found.signsFrom < deps.now() - signsForDays * day) await rotateKey(deps);
  if (found) return openPair(deps, found);
  const made = await currentKey(deps);
  if (!made) throw new Error('A key that was made is not there');
  return openPair(deps, made);
}

async function currentKey({ pool, now, settings }: KeyDependencies): Promise<StoredKey | undefined> {
  const keys = (await selectKeys(pool)).filter(({ algorithm }) => algorithm === settings.algorithm);
  return keys.find(({ signsFrom }) => signsFrom <= now());
}

/** Makes the next key, unless one waits already. The first of an algorithm signs at once: nobody verifies by an older one. */
export function rotateKey(deps: KeyDependencies): Promise<string> {
  return inTransaction(deps.pool, async (transaction) => {
    await lockKeys(transaction);
    const now = deps.now();
    const keys = (await selectKeys(transaction)).filter(({ algorithm }) => algorithm === deps.settings.algorithm);
    const waiting = keys.find(({ signsFrom }) => signsFrom > now);
    if (waiting) return waiting.id;
    const pair = createPair(deps.settings.algorithm);
    const isFirst = keys.length === 0;
    await insertKey(transaction, {
      id: pair.id,
      algorithm: pair.algorithm,
      publicJwk: pair.publicJwk,
      sealed: deps.vault.seal(pair.privateBytes, purpose),
      signsFrom: isFirst ? now : now + publishedAhead,
    });
    return pair.id;
  });
}

const openPair = ({ vault }: KeyDependencies, { id, algorithm, publicJwk, sealed }: StoredKey): SigningPair => ({
  ...{ id, algorithm, publicJwk },
  privateBytes: vault.open(sealed, purpose),
});

/** What everybody may know: the keys of all codes that may still be shown, on paper, too. */
export async function keyDocument({ pool, settings, baseUrl }: KeyDependencies): Promise<KeyDocument> {
  const keys = await selectKeys(pool);
  return {
    issuer: baseUrl,
    issuerId: issuerIdOf(baseUrl),
    validSeconds: stepSeconds,
    toleranceSeconds: settings.toleranceSeconds,
    keys: keys.map(({ id, algorithm, publicJwk, signsFrom }) => ({
      ...publicJwk,
      kid: id,
      alg: algorithm === 'SM2' ? 'SM2SM3' : 'EdDSA',
      use: 'sig',
      nbf: Math.floor(signsFrom / 1000),
    })),
  };
}
