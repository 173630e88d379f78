import type { Actor } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import type { Account, PersonRole, RoleAssignment, Words } from './account.ts';
import type { AccountDependencies } from './dependencies.ts';
import { tell } from './events.ts';
import { deleteFactors, replaceOneTimeCode } from './factor/queries.ts';
import {
  deleteSessions,
  deleteTickets,
  endRole,
  findAccount,
  findByName,
  hasAdministrator,
  insertAccount,
  listAccounts,
  listRoles,
  lockAccount,
  lockAdministration,
  updateLock,
  updatePassword,
  upsertRole,
} from './queries.ts';
import { bareCode, hashOf, newCode } from './secret.ts';
import { plainName } from './sign-in.ts';

const day = 24 * 60 * 60 * 1000;

/** How long a code is good that an administrator hands over. */
const codeLifetimeMs = 3 * day;

export interface Listed extends Account {
  hasPassword: boolean;
  roles: RoleAssignment[];
}

const pageSize = 50;

/** Accounts by name, fifty at a time; `next` is the name after which the next page begins. */
export async function listPeople(
  { pool }: AccountDependencies,
  { text, after }: { text: string; after: string },
): Promise<{ people: Listed[]; next: string | undefined }> {
  const found = await listAccounts(pool, { text: plainName(text), after, limit: pageSize + 1 });
  const page = found.slice(0, pageSize);
  const roles = await listRoles(
    pool,
    page.map(({ id }) => id),
  );
  const people = page.map(({ password, passwordAt: _, ...account }) => ({
    ...account,
    hasPassword: password !== undefined,
    roles: roles.filter((role) => role.account === account.id).map(({ account: __, ...role }) => role),
  }));
  return { people, next: found.length > pageSize ? page.at(-1)?.name : undefined };
}

export interface NewRole {
  role: PersonRole;
  organization?: string | undefined;
  from?: number | undefined;
  until?: number | undefined;
}

export interface NewAccount {
  name: string;
  phone?: string | undefined;
  reference: string;
  display: Words;
  roles: readonly NewRole[];
  demonstration?: string | undefined;
}

/** Adds somebody; the code is what they set their password with. Fails with `conflict` when the name or the person is taken. */
export async function addAccount(
  deps: AccountDependencies,
  actor: Actor,
  input: NewAccount,
): Promise<{ account: Account; code: string }> {
  const account: Account = {
    id: deps.newId(),
    name: checkName(input.name),
    phone: input.phone === undefined || input.phone.trim() === '' ? undefined : checkPhone(input.phone),
    reference: checkReference(input.reference),
    display: input.display,
    isLocked: false,
    demonstration: input.demonstration,
  };
  const code = await inTransaction(deps.pool, async (transaction) => {
    await insertAccount(transaction, { ...account, createdAt: deps.now() }).catch(refuseTwin);
    await tell(deps, transaction, { actor, event: 'account-added', about: account });
    for (const role of input.roles) await giveRoleIn(transaction, deps, actor, account, role);
    return newOneTimeCode(transaction, deps, account.id);
  });
  return { account, code };
}

function checkName(name: string): string {
  const plain = plainName(name);
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@-]{1,63}$/u.test(plain) && !/^\d+$/.test(plain)) return plain;
  throw new Failure(
    'value',
    'A name for sign-in has 2 to 64 letters, digits, dots, hyphens, underscores or @, begins with a letter or digit, and is no number.',
  );
}

function checkPhone(phone: string): string {
  const plain = phone.replaceAll(/[\s-]/g, '');
  if (/^\+?\d{5,15}$/.test(plain)) return plain;
  throw new Failure('value', 'A telephone number has 5 to 15 digits.');
}

function checkReference(reference: string): string {
  if (/^(Practitioner|Patient)\/[A-Za-z0-9\-.]{1,64}$/.test(reference)) return reference;
  throw new Failure('value', 'Name the person as Practitioner/<id> or Patient/<id>.');
}

function refuseTwin(error: Error & { code?: string; constraint?: string }): never {
  if (error.code !== '23505') throw error;
  const what = error.constraint?.includes('reference') ? 'This person' : 'This name or telephone number';
  throw new Failure('conflict', `${what} has an account already. Look for it in the list.`);
}

async function newOneTimeCode(
  transaction: Parameters<typeof replaceOneTimeCode>[0],
  deps: AccountDependencies,
  account: string,
): Promise<string> {
  const code = newCode(4);
  await replaceOneTimeCode(transaction, account, hashOf(bareCode(code)), deps.now() + codeLifetimeMs);
  return code;
}

