import type { Access } from '#fhir/access/index.ts';
import { fullAccess } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { method, type Outcome } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';

/** What the use cases of the directory need of the record. */
export type Directory = Pick<FhirContext, 'pool' | 'store' | 'search' | 'validator' | 'now' | 'newId'>;

export const todayOf = ({ now }: Pick<Directory, 'now'>): string => new Date(now()).toISOString().slice(0, 10);

type Connection = Directory['pool'] | Transaction;

/** A resource that is there; fails with `not-found` or `deleted`. */
export async function readResource(
  { store }: Directory,
  connection: Connection,
  type: string,
  id: string,
): Promise<JsonObject> {
  const found = await findResource({ store }, connection, type, id);
  if (found) return found;
  throw new Failure('not-found', `There is no ${type}/${id}.`);
}

export async function findResource(
  { store }: Pick<Directory, 'store'>,
  connection: Connection,
  type: string,
  id: string,
): Promise<JsonObject | undefined> {
  const row = await store.read(connection, type, id);
  if (!row || row.method === method.delete) return undefined;
  return toResource(row.content ?? '');
}

export function toResource(content: string): JsonObject {
  const resource = parseJson(content);
  if (isJsonObject(resource)) return resource;
  throw new Error('A stored resource is no object');
}

export interface DirectoryWrite {
  type: string;
  id: string;
  resource: JsonObject;
  /** Undefined: it must not be there yet, unless it says the same. */
  expectedVersion?: number | undefined;
  interaction: string;
}

/** Checks and writes what the policy of the directory has allowed, under the name of whoever asked for it. */
export async function writeResources(
  { store, validator }: Directory,
  transaction: Transaction,
  access: Access,
  writes: readonly DirectoryWrite[],
): Promise<Outcome[]> {
  for (const { resource } of writes) await validator.check(resource);
  const own = fullAccess(access.actor);
  return store.write(
    transaction,
    writes.map(({ type, id, resource, expectedVersion, interaction }) => ({
      type,
      id,
      method: method.put,
      resource: { ...resource, id },
      access: own,
      interaction,
      ...(expectedVersion !== undefined && { expectedVersion }),
    })),
  );
}

/** Another resource than this one that has the identifier. */
export async function findOther(
  { search }: Directory,
  transaction: Transaction,
  { type, system, value, id }: { type: string; system: string; value: string; id: string },
): Promise<string | undefined> {
  const query = `${new URLSearchParams({ identifier: `${system}|${value}` })}`;
  const found = await search.findMatches(transaction, { type, query, restriction: undefined });
  return found.find((match) => match.id !== id)?.id;
}

/** One page of a search in which everything is meant and nothing held back: the policy of the directory has decided. */
export async function searchAll(
  { search }: Directory,
  connection: Connection | undefined,
  type: string,
  parameters: readonly (readonly [string, string])[],
): Promise<{ resources: JsonObject[]; included: JsonObject[]; total: number | undefined; next: string | undefined }> {
  const input = { type, parameters, handling: 'strict', restriction: undefined } as const;
  const { matches, included, total, next } = await search.search(input, connection as Transaction | undefined);
  const toResources = (found: typeof matches) => found.map(({ content }) => toResource(content));
  return { resources: toResources(matches), included: toResources(included), total, next };
}
