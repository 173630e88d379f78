import { consentGrant, grantKinds } from '#fhir/access/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { type FoundParty, selectKinds, selectParties } from './queries.ts';

/** A resource in whose name somebody stands in relationships to patients. */
export interface Party {
  readonly rid: number;
  /** `Organization/1` */
  readonly reference: string;
}

/** Where somebody stands, as far as it does not depend on whom they look at. */
export interface Standing {
  /** Their own Practitioner, Patient or Device; undefined when the record does not know it. */
  readonly self: Party | undefined;
  /** The institution for which they act: it, its departments, and nothing above it. Empty for nobody's. */
  readonly institution: readonly Party[];
  /** The institutions in the branch of the health authority above theirs. */
  readonly division: readonly Party[];
  /** The branch is too large to be named: it is as good as everywhere. */
  readonly isEverywhere: boolean;
  /** Kinds of grants by consent (64 and more) that there are for the actor or the institution, whenever they hold. */
  readonly consentKinds: readonly number[];
  /** There is a programme of care that the actor or the institution runs. */
  readonly hasProgramme: boolean;
}

/** What is closed to nobody by name is closed to everybody; it stands under this party. */
export const everyone = { rid: 0 };

/** A branch with more institutions than this is not told apart from the whole. */
export const mostInBranch = 2000;

export async function loadStanding(pool: Pool, reference: string, organization: string | undefined): Promise<Standing> {
  const found = await selectParties(pool, { reference, organization, most: mostInBranch + 1 });
  const of = (kind: FoundParty['kind']): Party[] => found.filter((party) => party.kind === kind);
  const [self] = of('self');
  const institution = of('institution');
  const division = of('division');
  const isEverywhere = division.length > mostInBranch;
  const parties = [...(self ? [self] : []), ...institution];
  const kinds = parties.length === 0 ? [] : await selectKinds(pool, [...parties, everyone]);
  return {
    self,
    institution,
    division: isEverywhere ? [] : division,
    isEverywhere,
    consentKinds: kinds.filter((kind) => kind >= consentGrant(0)),
    hasProgramme: kinds.includes(grantKinds.programme),
  };
}
