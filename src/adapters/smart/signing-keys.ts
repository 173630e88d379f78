import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { inTransaction, type Pool } from '#lib/postgres/pool.ts';
import type { Vault } from '#lib/vault.ts';
import { deleteKeysBefore, insertKey, listKeys, lockKeys, type StoredKey } from './queries.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** How long a key signs. */
const signsMs = 90 * dayMs;
/** How long what it signed can still be verified; ID tokens live for an hour. */
const verifiesMs = signsMs + dayMs;

/** How long a new key is published before it signs, so that every process has it by then. */
const publishedMs = 5 * 60 * 1000;

const purpose = 'smart.signing_key';

export interface KeyDependencies {
  pool: Pool;
  vault: Vault;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
}

/**
 * The private keys that sign ID tokens, the one that signs first. They are in the database, sealed, so that every process
 * has the same; one is made where there is none, or when the newest has signed for 90 days.
 */
export async function readSigningKeys({ pool, vault, now }: KeyDependencies): Promise<JWK[]> {
  const stored = await listKeys(pool);
  const isFresh = (key: StoredKey | undefined) => key !== undefined && now() - key.createdAt.getTime() < signsMs;
  const keys = isFresh(stored[0])
    ? stored
    : await inTransaction(pool, async (transaction) => {
        await lockKeys(transaction);
        const current = await listKeys(transaction);
        if (isFresh(current[0])) return current;
        await deleteKeysBefore(transaction, new Date(now() - verifiesMs));
        await insertKey(transaction, await createKey(vault, now()));
        return listKeys(transaction);
      });
  const ageOf = (key: StoredKey) => now() - key.createdAt.getTime();
  const valid = keys.filter((key) => ageOf(key) < verifiesMs);
  const ready = valid.filter((key) => ageOf(key) >= publishedMs);
  return [...ready, ...valid.filter((key) => !ready.includes(key))].map(
    ({ sealed }) => JSON.parse(vault.open(sealed, purpose).toString('utf8')) as JWK,
  );
}

async function createKey(vault: Vault, at: number): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const kid = `${new Date(at).toISOString().slice(0, 10)}-${crypto.randomUUID().slice(0, 8)}`;
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
  return { kid, sealed: vault.seal(Buffer.from(JSON.stringify(jwk)), purpose), createdAt: new Date(at) };
}
