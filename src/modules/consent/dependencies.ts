import type { Access, Actor } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { method } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import type { DataCategories } from '#modules/access/index.ts';
import type { Named } from './consent.ts';

/** What the use cases need of the record. */
export interface ConsentDependencies
  extends Pick<FhirContext, 'pool' | 'store' | 'search' | 'validator' | 'trail' | 'now' | 'newId'> {
  readonly categories: DataCategories;
}

type Connection = ConsentDependencies['pool'] | Parameters<ConsentDependencies['store']['write']>[0];

export interface Found extends Named {
  readonly rid: number;
  readonly resource: JsonObject;
}

const idPattern = /^[A-Za-z0-9.-]{1,64}$/;

/** A resource that is there; fails with `not-found`. */
export async function find(
  { store }: Pick<ConsentDependencies, 'store'>,
  connection: Connection,
  type: string,
  id: string,
): Promise<Found> {
  const row = idPattern.test(id) ? await store.read(connection, type, id) : undefined;
  if (!row?.content || row.method === method.delete)
    throw new Failure('not-found', `There is no ${type}/${id.slice(0, 64)}.`);
  const resource = toResource(row.content);
  return { rid: row.rid, reference: `${type}/${id}`, display: displayOf(resource) ?? `${type}/${id}`, resource };
}

/** One of `Practitioner/1`, `Organization/1` ... of these types; fails with `value` for another type. */
export async function findParty(
  deps: Pick<ConsentDependencies, 'store'>,
  connection: Connection,
  reference: string,
  types: readonly string[],
): Promise<Found> {
  const [type = '', id = '', ...rest] = reference.split('/');
  if (types.includes(type) && rest.length === 0) return find(deps, connection, type, id);
  throw new Failure('value', `"party" must name one of ${types.join(', ')}, such as ${types[0]}/1.`);
}

export function toResource(content: string): JsonObject {
  const resource = parseJson(content);
  if (isJsonObject(resource)) return resource;
  throw new Error('A stored resource is no object');
}

/** The name of a person or an institution, in the words of the record. */
export function displayOf(resource: JsonObject): string | undefined {
  const { name } = resource;
  if (typeof name === 'string') return name;
  const names = Array.isArray(name) ? name.filter(isJsonObject) : [];
  const chosen = names.find(({ use }) => use === 'official') ?? names[0];
  if (typeof chosen?.text === 'string') return chosen.text;
  const given = Array.isArray(chosen?.given) ? chosen.given : [];
  const parts = [...given, chosen?.family].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(' ') : undefined;
}

export const namedOf = ({ reference, display }: Named | Actor): Named => ({ reference, display });

/** Whether whoever asks may read the resource; fails with `not-found` where not, as for one that is not there. */
export async function requireReadable(
  { search, pool }: Pick<ConsentDependencies, 'search' | 'pool'>,
  access: Access,
  { rid, reference }: Found,
): Promise<void> {
  const [type = ''] = reference.split('/');
  const seen = await search.readable(pool, (name) => access.conditionOf('read', name), [{ rid, type }]);
  if (!seen.has(rid)) throw new Failure('not-found', `There is no ${reference}.`);
}
