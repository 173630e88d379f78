import type { Access } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { type Division, divisionOf, nationCode, prefixesOf } from '#modules/division/index.ts';
import { type Directory, findResource, todayOf } from './dependencies.ts';
import { divisionOfResource } from './organization.ts';
import { mayEdit } from './policy.ts';

/** The branch of divisions that somebody looks after. */
export interface Branch {
  division: Division | undefined;
  /** It is the whole country. */
  isWhole?: true;
  holds(code: string): boolean;
}

const everything: Branch = { division: undefined, isWhole: true, holds: () => true };

/**
 * Of an administrator, the branch in which their organisation lies; everything of the operator, and of an administrator of the
 * platform, who has no organisation. Fails with `forbidden` for whoever may change nothing.
 */
export async function branchToEdit(directory: Directory, { actor }: Access): Promise<Branch> {
  if (!mayEdit.has(actor.role)) {
    throw new Failure('forbidden', `As ${actor.role} you may look the directory up. Administrators change it.`);
  }
  if (actor.role === 'operator' || actor.organization === undefined) return everything;
  const [type, id = ''] = actor.organization.split('/');
  const organization = type === 'Organization' ? await findResource(directory, directory.pool, type, id) : undefined;
  const code = organization && divisionOfResource(organization);
  if (code === undefined) {
    throw new Failure(
      'forbidden',
      'Your organisation has no division, so that you look after no branch. Ask the operator to set it.',
    );
  }
  const division = await divisionOf(directory.pool, code, todayOf(directory));
  if (division.code === nationCode) return { ...everything, division };
  const prefixes = await prefixesOf(directory.pool, division.code);
  return { division, holds: (other) => prefixes.some((prefix) => other.startsWith(prefix)) };
}

export function requireInBranch({ holds, division }: Branch, code: string): void {
  if (holds(code)) return;
  throw new Failure(
    'forbidden',
    `${code} lies outside ${division?.name ?? 'the branch'} (${division?.code ?? ''}), which you look after.`,
  );
}

/** Where an organisation lies; empty where it does not say so. Fails with `not-found` for one that there is not. */
export async function divisionOfOrganization(directory: Directory, reference: string): Promise<string> {
  const id = reference.slice('Organization/'.length);
  const organization = await findResource(directory, directory.pool, 'Organization', id);
  if (organization) return divisionOfResource(organization) ?? '';
  throw new Failure('not-found', `There is no ${reference}.`);
}