async function giveRoleIn(
  transaction: Parameters<typeof upsertRole>[0] & Parameters<typeof tell>[1],
  deps: AccountDependencies,
  actor: Actor,
  account: Account,
  { role, organization, from, until }: NewRole,
): Promise<void> {
  // Four eyes: whoever hands out roles takes none.
  if (actor.reference === account.reference) {
    throw new Failure('forbidden', 'Nobody gives a role to themselves. Ask another administrator, or the operator.');
  }
  const start = from ?? deps.now();
  if (until !== undefined && until <= start) throw new Failure('value', 'A role must end after it begins.');
  await upsertRole(transaction, account.id, { id: deps.newId(), role, organization, from: start, until });
  const detail = [role, organization].filter(Boolean).join(' ');
  await tell(deps, transaction, { actor, event: 'role-given', about: account, detail });
}

/** Gives a role, or sets anew from when until when it holds. */
export function giveRole(deps: AccountDependencies, actor: Actor, id: string, role: NewRole): Promise<void> {
  return inTransaction(deps.pool, async (transaction) => {
    const account = await lockKnown(transaction, id);
    await giveRoleIn(transaction, deps, actor, account, role);
  });
}

/** Ends a role and all sessions under it. */
export function takeRole(deps: AccountDependencies, actor: Actor, id: string, roleId: string): Promise<void> {
  return inTransaction(deps.pool, async (transaction) => {
    await lockAdministration(transaction);
    const account = await lockKnown(transaction, id);
    const ended = await endRole(transaction, id, roleId, deps.now());
    if (!ended) throw new Failure('not-found', 'This role has ended already.');
    await keepAnAdministrator(transaction, deps);
    const detail = [ended.role, ended.organization].filter(Boolean).join(' ');
    await tell(deps, transaction, { actor, event: 'role-ended', about: account, detail });
  });
}

/** Locks an account and ends its sessions, or opens it again. */
export function setLock(deps: AccountDependencies, actor: Actor, id: string, isLocked: boolean): Promise<void> {
  return inTransaction(deps.pool, async (transaction) => {
    await lockAdministration(transaction);
    const account = await lockKnown(transaction, id);
    if (account.isLocked === isLocked) return;
    await updateLock(transaction, id, isLocked ? deps.now() : undefined);
    if (isLocked) {
      await deleteSessions(transaction, id);
      await deleteTickets(transaction, id);
      await keepAnAdministrator(transaction, deps);
    }
    await tell(deps, transaction, { actor, event: isLocked ? 'account-locked' : 'account-unlocked', about: account });
  });
}

/** For whoever has lost password or telephone: ends sessions and second factors, and gives a code to begin anew. */
export function resetAccount(deps: AccountDependencies, actor: Actor, id: string): Promise<string> {
  return inTransaction(deps.pool, async (transaction) => {
    const account = await lockKnown(transaction, id);
    await updatePassword(transaction, id, undefined, deps.now());
    await deleteFactors(transaction, id);
    await deleteSessions(transaction, id);
    await deleteTickets(transaction, id);
    await tell(deps, transaction, { actor, event: 'account-reset', about: account });
    return newOneTimeCode(transaction, deps, id);
  });
}

async function lockKnown(transaction: Parameters<typeof lockAccount>[0], id: string): Promise<Account> {
  const account = /^[\da-f-]{36}$/.test(id) ? await lockAccount(transaction, id) : undefined;
  if (account) return account;
  throw new Failure('not-found', 'There is no such account.');
}

/** Whoever locks out the last administrator could only come back at the machine. */
async function keepAnAdministrator(
  transaction: Parameters<typeof lockAccount>[0],
  deps: AccountDependencies,
): Promise<void> {
  if (await hasAdministrator(transaction, deps.now(), false)) return;
  throw new Failure('business-rule', 'Nobody would be left who may administer. Give the role to somebody else first.');
}

/** By the name that is typed at sign-in. */
export const findPerson = ({ pool }: AccountDependencies, name: string): Promise<Account | undefined> =>
  findByName(pool, plainName(name));

/** Roles that an account holds now or is to hold; fails with `not-found` when there is no such account. */
export async function standingRoles({ pool, now }: AccountDependencies, id: string): Promise<RoleAssignment[]> {
  if (!/^[\da-f-]{36}$/.test(id) || !(await findAccount(pool, id))) {
    throw new Failure('not-found', 'There is no such account.');
  }
  const roles = await listRoles(pool, [id]);
  return roles.filter(({ until }) => until === undefined || until > now());
}

export const findPersonById = ({ pool }: AccountDependencies, id: string): Promise<Account | undefined> =>
  findAccount(pool, id);

/** False on a platform that nobody can administer yet. */
export const isAdministered = ({ pool, now }: AccountDependencies): Promise<boolean> =>
  hasAdministrator(pool, now(), true);
