import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Caller, Method } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';
import { actorOf, tell, tellAlone } from './events.ts';
import { findByIdentity, insertIdentity } from './factor/queries.ts';
import { advance, knownAccount, type SignInCaller, type Step } from './sign-in.ts';
import { issueTicket, readTicket, spendTicket } from './ticket.ts';

/** A sign-in at another provider that was begun here and is to come back. https://openid.net/specs/openid-connect-core-1_0.html */
export interface ExternalTrip {
  provider: string;
  /** https://www.rfc-editor.org/rfc/rfc7636 */
  verifier: string;
  nonce: string;
  /** Where the person was heading. */
  next: string;
}

/** With an account, its owner links that identity; without, somebody signs in. */
export const beginTrip = (deps: AccountDependencies, trip: ExternalTrip, account?: string): Promise<string> =>
  issueTicket(deps, 'external-trip', account, { ...trip });

/** Whose trip it is, before it is over. */
export const readTrip = async (deps: AccountDependencies, ticket: string): Promise<ExternalTrip> =>
  (await readTicket(deps, 'external-trip', ticket)).body;

/**
 * Ends a trip that has brought a subject of the provider: links it to the account that began, or tells which account it is linked
 * to, as a ticket with which the browser goes on. Fails with `not-found` for a subject that nobody has linked.
 */
export async function endTrip(
  deps: AccountDependencies,
  { ticket, subject, isProvedTwice }: { ticket: string; subject: string; isProvedTwice: boolean },
  caller: Caller,
): Promise<{ resume: string } | { linked: true }> {
  const { account, body } = await spendTicket(deps, 'external-trip', ticket);
  if (account !== '') {
    await link(deps, account, body.provider, subject, caller);
    return { linked: true };
  }
  const known = await findByIdentity(deps.pool, body.provider, subject);
  if (known === undefined) {
    const detail = `identity of ${body.provider}`;
    await tellAlone(deps, {
      actor: actorOf(undefined, undefined, caller),
      event: 'sign-in-failed',
      detail,
      isRefused: true,
    });
    throw new Failure('not-found', 'This identity is not linked to an account here.');
  }
  const methods: Method[] = [isProvedTwice ? 'external-twice' : 'external'];
  return { resume: await issueTicket(deps, 'external-resume', known, { methods }) };
}

async function link(
  deps: AccountDependencies,
  id: string,
  provider: string,
  subject: string,
  caller: Caller,
): Promise<void> {
  const account = await knownAccount(deps, id);
  await inTransaction(deps.pool, async (transaction) => {
    const isOwn = await insertIdentity(transaction, { provider, subject, account: id, at: deps.now() });
    if (!isOwn) throw new Failure('conflict', 'This identity is linked to another account.');
    const actor = actorOf(account, undefined, caller);
    await tell(deps, transaction, { actor, event: 'identity-linked', about: account, detail: provider });
  });
}

/** Goes on with the account to which an identity is linked. */
export async function resumeSignIn(deps: AccountDependencies, ticket: string, caller: SignInCaller): Promise<Step> {
  const { account, body } = await spendTicket(deps, 'external-resume', ticket);
  return advance(deps, await knownAccount(deps, account), body.methods, caller);
}
