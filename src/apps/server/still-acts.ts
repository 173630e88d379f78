import { isRegistered } from '#adapters/smart/index.ts';
import type { Actor } from '#fhir/access/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { isActing } from '#modules/account/index.ts';

/**
 * Whether work that somebody has asked for may go on: subscriptions and exports end with the client that was removed, and with
 * the account that was locked or the role that has ended.
 */
export async function mayStillAct(pool: Pool, { reference, role, organization, client }: Actor): Promise<boolean> {
  if (role === 'operator') return true;
  if (client !== undefined && !(await isRegistered({ pool }, client, organization))) return false;
  return role === 'system' || isActing(pool, { reference, role, organization }, Date.now());
}
