import type { FastifyRequest } from 'fastify';
import type { Principal } from '#modules/access/index.ts';
import type { Method } from '#modules/account/index.ts';
import type { PortalAuthentication } from './authenticate.ts';

/** Somebody who is signed in, as the authorization server wants to know. */
export interface SignedInPerson {
  account: string;
  role: string;
  session: string;
  principal: Principal;
  /** https://www.rfc-editor.org/rfc/rfc8176 */
  methods: readonly string[];
  since: number;
}

const references: Record<Method, readonly string[]> = {
  password: ['pwd'],
  authenticator: ['otp'],
  'recovery-code': ['otp'],
  passkey: ['hwk', 'user'],
  'one-time-code': ['otp'],
  external: ['ext'],
  'external-twice': ['ext', 'mfa'],
  demonstration: [],
};

/** What the authorization server asks of whoever keeps the accounts. */
export function createPeople(authentication: PortalAuthentication) {
  return {
    signedIn: async (request: FastifyRequest): Promise<SignedInPerson | undefined> => {
      const session = await authentication.sessionOf(request);
      const principal = session && (await authentication.authenticate(request));
      if (!session || !principal) return undefined;
      const methods = [...new Set(session.methods.flatMap((method) => references[method]))];
      return {
        account: session.account.id,
        role: session.role.id,
        session: session.id,
        principal,
        methods,
        since: session.startedAt,
      };
    },
    principalOf: authentication.principalOf,
  };
}
