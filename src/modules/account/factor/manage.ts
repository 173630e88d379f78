import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { isStaff, type Session } from '../account.ts';
import type { AccountDependencies } from '../dependencies.ts';
import { actorOf, tell } from '../events.ts';
import { lockAccount } from '../queries.ts';
import { rolesNow } from '../session.ts';
import {
  countRecoveryCodes,
  deleteFactor,
  deleteIdentity,
  type ExternalIdentity,
  listAuthenticators,
  listIdentities,
  listPasskeys,
} from './queries.ts';

/** With what somebody proves who they are, without a secret. */
export interface Factors {
  authenticators: { id: string; name: string; createdAt: number }[];
  passkeys: { id: string; name: string; createdAt: number; usedAt: number | undefined }[];
  recoveryCodes: number;
  identities: ExternalIdentity[];
}

export async function listFactors({ pool }: AccountDependencies, account: string): Promise<Factors> {
  const [authenticators, passkeys, recoveryCodes, identities] = await Promise.all([
    listAuthenticators(pool, account),
    listPasskeys(pool, account),
    countRecoveryCodes(pool, account),
    listIdentities(pool, account),
  ]);
  return {
    authenticators: authenticators.map(({ id, name, createdAt }) => ({ id, name, createdAt })),
    passkeys: passkeys.map(({ id, name, createdAt, usedAt }) => ({ id, name, createdAt, usedAt })),
    recoveryCodes,
    identities,
  };
}

export type Removable = { kind: 'authenticator' | 'passkey'; id: string } | { kind: 'identity'; id: string };

/** Removes a factor of one's own. Whoever must prove themselves twice keeps the last one until another is there. */
export async function removeFactor(
  deps: AccountDependencies,
  session: Session,
  { kind, id }: Removable,
): Promise<void> {
  const { account, role } = session;
  const roles = await rolesNow(deps, account.id);
  const { secondFactor } = deps.settings;
  const needsTwo =
    secondFactor === 'everybody' || (secondFactor === 'staff' && roles.some((each) => isStaff(each.role)));
  await inTransaction(deps.pool, async (transaction) => {
    await lockAccount(transaction, account.id);
    const isThere =
      kind === 'identity'
        ? await deleteIdentity(transaction, account.id, id)
        : await deleteFactor(transaction, account.id, kind, id);
    if (!isThere) throw new Failure('not-found', 'It is not there any more.');
    const left = await countFactors(transaction, account.id);
    if (kind !== 'identity' && left === 0 && needsTwo) {
      throw new Failure(
        'business-rule',
        'This is your last second factor, and your role needs one. Add another one first.',
      );
    }
    const actor = actorOf(account, role, session, session.id);
    await tell(deps, transaction, { actor, event: 'factor-removed', about: account, detail: kind });
  });
}

async function countFactors(transaction: Parameters<typeof listPasskeys>[0], account: string): Promise<number> {
  const authenticators = await listAuthenticators(transaction, account);
  return authenticators.length + (await listPasskeys(transaction, account)).length;
}
