import type { AccountDependencies } from '../dependencies.ts';
import { countRecoveryCodes, listAuthenticators, listPasskeys } from './queries.ts';

export type FactorKind = 'authenticator' | 'passkey' | 'recovery-code';

/** With what an account can prove itself a second time; recovery codes alone are no factor. */
export async function factorsOf({ pool }: AccountDependencies, account: string): Promise<FactorKind[]> {
  const [authenticators, passkeys, codes] = await Promise.all([
    listAuthenticators(pool, account),
    listPasskeys(pool, account),
    countRecoveryCodes(pool, account),
  ]);
  if (authenticators.length + passkeys.length === 0) return [];
  return [
    ...(authenticators.length > 0 ? (['authenticator'] as const) : []),
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(codes > 0 ? (['recovery-code'] as const) : []),
  ];
}
