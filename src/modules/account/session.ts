import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Account, Caller, Method, RoleAssignment, Session } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';
import { actorOf, tell } from './events.ts';
import {
  deleteSessions,
  findAccount,
  findSession,
  insertSession,
  listRoles,
  listSessions,
  touchSession,
} from './queries.ts';
import { hashOf, newToken } from './secret.ts';

/** Text of a browser that is stored and shown: printable, and not too long. */
const tidy = (text: string): string => text.replaceAll(/[\p{C}]/gu, ' ').slice(0, 300);

export interface Opened {
  /** What the cookie holds; nobody else ever sees it. */
  token: string;
  session: Session;
}

/** Opens a session under a new token; the one before it, if any, ends: a token that was planted is worth nothing. */
export async function openSession(
  deps: AccountDependencies,
  input: {
    account: Account;
    role: RoleAssignment;
    methods: readonly Method[];
    caller: Caller;
    replaces?: Session | undefined;
  },
): Promise<Opened> {
  const { account, role, methods, caller, replaces } = input;
  const at = deps.now();
  const token = newToken();
  const isSwitch = replaces?.account.id === account.id;
  const endsAt = isSwitch ? replaces.endsAt : at + deps.settings.longestMs;
  const session: Session = {
    id: deps.newId(),
    account,
    role,
    methods,
    address: tidy(caller.address),
    agent: tidy(caller.agent),
    startedAt: at,
    seenAt: at,
    endsAt,
  };
  await inTransaction(deps.pool, async (transaction) => {
    if (replaces) await deleteSessions(transaction, replaces.account.id, { only: replaces.id });
    const { id, address, agent } = session;
    await insertSession(transaction, {
      id,
      hash: hashOf(token),
      account: account.id,
      role: role.id,
      methods,
      address,
      agent,
      at,
      endsAt,
    });
    await tell(deps, transaction, {
      actor: actorOf(account, role, caller, session.id),
      event: isSwitch ? 'role-switched' : 'signed-in',
      detail: methods.join(' '),
    });
  });
  return { token, session };
}

const touchMs = 60_000;

/** Who is signed in under a token; a session is marked as seen at most once a minute. */
export async function readSession(
  { pool, now, settings }: AccountDependencies,
  token: string,
): Promise<Session | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const at = now();
  const session = await findSession(pool, hashOf(token), at, at - settings.idleMs);
  if (session && at - session.seenAt >= touchMs) await touchSession(pool, session.id, at);
  return session;
}

export const sessionsOf = ({ pool, now, settings }: AccountDependencies, account: string): Promise<Session[]> =>
  listSessions(pool, account, now(), now() - settings.idleMs);

/** Roles in which an account may act now. */
export async function rolesNow({ pool, now }: AccountDependencies, account: string): Promise<RoleAssignment[]> {
  const at = now();
  const roles = await listRoles(pool, [account]);
  return roles
    .filter(({ from, until }) => from <= at && (until === undefined || until > at))
    .map(({ account: _, ...role }) => role);
}

export async function signOut(deps: AccountDependencies, session: Session): Promise<void> {
  await inTransaction(deps.pool, async (transaction) => {
    const ended = await deleteSessions(transaction, session.account.id, { only: session.id });
    if (ended > 0)
      await tell(deps, transaction, {
        actor: actorOf(session.account, session.role, session, session.id),
        event: 'signed-out',
      });
  });
}

/** Ends one session of one's own, or all but the one at hand; says how many. */
export async function endSessions(
  deps: AccountDependencies,
  session: Session,
  only: string | undefined,
): Promise<number> {
  return inTransaction(deps.pool, async (transaction) => {
    const ended = await deleteSessions(transaction, session.account.id, only ? { only } : { except: session.id });
    if (ended > 0) {
      const actor = actorOf(session.account, session.role, session, session.id);
      await tell(deps, transaction, { actor, event: 'sessions-ended', detail: String(ended) });
    }
    return ended;
  });
}

/** Goes on in another role, under a new token. */
export async function switchRole(
  deps: AccountDependencies,
  session: Session,
  roleId: string,
  caller: Caller,
): Promise<Opened> {
  const role = (await rolesNow(deps, session.account.id)).find(({ id }) => id === roleId);
  if (!role) throw new Failure('forbidden', 'You do not hold this role now. Choose one of the list.');
  return openSession(deps, { account: session.account, role, methods: session.methods, caller, replaces: session });
}

/** The account in a role, as long as both last and, if one is named, the session too. */
export async function findActing(
  deps: AccountDependencies,
  person: { account: string; role: string; session?: string | undefined },
): Promise<{ account: Account; role: RoleAssignment } | undefined> {
  const account = await findAccount(deps.pool, person.account);
  if (!account || account.isLocked) return undefined;
  const role = (await rolesNow(deps, account.id)).find(({ id }) => id === person.role);
  if (!role) return undefined;
  if (person.session && !(await sessionsOf(deps, account.id)).some(({ id }) => id === person.session)) return undefined;
  return { account, role };
}
