import { Failure } from '#lib/failure.ts';
import type { Method } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';
import { findTicket, insertTicket, takeTicket } from './queries.ts';
import { hashOf, newToken } from './secret.ts';

const lifetimeMs = 10 * 60 * 1000;

/** What is begun now and finished soon; the body of each kind. */
export interface TicketBodies {
  'second-factor': { methods: Method[] };
  'must-enrol': { methods: Method[] };
  'choose-role': { methods: Method[] };
  /** `secret`: sealed, in base64. */
  enrol: { methods: Method[]; secret: string };
  'passkey-sign-in': { challenge: string; methods: Method[] };
  'passkey-new': { challenge: string };
  'external-trip': { provider: string; verifier: string; nonce: string; next: string };
  'external-resume': { methods: Method[] };
}

export type TicketKind = keyof TicketBodies;

export interface OpenTicket<Kind extends TicketKind> {
  /** Empty while nobody is known yet. */
  account: string;
  body: TicketBodies[Kind];
}

export async function issueTicket<Kind extends TicketKind>(
  { pool, now }: AccountDependencies,
  kind: Kind,
  account: string | undefined,
  body: TicketBodies[Kind],
): Promise<string> {
  const ticket = newToken();
  const at = now();
  await insertTicket(pool, { hash: hashOf(ticket), kind, account, body, at, expiresAt: at + lifetimeMs });
  return ticket;
}

/** Fails with `login` when it is unknown, used or older than ten minutes. */
export async function readTicket<Kind extends TicketKind>(
  { pool, now }: AccountDependencies,
  kind: Kind,
  ticket: string,
): Promise<OpenTicket<Kind>> {
  return opened(await findTicket(pool, hashOf(ticket), kind, now()));
}

/** The same, once: whoever comes second fails. */
export async function spendTicket<Kind extends TicketKind>(
  { pool, now }: AccountDependencies,
  kind: Kind,
  ticket: string,
): Promise<OpenTicket<Kind>> {
  return opened(await takeTicket(pool, hashOf(ticket), kind, now()));
}

function opened<Kind extends TicketKind>(
  found: { account: string | undefined; body: unknown } | undefined,
): OpenTicket<Kind> {
  if (found) return { account: found.account ?? '', body: found.body as TicketBodies[Kind] };
  throw new Failure('deleted', 'This sign-in has expired or was finished already. Start again.');
}
