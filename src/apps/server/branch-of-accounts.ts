import type { Office } from '#adapters/portal/index.ts';
import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { branchToEdit, type Directory, divisionOfOrganization } from '#modules/directory/index.ts';

const outside = () =>
  new Failure('forbidden', 'This account or role lies outside the branch that you look after. Ask its administrator.');

/**
 * Who looks after a branch of institutions looks after the accounts of their people, and of residents; nobody who could be
 * given, or whose account could be taken over, for an institution beside it.
 */
export const createRequireBranch =
  (directory: Directory) =>
  async (access: Access, roles: readonly Office[]): Promise<void> => {
    const branch = await branchToEdit(directory, access);
    for (const { role, organization } of roles) {
      if (organization !== undefined) {
        const code = await divisionOfOrganization(directory, organization);
        if (!branch.holds(code)) throw outside();
      } else if (role !== 'resident' && !branch.isWhole) throw outside();
    }
  };
