import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Session } from '../account.ts';
import type { AccountDependencies } from '../dependencies.ts';
import { actorOf, tell, tellAlone } from '../events.ts';
import { lockAccount } from '../queries.ts';
import { advance, knownAccount, type SignInCaller, type Step } from '../sign-in.ts';
import { guess } from '../throttle.ts';
import { issueTicket, readTicket, spendTicket } from '../ticket.ts';
import { countPasskey, findPasskey, insertPasskey, listPasskeys } from './queries.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';

/** Passkeys, as https://www.w3.org/TR/webauthn-3/ says: bound to the site, and opened by their owner's finger, face or PIN. */
export interface Site {
  /** The host, without port: `record.example.org`. */
  id: string;
  /** `https://record.example.org`. */
  origin: string;
}

type RequestOptions = Awaited<ReturnType<typeof generateAuthenticationOptions>>;
type CreationOptions = Awaited<ReturnType<typeof generateRegistrationOptions>>;

/** Asks for a passkey: of anybody, or, after a password, of the person to whom the ticket belongs. */
export async function beginPasskeySignIn(
  deps: AccountDependencies,
  site: Site,
  after: string | undefined,
): Promise<{ ticket: string; options: RequestOptions }> {
  const before = after === undefined ? undefined : await readTicket(deps, 'second-factor', after);
  const passkeys = before ? await listPasskeys(deps.pool, before.account) : [];
  const options = await generateAuthenticationOptions({
    rpID: site.id,
    userVerification: 'required',
    ...(before && { allowCredentials: passkeys.map(({ id, transports }) => ({ id, transports })) }),
  });
  const body = { challenge: options.challenge, methods: before?.body.methods ?? [] };
  return { ticket: await issueTicket(deps, 'passkey-sign-in', before?.account, body), options };
}

export async function signInWithPasskey(
  deps: AccountDependencies,
  site: Site,
  { ticket, response }: { ticket: string; response: AuthenticationResponseJSON },
  caller: SignInCaller,
): Promise<Step> {
  const { account, body } = await spendTicket(deps, 'passkey-sign-in', ticket);
  const passkey = await findPasskey(deps.pool, String(response.id));
  const attempt = await guess(deps, 'code', passkey?.account ?? 'passkey of nobody', caller);
  const isRight = passkey !== undefined && (account === '' || account === passkey.account);
  const counter = isRight ? await verifiedCounter(passkey, site, body.challenge, response) : undefined;
  if (
    !passkey ||
    counter === undefined ||
    !(await countPasskey(deps.pool, passkey.id, passkey.counter, counter, deps.now()))
  ) {
    await tellAlone(deps, {
      actor: actorOf(undefined, undefined, caller),
      event: 'sign-in-failed',
      detail: 'passkey',
      isRefused: true,
    });
    throw new Failure(
      'login',
      'This passkey is not known here. Sign in in another way, and add it on the page of your account.',
    );
  }
  await attempt.wasRight();
  return advance(deps, await knownAccount(deps, passkey.account), [...body.methods, 'passkey'], caller);
}

async function verifiedCounter(
  passkey: { id: string; publicKey: Buffer; counter: number; transports: string[] },
  site: Site,
  expectedChallenge: string,
  response: AuthenticationResponseJSON,
): Promise<number | undefined> {
  const { id, publicKey, counter, transports } = passkey;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: site.origin,
      expectedRPID: site.id,
      credential: { id, publicKey: new Uint8Array(publicKey), counter, transports },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    // The library throws for whatever does not fit: to us, all of it is a passkey that is not known.
    return undefined;
  }
}

export async function beginPasskey(
  deps: AccountDependencies,
  site: Site,
  { account }: Session,
): Promise<{ ticket: string; options: CreationOptions }> {
  const own = await listPasskeys(deps.pool, account.id);
  const options = await generateRegistrationOptions({
    rpName: 'Meridian',
    rpID: site.id,
    userID: new Uint8Array(Buffer.from(account.id.replaceAll('-', ''), 'hex')),
    userName: account.name,
    userDisplayName: `${account.display.zh} ${account.display.en}`.trim(),
    attestationType: 'none',
    excludeCredentials: own.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return { ticket: await issueTicket(deps, 'passkey-new', account.id, { challenge: options.challenge }), options };
}

/** Keeps the new passkey; whoever had no factor gets recovery codes with it. */
export async function finishPasskey(
  deps: AccountDependencies,
  site: Site,
  session: Session,
  { ticket, name, response }: { ticket: string; name: string; response: RegistrationResponseJSON },
): Promise<string[]> {
  const { account, body } = await spendTicket(deps, 'passkey-new', ticket);
  if (account !== session.account.id) throw new Failure('forbidden', 'This was begun by somebody else. Start again.');
  const credential = await verifiedCredential(site, body.challenge, response);
  return inTransaction(deps.pool, async (transaction) => {
    await lockAccount(transaction, account);
    if (await findPasskey(transaction, credential.id)) throw new Failure('conflict', 'This passkey is known already.');
    await insertPasskey(transaction, {
      id: credential.id,
      account,
      name,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: (credential.transports ?? []).slice(0, 10),
      createdAt: deps.now(),
      usedAt: undefined,
    });
    const actor = actorOf(session.account, session.role, session, session.id);
    await tell(deps, transaction, { actor, event: 'factor-added', about: session.account, detail: 'passkey' });
    return makeRecoveryCodes(transaction, account, { onlyFirst: true });
  });
}

async function verifiedCredential(site: Site, expectedChallenge: string, response: RegistrationResponseJSON) {
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
  }).catch(() => undefined);
  if (verified?.verified) return verified.registrationInfo.credential;
  throw new Failure('business-rule', 'The answer of the passkey does not fit what was asked for. Try again.');
}
