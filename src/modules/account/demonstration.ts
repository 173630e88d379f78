import type { Actor } from '#fhir/access/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { addAccount, type NewAccount } from './administer.ts';
import type { AccountDependencies } from './dependencies.ts';
import { tell } from './events.ts';
import { sealSecret } from './factor/authenticator.ts';
import { insertAuthenticator } from './factor/queries.ts';
import { hashPassword } from './password.ts';
import { findDemonstration, lockAccount, updatePassword } from './queries.ts';
import { printBase32 } from './totp.ts';

/** Somebody of a demonstration who may also be tried with a password and a second factor. */
export interface DemonstrationProofs {
  name: string;
  password: string;
  /** The secret of the authenticator, in base 32. */
  secret: string;
}

/** Adds an account for somebody of a demonstration, unless it is there. */
export async function ensureDemonstration(
  deps: AccountDependencies,
  actor: Actor,
  person: NewAccount & { demonstration: string },
): Promise<void> {
  if (await findDemonstration(deps.pool, person.demonstration)) return;
  await addAccount(deps, actor, person);
}

/**
 * Gives somebody of a demonstration a password and an authenticator, both drawn from the key of the deployment, so that they can
 * be told at every start; undefined once they have changed their password.
 */
export async function ensureDemonstrationProofs(
  deps: AccountDependencies,
  actor: Actor,
  word: string,
): Promise<DemonstrationProofs | undefined> {
  const drawn = deps.vault.derive(`demonstration ${word}`);
  const password = printBase32(drawn.subarray(0, 10))
    .toLowerCase()
    .replaceAll(/(.{4})(?=.)/g, '$1-');
  const secret = deps.vault.derive(`demonstration authenticator ${word}`).subarray(0, 20);
  const hashed = await hashPassword(password);
  return inTransaction(deps.pool, async (transaction) => {
    const found = await findDemonstration(transaction, word);
    const account = found && (await lockAccount(transaction, found.id));
    if (!account) return undefined;
    const epoch = 0;
    if (account.password === undefined) {
      await updatePassword(transaction, account.id, hashed, epoch);
      const authenticator = {
        id: deps.newId(),
        name: 'Demonstration',
        secret: sealSecret(deps, secret),
        createdAt: deps.now(),
      };
      await insertAuthenticator(transaction, account.id, { ...authenticator, lastStep: 0 });
      await tell(deps, transaction, { actor, event: 'factor-added', about: account, detail: 'demonstration' });
    } else if (account.passwordAt !== epoch) return undefined;
    return { name: account.name, password, secret: printBase32(secret) };
  });
}
