import { randomBytes } from 'node:crypto';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Account, Caller, Method, Session } from '../account.ts';
import type { AccountDependencies } from '../dependencies.ts';
import { actorOf, tell, tellAlone } from '../events.ts';
import { lockAccount } from '../queries.ts';
import { bareCode, hashOf } from '../secret.ts';
import { advance, knownAccount, type SignInCaller, type Step } from '../sign-in.ts';
import { guess } from '../throttle.ts';
import { issueTicket, readTicket, spendTicket } from '../ticket.ts';
import { findStep, printBase32, printKeyUri } from '../totp.ts';
import { insertAuthenticator, listAuthenticators, spendStep, takeRecoveryCode } from './queries.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';

const purpose = 'account authenticator';
const issuer = 'Meridian';

/** What an app is given: the same secret as text to type and as the address in a QR code. */
export interface Enrolment {
  ticket: string;
  secret: string;
  uri: string;
}

/** The second step with a code of an app, or with one of the codes that were written down. */
export async function signInWithCode(
  deps: AccountDependencies,
  { ticket, code }: { ticket: string; code: string },
  caller: SignInCaller,
): Promise<Step> {
  const { account, body } = await readTicket(deps, 'second-factor', ticket);
  const attempt = await guess(deps, 'code', account, caller);
  const method = await methodOfCode(deps, account, code);
  const known = await knownAccount(deps, account);
  if (method === undefined) {
    await tellAlone(deps, {
      actor: actorOf(undefined, undefined, caller),
      event: 'sign-in-failed',
      about: known,
      detail: 'second factor',
      isRefused: true,
    });
    throw new Failure(
      'login',
      'The code is wrong or was used before. Wait for the next one and type it as it is shown.',
    );
  }
  await spendTicket(deps, 'second-factor', ticket);
  await attempt.wasRight();
  return advance(deps, known, [...body.methods, method], caller);
}

async function methodOfCode(deps: AccountDependencies, account: string, code: string): Promise<Method | undefined> {
  const typed = code.replaceAll(/\s/g, '');
  if (/^\d{6}$/.test(typed)) {
    for (const { id, secret } of await listAuthenticators(deps.pool, account)) {
      const step = findStep(deps.vault.open(secret, purpose), typed, deps.now());
      if (step !== undefined && (await spendStep(deps.pool, id, step))) return 'authenticator';
    }
    return undefined;
  }
  return (await takeRecoveryCode(deps.pool, account, hashOf(`${account}:${bareCode(typed)}`)))
    ? 'recovery-code'
    : undefined;
}

/** Begins to set up an app for somebody who signs in, needs a second factor and has none. */
export async function beginEnrolment(deps: AccountDependencies, ticket: string): Promise<Enrolment> {
  const { account, body } = await readTicket(deps, 'must-enrol', ticket);
  return beginFor(deps, await knownAccount(deps, account), body.methods);
}

/** The same from the account page. */
export const beginAuthenticator = (deps: AccountDependencies, { account }: Session): Promise<Enrolment> =>
  beginFor(deps, account, []);

export const sealSecret = ({ vault }: AccountDependencies, secret: Uint8Array): Buffer => vault.seal(secret, purpose);

async function beginFor(deps: AccountDependencies, account: Account, methods: Method[]): Promise<Enrolment> {
  const secret = randomBytes(20);
  const sealed = sealSecret(deps, secret).toString('base64');
  const ticket = await issueTicket(deps, 'enrol', account.id, { methods, secret: sealed });
  return { ticket, secret: printBase32(secret), uri: printKeyUri(secret, issuer, account.name) };
}

/** The first code proves that the app was set up; it counts as the second factor of this sign-in. */
export async function finishEnrolment(
  deps: AccountDependencies,
  { ticket, code, name }: { ticket: string; code: string; name: string },
  caller: SignInCaller,
): Promise<{ step: Step; recoveryCodes: string[] }> {
  const { account, methods, recoveryCodes } = await addAuthenticator(deps, { ticket, code, name }, caller, undefined);
  const step = await advance(deps, await knownAccount(deps, account), [...methods, 'authenticator'], caller);
  return { step, recoveryCodes };
}

export async function finishAuthenticator(
  deps: AccountDependencies,
  session: Session,
  input: { ticket: string; code: string; name: string },
): Promise<string[]> {
  return (await addAuthenticator(deps, input, session, session)).recoveryCodes;
}

async function addAuthenticator(
  deps: AccountDependencies,
  { ticket, code, name }: { ticket: string; code: string; name: string },
  caller: Caller,
  session: Session | undefined,
): Promise<{ account: string; methods: Method[]; recoveryCodes: string[] }> {
  const { account, body } = await readTicket(deps, 'enrol', ticket);
  if (session && session.account.id !== account)
    throw new Failure('forbidden', 'This was begun by somebody else. Start again.');
  // At sign-in the second factor may still be missing, in a session it may be there: then only its owner goes on.
  if (!session && body.methods.length === 0) throw new Failure('forbidden', 'Finish this on the page of your account.');
  const attempt = await guess(deps, 'code', account, caller);
  const secret = Buffer.from(body.secret, 'base64');
  const step = findStep(deps.vault.open(secret, purpose), code.replaceAll(/\s/g, ''), deps.now());
  if (step === undefined) {
    throw new Failure(
      'business-rule',
      'This is not the code that the app should show. Check the clock of the telephone and type the next code.',
    );
  }
  await spendTicket(deps, 'enrol', ticket);
  await attempt.wasRight();
  const known = await knownAccount(deps, account);
  const recoveryCodes = await inTransaction(deps.pool, async (transaction) => {
    await lockAccount(transaction, account);
    await insertAuthenticator(transaction, account, {
      id: deps.newId(),
      name,
      secret,
      lastStep: step,
      createdAt: deps.now(),
    });
    await tell(deps, transaction, {
      actor: actorOf(known, session?.role, caller, session?.id),
      event: 'factor-added',
      about: known,
      detail: 'authenticator',
    });
    return makeRecoveryCodes(transaction, account, { onlyFirst: true });
  });
  return { account, methods: body.methods, recoveryCodes };
}
