import type { Method, PersonRole, RoleAssignment, Session, Words } from '#modules/account/index.ts';

/** Somebody who is signed in, as the portal shows them. */
export interface SignedInView {
  /** Id of the account. */
  id: string;
  role: PersonRole;
  name: Words;
  organization: Words | null;
  /** `Patient/...` or `Practitioner/...`. */
  reference: string;
  /** Signed in without proof, as one of the people of a demonstration. */
  isDemonstration: boolean;
  methods: readonly Method[];
  /** Id of the role in which they act. */
  roleId: string;
  roles: RoleView[];
}

/** As what and where somebody may act. */
export interface RoleView {
  id: string;
  role: PersonRole;
  organization: Words | null;
  /** Milliseconds since 1970 UTC; null for as long as nobody says otherwise. */
  until: number | null;
}

/** What organisations are called; those that are not known are left out. */
export type NamesOf = (references: readonly string[]) => Promise<ReadonlyMap<string, Words>>;

export async function viewRoles(roles: readonly RoleAssignment[], namesOf: NamesOf): Promise<RoleView[]> {
  const names = await namesOf(roles.flatMap(({ organization }) => organization ?? []));
  return roles.map(({ id, role, organization, until }) => ({
    id,
    role,
    organization: (organization && names.get(organization)) || null,
    until: until ?? null,
  }));
}

export async function viewPerson(
  { account, role, methods }: Session,
  roles: readonly RoleAssignment[],
  namesOf: NamesOf,
): Promise<SignedInView> {
  const views = await viewRoles(roles, namesOf);
  return {
    id: account.id,
    role: role.role,
    name: account.display,
    organization: views.find(({ id }) => id === role.id)?.organization ?? null,
    reference: account.reference,
    isDemonstration: methods.includes('demonstration'),
    methods,
    roleId: role.id,
    roles: views,
  };
}
