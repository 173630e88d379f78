import type { Actor, TrailEntry } from '#fhir/access/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import type { Account, Caller, RoleAssignment } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';

/** What happens to accounts, as the trail names it. */
export type AccountEvent =
  | 'signed-in'
  | 'sign-in-failed'
  | 'signed-out'
  | 'blocked'
  | 'role-switched'
  | 'password-changed'
  | 'factor-added'
  | 'factor-removed'
  | 'recovery-codes-made'
  | 'identity-linked'
  | 'sessions-ended'
  | 'account-added'
  | 'account-locked'
  | 'account-unlocked'
  | 'account-reset'
  | 'role-given'
  | 'role-ended';

/** An account as whoever acts; before a role is chosen there is none, and the trail says so. */
export function actorOf(
  account: Account | undefined,
  role: RoleAssignment | undefined,
  caller: Partial<Caller>,
  session?: string,
): Actor {
  return {
    reference: account?.reference ?? 'unknown',
    display: account ? `${account.display.zh} ${account.display.en}`.trim() : 'Nobody whom this platform knows',
    role: role?.role ?? 'none',
    organization: role?.organization,
    purpose: role?.role === 'resident' ? 'PATRQT' : 'HSYSADMIN',
    session,
    address: caller.address,
  };
}

export interface Told {
  actor: Actor;
  event: AccountEvent;
  /** Whose account it was, if not the actor's own. */
  about?: Account | undefined;
  detail?: string | undefined;
  isRefused?: boolean;
}

/** Puts down what happened, in the transaction of what did it. */
export function tell({ trail, now }: AccountDependencies, transaction: Transaction, told: Told): Promise<void> {
  return trail.write(transaction, [toEntry(told, now())]);
}

/** The same for what changes nothing else, such as a refusal. */
export function tellAlone(deps: AccountDependencies, told: Told): Promise<void> {
  return inTransaction(deps.pool, (transaction) => tell(deps, transaction, told));
}

function toEntry({ actor, event, about, detail, isRefused }: Told, at: number): TrailEntry {
  const [type = '', id = ''] = (about?.reference ?? '').split('/');
  return {
    actor,
    at,
    action: 'E',
    interaction: `account.${event}`,
    outcome: isRefused ? '4' : '0',
    entities: about && id !== '' ? [{ type, id }] : [],
    patients: about && type === 'Patient' ? [id] : [],
    detail,
  };
}
