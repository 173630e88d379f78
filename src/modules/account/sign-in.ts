import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { type Account, type Caller, isStaff, type Method, type RoleAssignment, type Session } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';
import { actorOf, tell, tellAlone } from './events.ts';
import { type FactorKind, factorsOf } from './factor/factors.ts';
import { hasOneTimeCode, takeOneTimeCode } from './factor/queries.ts';
import { checkPassword, hashPassword, isOutdated, isPassword } from './password.ts';
import {
  deleteSessions,
  deleteTickets,
  findAccount,
  findByName,
  findDemonstration,
  lockAccount,
  type StoredAccount,
  updatePassword,
} from './queries.ts';
import { bareCode, hashOf } from './secret.ts';
import { type Opened, openSession, rolesNow } from './session.ts';
import { guess } from './throttle.ts';
import { issueTicket, spendTicket } from './ticket.ts';

/** What comes next for somebody who signs in. */
export type Step =
  | ({ next: 'done' } & Opened)
  | { next: 'second-factor'; ticket: string; factors: FactorKind[] }
  /** Whoever needs a second factor and has none sets one up first. */
  | { next: 'enrol'; ticket: string }
  | { next: 'choose-role'; ticket: string; roles: RoleAssignment[] };

/** Where somebody signs in from; the session that the browser holds already is replaced. */
export interface SignInCaller extends Caller {
  session?: Session | undefined;
}

/** A name or telephone number as it is compared. */
export const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const wrong = (): Failure => new Failure('login', 'The name or the password is wrong. Check both and try again.');

/**
 * The first step with a password. Whether the name, the password or both are wrong, the answer is the same and takes the same
 * time. Fails with `login`, or `throttled` after too many attempts.
 */
export async function signInWithPassword(
  deps: AccountDependencies,
  { name, password }: { name: string; password: string },
  caller: SignInCaller,
): Promise<Step> {
  const account = await findByName(deps.pool, plainName(name));
  const attempt = await guess(deps, 'account', account?.id ?? plainName(name), caller).catch(
    async (failure: unknown) => {
      await tellAlone(deps, {
        actor: actorOf(account, undefined, caller),
        event: 'blocked',
        about: account,
        isRefused: true,
      });
      throw failure;
    },
  );
  const isRight = await isPassword(password, account?.password);
  if (!account || !isRight) {
    await tellAlone(deps, {
      actor: actorOf(undefined, undefined, caller),
      event: 'sign-in-failed',
      about: account,
      detail: 'password',
      isRefused: true,
    });
    throw wrong();
  }
  await attempt.wasRight();
  if (isOutdated(account.password ?? ''))
    await updatePassword(deps.pool, account.id, await hashPassword(password), account.passwordAt ?? deps.now());
  return advance(deps, account, ['password'], caller);
}

/** Sets the first or a new password with the code that an administrator handed over; whoever was signed in is no longer. */
export async function signInWithOneTimeCode(
  deps: AccountDependencies,
  { name, code, password }: { name: string; code: string; password: string },
  caller: SignInCaller,
): Promise<Step> {
  const account = await findByName(deps.pool, plainName(name));
  const attempt = await guess(deps, 'account', account?.id ?? plainName(name), caller);
  const hash = hashOf(bareCode(code));
  if (!account || !(await hasOneTimeCode(deps.pool, account.id, hash, deps.now()))) {
    await tellAlone(deps, {
      actor: actorOf(undefined, undefined, caller),
      event: 'sign-in-failed',
      about: account,
      detail: 'one-time-code',
      isRefused: true,
    });
    throw new Failure(
      'login',
      'The name or the code is wrong, or the code has expired. Check both, or ask for a new code.',
    );
  }
  await attempt.wasRight();
  refuseLocked(account);
  checkPassword(password, namesOf(account));
  const hashed = await hashPassword(password);
  await inTransaction(deps.pool, async (transaction) => {
    await lockAccount(transaction, account.id);
    const isFirst = await takeOneTimeCode(transaction, account.id, hash, deps.now());
    if (!isFirst) throw new Failure('login', 'This code was used a moment ago. Ask for a new one.');
    await updatePassword(transaction, account.id, hashed, deps.now());
    await deleteSessions(transaction, account.id);
    await deleteTickets(transaction, account.id);
    await tell(deps, transaction, {
      actor: actorOf(account, undefined, caller),
      event: 'password-changed',
      about: account,
      detail: 'one-time-code',
    });
  });
  return advance(deps, account, ['one-time-code'], caller);
}

/** Words that must not stand in the password of an account. */
export const namesOf = (account: Account): string[] =>
  [
    account.name,
    account.phone ?? '',
    account.display.zh,
    account.display.en,
    account.display.en.replaceAll(' ', ''),
  ].filter(Boolean);

/** As one of the people of a demonstration, who have nothing to prove; the caller makes sure that this is allowed here. */
export async function signInAsDemonstration(
  deps: AccountDependencies,
  word: string,
  caller: SignInCaller,
): Promise<Step> {
  const account = await findDemonstration(deps.pool, word);
  if (!account) throw new Failure('not-found', 'There is no such person in the demonstration. Choose one of the list.');
  return advance(deps, account, ['demonstration'], caller);
}

/** Goes on after something was proved: to the second factor, to the choice of a role, or in. */
export async function advance(
  deps: AccountDependencies,
  account: StoredAccount,
  methods: Method[],
  caller: SignInCaller,
  chosen?: string,
): Promise<Step> {
  refuseLocked(account);
  const roles = await rolesNow(deps, account.id);
  if (roles.length === 0)
    throw new Failure('forbidden', 'You hold no role now. Ask an administrator of your organisation for one.');
  if (!isProvedTwice(methods)) {
    const factors = await factorsOf(deps, account.id);
    if (factors.length > 0)
      return {
        next: 'second-factor',
        ticket: await issueTicket(deps, 'second-factor', account.id, { methods }),
        factors,
      };
    if (needsTwo(deps, roles))
      return { next: 'enrol', ticket: await issueTicket(deps, 'must-enrol', account.id, { methods }) };
  }
  const role = chosen === undefined && roles.length === 1 ? roles[0] : roles.find(({ id }) => id === chosen);
  if (role)
    return { next: 'done', ...(await openSession(deps, { account, role, methods, caller, replaces: caller.session })) };
  return { next: 'choose-role', ticket: await issueTicket(deps, 'choose-role', account.id, { methods }), roles };
}

/** The last step for whoever holds several roles. */
export async function signInWithRole(
  deps: AccountDependencies,
  { ticket, role }: { ticket: string; role: string },
  caller: SignInCaller,
): Promise<Step> {
  const { account, body } = await spendTicket(deps, 'choose-role', ticket);
  return advance(deps, await knownAccount(deps, account), body.methods, caller, role);
}

export async function knownAccount(deps: AccountDependencies, id: string): Promise<StoredAccount> {
  const account = await findAccount(deps.pool, id);
  if (account) return account;
  throw new Failure('login', 'This account is no more. Ask an administrator.');
}

function refuseLocked(account: Account): void {
  if (account.isLocked)
    throw new Failure('forbidden', 'This account is locked. Ask an administrator of your organisation.');
}

const strong: readonly Method[] = ['passkey', 'authenticator', 'recovery-code', 'external-twice', 'demonstration'];

const isProvedTwice = (methods: readonly Method[]): boolean => methods.some((method) => strong.includes(method));

const needsTwo = ({ settings }: AccountDependencies, roles: readonly RoleAssignment[]): boolean =>
  settings.secondFactor === 'everybody' ||
  (settings.secondFactor === 'staff' && roles.some(({ role }) => isStaff(role)));
