import { type Actor, fullAccess } from '#fhir/access/index.ts';
import { method } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { type Consent, deadlineOf } from './consent.ts';
import { parseConsent, printConsent } from './consent-resource.ts';
import { type ConsentDependencies, toResource } from './dependencies.ts';
import { dropDeadline, setDeadline } from './queries.ts';

/**
 * Writes a consent under the name of whoever acted, with its trail, its deadline and what else came of it. What it opens or
 * closes is projected by the database in the same transaction. Fails with `conflict` when somebody else changed it.
 */
export async function save(
  { store, validator }: Pick<ConsentDependencies, 'store' | 'validator'>,
  transaction: Transaction,
  actor: Actor,
  consent: Consent,
  { interaction, beside = [] }: { readonly interaction: string; readonly beside?: readonly JsonObject[] },
): Promise<Consent> {
  const resource = printConsent(consent);
  for (const one of [resource, ...beside]) await validator.check(one);
  const access = fullAccess(actor);
  const [outcome] = await store.write(transaction, [
    {
      type: 'Consent',
      id: consent.id,
      method: method.put,
      resource,
      access,
      interaction,
      ...(consent.version === undefined ? { isOnlyIfAbsent: true } : { expectedVersion: consent.version }),
    },
    ...beside.map((one) => ({
      type: `${one.resourceType}`,
      id: `${one.id}`,
      method: method.put,
      resource: one,
      access,
      interaction,
      isNew: true,
    })),
  ]);
  const deadline = deadlineOf(consent);
  if (deadline) await setDeadline(transaction, consent.id, deadline.at);
  else await dropDeadline(transaction, consent.id);
  return { ...consent, version: outcome?.version };
}

/** Fails with `not-found` for what is no consent of this module. */
export async function load(
  { store }: Pick<ConsentDependencies, 'store'>,
  connection: ConsentDependencies['pool'] | Transaction,
  id: string,
): Promise<Consent> {
  const row = /^[A-Za-z0-9.-]{1,64}$/.test(id) ? await store.read(connection, 'Consent', id) : undefined;
  const consent = row?.content ? parseConsent(toResource(row.content), row.version) : undefined;
  if (consent) return consent;
  throw new Failure('not-found', `There is no consent ${id.slice(0, 64)}.`);
}

/** Fails with `conflict` when it is not the version that somebody decided about. */
export function requireVersion({ version }: Consent, seen: number | undefined): void {
  if (seen === undefined || seen === version) return;
  throw new Failure('conflict', 'This consent has changed since you saw it. Load it again.');
}
