import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import type { Session } from '../account.ts';
import type { AccountDependencies } from '../dependencies.ts';
import { actorOf, tell } from '../events.ts';
import { bareCode, hashOf, newCode } from '../secret.ts';
import { countRecoveryCodes, replaceRecoveryCodes } from './queries.ts';

const count = 10;

/** Ten codes for the day on which the telephone is lost; each works once, and new ones end those of old. */
export async function makeRecoveryCodes(
  transaction: Transaction,
  account: string,
  { onlyFirst }: { onlyFirst: boolean },
): Promise<string[]> {
  if (onlyFirst && (await countRecoveryCodes(transaction, account)) > 0) return [];
  const codes = Array.from({ length: count }, () => newCode(3));
  await replaceRecoveryCodes(
    transaction,
    account,
    codes.map((code) => hashOf(`${account}:${bareCode(code)}`)),
  );
  return codes;
}

export function renewRecoveryCodes(deps: AccountDependencies, session: Session): Promise<string[]> {
  return inTransaction(deps.pool, async (transaction) => {
    const codes = await makeRecoveryCodes(transaction, session.account.id, { onlyFirst: false });
    const actor = actorOf(session.account, session.role, session, session.id);
    await tell(deps, transaction, { actor, event: 'recovery-codes-made' });
    return codes;
  });
}
