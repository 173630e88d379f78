import type { FastifyRequest } from 'fastify';
import type { Principal } from '#modules/access/index.ts';

/** Somebody who is signed in to the portal. */
export interface SignedIn {
  /** Id of the account. */
  account: string;
  /** Id of the role assignment in which they act. */
  role: string;
  /** Id of the session. */
  session: string;
  principal: Principal;
  /** How they proved who they are, as https://www.rfc-editor.org/rfc/rfc8176: `pwd`, `otp`, `hwk` ... */
  methods: readonly string[];
  /** When they signed in: milliseconds since 1970 UTC. */
  since: number;
}

/** What the authorization server asks of whoever keeps the accounts of people. */
export interface People {
  /** Who is signed in to the portal in the browser that sends this; undefined for nobody. */
  signedIn(request: FastifyRequest): Promise<SignedIn | undefined>;
  /**
   * As whom an account acts in one of its roles; undefined once the account is locked, the role has ended, or the session, if
   * one is named, is over.
   */
  principalOf(person: { account: string; role: string; session?: string | undefined }): Promise<Principal | undefined>;
}
