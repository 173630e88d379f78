import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import type { AccountDependencies, PersonRole, Session, SignInCaller, Site, Words } from '#modules/account/index.ts';
import type { PortalAuthentication } from './authenticate.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { NamesOf } from './person.ts';

/** Somebody of a demonstration region whom the sign-in page lists. */
export interface DemonstrationPerson {
  /** The word of their account. */
  id: string;
  role: PersonRole;
  name: Words;
  organization: Words;
  reference: string;
  description: Words;
}

/** What the routes of the portal work with. */
export interface PortalContext {
  accounts: AccountDependencies;
  authentication: PortalAuthentication;
  namesOf: NamesOf;
  /** People as whom one may sign in without proof; none but in a demonstration that allows it. */
  demonstration: () => Promise<readonly DemonstrationPerson[]>;
  /** Where people may sign in instead. */
  providers: readonly IdentityProvider[];
  /** Where browsers find the portal, `https://record.example.org`; of the request when undefined. */
  origin: string | undefined;
}

export const isSecure = ({ origin }: PortalContext, request: FastifyRequest): boolean =>
  origin === undefined ? request.protocol === 'https' : origin.startsWith('https:');

/** The site to which passkeys are bound. A browser has none for an address of numbers. */
export function siteOf({ origin }: PortalContext, { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>): Site {
  const url = new URL(origin ?? `${protocol}://${host}`);
  return { id: url.hostname, origin: url.origin };
}

export async function callerOf({ authentication }: PortalContext, request: FastifyRequest): Promise<SignInCaller> {
  return {
    address: request.ip,
    agent: request.headers['user-agent'] ?? '',
    session: await authentication.sessionOf(request),
  };
}

/** Fails with `login` when nobody is signed in. */
export async function requireSession({ authentication }: PortalContext, request: FastifyRequest): Promise<Session> {
  const session = await authentication.sessionOf(request);
  if (session) return session;
  throw new Failure('login', 'You are not signed in, or your session has ended. Sign in again.');
}

/** Whoever came in without proof must not leave a key to the door behind. */
export async function requireProved(context: PortalContext, request: FastifyRequest): Promise<Session> {
  const session = await requireSession(context, request);
  if (!session.methods.includes('demonstration')) return session;
  throw new Failure(
    'forbidden',
    'People of the demonstration have no proofs of their own. Sign in with a password to try them.',
  );
}

/** What somebody calls a device of theirs. */
export function deviceName(name: string): string {
  const tidy = name.replaceAll(/\p{C}/gu, ' ').trim();
  if (tidy.length >= 1 && [...tidy].length <= 60) return tidy;
  throw new Failure('value', 'Give it a name of 1 to 60 characters.');
}

export function setCookie(reply: FastifyReply, cookie: string): void {
  reply.header('set-cookie', cookie);
}
