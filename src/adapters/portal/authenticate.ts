import type { FastifyRequest } from 'fastify';
import type { Principal } from '#modules/access/index.ts';
import { type AccountDependencies, findActing, readSession, type Session } from '#modules/account/index.ts';
import { requireSameOrigin } from './same-origin.ts';
import { parseSessionCookie } from './session-cookie.ts';

/** Who is signed in to the portal in the browser that sends a request. */
export interface PortalAuthentication {
  /** Undefined without a session. Fails with `forbidden` when a page of another site may have sent it. */
  authenticate(request: FastifyRequest): Promise<Principal | undefined>;
  sessionOf(request: FastifyRequest): Promise<Session | undefined>;
  /** As whom an account acts in one of its roles, as long as that lasts. */
  principalOf(person: { account: string; role: string; session?: string | undefined }): Promise<Principal | undefined>;
  /** After a change of a session in this process; others notice within a second. */
  forget(): void;
}

const freshMs = 1000;
const mostKept = 10_000;

export function createPortalAuthentication(deps: AccountDependencies): PortalAuthentication {
  const kept = new Map<string, { until: number; session: Promise<Session | undefined> }>();
  const read = (token: string): Promise<Session | undefined> => {
    const now = deps.now();
    const found = kept.get(token);
    if (found && found.until > now) return found.session;
    if (kept.size >= mostKept) kept.clear();
    const session = readSession(deps, token);
    kept.set(token, { until: now + freshMs, session });
    session.catch(() => kept.delete(token));
    return session;
  };
  const sessionOf = async (request: FastifyRequest): Promise<Session | undefined> => {
    const token = parseSessionCookie(request.headers.cookie);
    const session = token === undefined ? undefined : await read(token);
    if (session) requireSameOrigin(request);
    return session;
  };
  return {
    sessionOf,
    authenticate: async (request) => {
      const session = await sessionOf(request);
      return session && principalOfSession(session, request.ip);
    },
    principalOf: async (person) => {
      const acting = await findActing(deps, person);
      return acting && toPrincipal(acting, person.session);
    },
    forget: () => kept.clear(),
  };
}

const principalOfSession = (session: Session, address: string): Principal => ({
  ...toPrincipal(session, session.id),
  address,
});

function toPrincipal({ account, role }: Pick<Session, 'account' | 'role'>, session: string | undefined): Principal {
  return {
    reference: account.reference,
    display: `${account.display.zh} ${account.display.en}`.trim(),
    role: role.role,
    organization: role.organization,
    session,
  };
}
