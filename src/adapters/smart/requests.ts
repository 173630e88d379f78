import type { FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import type { People, SignedIn } from './people.ts';

type Fields = Record<string, unknown>;

/** Whoever is signed in to the portal; `login` for nobody. */
export async function requirePerson(people: Pick<People, 'signedIn'>, request: FastifyRequest): Promise<SignedIn> {
  const person = await people.signedIn(request);
  if (person) return person;
  throw new Failure('login', 'Sign in to the portal first.');
}

/**
 * Cookies come with requests that other sites cause. A page of another site can neither set this header without being asked
 * for by a preflight, which is refused, nor hide where it is from.
 */
export function refuseForeignPage({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const isOwn = headers['x-meridian-request'] === 'portal' && (site === undefined || site === 'same-origin');
  if (!isOwn) throw new Failure('forbidden', 'This is answered to pages of the portal only.');
}

export function fieldsOf(body: unknown): Fields {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  throw new Failure('invalid', 'Send a JSON object.');
}

/** An id of FHIR, if there is one. */
export function idIn(fields: Fields, name: string): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(value)) return value;
  throw new Failure('value', `${name} must be the id of a resource.`);
}

export function textIn(fields: Fields, name: string, most: number): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= most) return value;
  throw new Failure('value', `${name} must be a text of 1 to ${most} characters.`);
}

export function textsIn(fields: Fields, name: string): string[] | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  const isList = Array.isArray(value) && value.length <= 100 && value.every((one) => typeof one === 'string');
  if (isList) return value as string[];
  throw new Failure('value', `${name} must be a list of at most 100 texts.`);
}
