import type { Access } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { method } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { blockKeysOf } from './block-keys.ts';
import { isCertain, type Match, match } from './match.ts';
import type { PatientMatching } from './matching.ts';
import { parsePatient } from './parse-patient.ts';
import { isInteractive } from './policy.ts';
import { lockKeys } from './queries.ts';

export type RegisterDependencies = Pick<
  FhirContext,
  'pool' | 'store' | 'search' | 'trail' | 'now' | 'newId' | 'validator'
> & { matching: PatientMatching };

export interface RegisterInput {
  readonly patient: JsonObject;
  /** Ids of those whom the clerk has looked at, and who are others. */
  readonly others: readonly string[];
}

/** What search before create comes to. */
export type Registration =
  | { readonly is: 'created'; readonly id: string; readonly version: number }
  | { readonly is: 'known'; readonly match: Match }
  | { readonly is: 'uncertain'; readonly matches: readonly Match[] };

const mostShown = 20;

/**
 * Who is known already, before a Patient is created; undefined when the person is new, or when whoever asks goes by numbers of
 * their own. In the transaction that creates: others who register the same person wait for it.
 */
export async function beforeCreate(
  deps: Omit<RegisterDependencies, 'store' | 'newId' | 'validator'>,
  access: Access,
  { patient, others }: RegisterInput,
  transaction: Transaction,
): Promise<Exclude<Registration, { is: 'created' }> | undefined> {
  if (!isInteractive(access)) return undefined;
  const keys = blockKeysOf(parsePatient(patient)).map(({ key }) => key);
  await lockKeys(transaction, keys);
  const asked = { patient, count: mostShown, onlyCertain: false, interaction: 'patient-index.searched' };
  const { matches } = await match(deps, access, asked, transaction);
  const open = matches.filter(({ id }) => !others.includes(id));
  const certain = open.filter(isCertain);
  const [only] = certain;
  if (only && open.length === 1 && others.length === 0) return { is: 'known', match: only };
  return open.length > 0 ? { is: 'uncertain', matches: open } : undefined;
}

/** Opens a record for a person, unless one is open. */
export async function register(
  deps: RegisterDependencies,
  access: Access,
  input: RegisterInput,
): Promise<Registration> {
  const patient = await checked(deps, input.patient);
  return inTransaction(deps.pool, async (transaction): Promise<Registration> => {
    const found = await beforeCreate(deps, access, { ...input, patient }, transaction);
    if (found) return found;
    const change = { type: 'Patient', id: deps.newId(), method: method.post, resource: patient, isNew: true, access };
    const [outcome] = await deps.store.write(transaction, [change]);
    if (!outcome) throw new Error('A write has an outcome');
    return { is: 'created', id: outcome.id, version: outcome.version };
  });
}

async function checked({ validator }: RegisterDependencies, patient: JsonObject): Promise<JsonObject> {
  if (patient.resourceType !== 'Patient') throw new Failure('structure', 'Send "patient", a FHIR Patient.');
  await validator.check(patient);
  return patient;
}
