import { isRole, type Role } from '#modules/access/index.ts';

/** The same words for both kinds of reader; of a name, the characters and the pinyin. */
export interface Words {
  zh: string;
  en: string;
}

/** Somebody who may sign in. */
export interface Account {
  id: string;
  /** What they type at sign-in. */
  name: string;
  phone: string | undefined;
  /** `Practitioner/1` or `Patient/1`. */
  reference: string;
  display: Words;
  isLocked: boolean;
  /** Under which word the sign-in page of a demonstration lists them. */
  demonstration: string | undefined;
}

/** What people may act as; the other roles are those of machines. */
export type PersonRole = Exclude<Role, 'system' | 'operator'>;

export const isPersonRole = (role: string): role is PersonRole =>
  isRole(role) && role !== 'system' && role !== 'operator';

/** As what somebody may act, where, and how long. */
export interface RoleAssignment {
  id: string;
  role: PersonRole;
  /** `Organization/1`; undefined for residents. */
  organization: string | undefined;
  /** Milliseconds since 1970 UTC; the second is undefined when nobody has said. */
  from: number;
  until: number | undefined;
}

/**
 * How somebody has proved who they are. A passkey verifies its owner itself, so that it counts for two factors, and so does a
 * provider of which the configuration says so (`external-twice`); `demonstration`
 * proves nothing and is open to the people of a demonstration region alone.
 */
export type Method =
  | 'password'
  | 'authenticator'
  | 'recovery-code'
  | 'passkey'
  | 'one-time-code'
  | 'external'
  | 'external-twice'
  | 'demonstration';

/** Somebody who is signed in. */
export interface Session {
  id: string;
  account: Account;
  role: RoleAssignment;
  methods: readonly Method[];
  address: string;
  /** The browser, as it calls itself. */
  agent: string;
  /** Milliseconds since 1970 UTC. */
  startedAt: number;
  seenAt: number;
  endsAt: number;
}

/** Where a request comes from. */
export interface Caller {
  address: string;
  agent: string;
}

/** Roles whose holders care for, pay for or oversee others: they need a second factor. */
export const isStaff = (role: PersonRole): boolean => role !== 'resident';
