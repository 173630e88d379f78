import { Failure } from '#lib/failure.ts';
import type { AccountDependencies } from './dependencies.ts';
import { keepFingerprint } from './queries.ts';

/** Fails with `processing` when the secrets in the database were sealed with another key than this process has. */
export async function checkSealingKey({ pool, vault }: Pick<AccountDependencies, 'pool' | 'vault'>): Promise<void> {
  const kept = await keepFingerprint(pool, vault.fingerprint);
  if (kept.equals(vault.fingerprint)) return;
  throw new Failure(
    'processing',
    'The second factors in this database were sealed with another key. Bring back keys/vault.key of MERIDIAN_DATA, or set MERIDIAN_VAULT_KEY as on the other servers.',
  );
}
