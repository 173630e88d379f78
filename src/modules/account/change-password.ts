import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Session } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';
import { actorOf, tell } from './events.ts';
import { checkPassword, hashPassword, isPassword } from './password.ts';
import { deleteSessions, deleteTickets, updatePassword } from './queries.ts';
import { knownAccount, namesOf } from './sign-in.ts';
import { guess } from './throttle.ts';

/** Sets another password and ends all other sessions. Fails with `business-rule` when the present one is not right. */
export async function changePassword(
  deps: AccountDependencies,
  session: Session,
  { present, password }: { present: string; password: string },
): Promise<void> {
  const account = await knownAccount(deps, session.account.id);
  const attempt = await guess(deps, 'account', account.id, session);
  if (account.password !== undefined && !(await isPassword(present, account.password))) {
    throw new Failure('business-rule', 'The present password is wrong. Nothing was changed.');
  }
  await attempt.wasRight();
  checkPassword(password, namesOf(account));
  const hashed = await hashPassword(password);
  await inTransaction(deps.pool, async (transaction) => {
    await updatePassword(transaction, account.id, hashed, deps.now());
    await deleteSessions(transaction, account.id, { except: session.id });
    await deleteTickets(transaction, account.id);
    const actor = actorOf(account, session.role, session, session.id);
    await tell(deps, transaction, { actor, event: 'password-changed', about: account });
  });
}
