import { v7 as uuidv7 } from 'uuid';
import { operatorAccess, type Trail } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { method } from '#fhir/store/index.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { createVault, readVaultKey, type Vault } from '#lib/vault.ts';
import {
  type AccountDependencies,
  addAccount,
  checkSealingKey,
  type DemonstrationProofs,
  ensureDemonstration,
  ensureDemonstrationProofs,
  findPerson,
  isAdministered,
  resetAccount,
  type Words,
} from '#modules/account/index.ts';
import type { DemoPerson } from '#population/region.ts';
import type { Config } from './config.ts';

export const createVaultOf = ({ MERIDIAN_DATA, MERIDIAN_VAULT_KEY }: Config): Vault =>
  createVault(readVaultKey(MERIDIAN_DATA, MERIDIAN_VAULT_KEY));

/** The accounts of this deployment. Fails when their secrets were sealed with another key than the one at hand. */
export async function openAccounts(
  config: Config,
  pool: Pool,
  trail: Trail,
  vault: Vault,
): Promise<AccountDependencies> {
  await checkSealingKey({ pool, vault });
  return {
    pool,
    trail,
    vault,
    now: Date.now,
    newId: uuidv7,
    settings: {
      secondFactor: config.MERIDIAN_SECOND_FACTOR,
      idleMs: config.MERIDIAN_IDLE_MINUTES * 60_000,
      longestMs: config.MERIDIAN_SESSION_HOURS * 3_600_000,
    },
  };
}

/** Gives the people of the demonstration accounts; says with what two of them can be tried in earnest. */
export async function openDemonstration(
  accounts: AccountDependencies,
  people: readonly DemoPerson[],
): Promise<DemonstrationProofs[]> {
  const { actor } = operatorAccess;
  for (const { id, role, name, reference, worksFor } of people) {
    const roles = [{ role, organization: worksFor }];
    await ensureDemonstration(accounts, actor, { name: id, demonstration: id, display: name, reference, roles });
  }
  const proofs: DemonstrationProofs[] = [];
  for (const word of ['public-health-nurse', 'hospital-physician']) {
    const given = await ensureDemonstrationProofs(accounts, actor, word);
    if (given) proofs.push(given);
  }
  return proofs;
}

/** On a platform that nobody can administer yet: the name and the one-time code with which somebody begins. */
export async function openAdministration(
  accounts: AccountDependencies,
  store: FhirContext['store'],
): Promise<{ name: string; code: string } | undefined> {
  if (await isAdministered(accounts)) return undefined;
  const { actor } = operatorAccess;
  const name = 'administrator';
  const found = await findPerson(accounts, name);
  if (found) return { name, code: await resetAccount(accounts, actor, found.id) };
  const id = accounts.newId();
  const resource: JsonObject = { resourceType: 'Practitioner', id, active: true, name: [{ text: '平台管理员' }] };
  await store.commit([{ type: 'Practitioner', id, method: method.put, resource }]);
  const { code } = await addAccount(accounts, actor, {
    name,
    reference: `Practitioner/${id}`,
    display: { zh: '平台管理员', en: 'Platform administrator' },
    roles: [{ role: 'administrator' }],
  });
  return { name, code };
}

/** What organisations are called in the record, at most a hundred at a time. */
export const createNamesOf =
  ({ pool, store }: Pick<FhirContext, 'pool' | 'store'>) =>
  async (references: readonly string[]): Promise<ReadonlyMap<string, Words>> => {
    const names = new Map<string, Words>();
    for (const reference of new Set(references)) {
      const [type = '', id = ''] = reference.split('/');
      const row = await store.read(pool, type, id);
      const words = row?.content ? toWords(parseJson(row.content) as JsonObject) : undefined;
      if (words) names.set(reference, words);
    }
    return names;
  };

function toWords({ name, alias }: JsonObject): Words | undefined {
  if (typeof name !== 'string') return undefined;
  const other = Array.isArray(alias) ? alias[0] : undefined;
  return { zh: name, en: typeof other === 'string' ? other : name };
}
