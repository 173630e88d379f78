import type { FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Principal } from '#modules/access/index.ts';
import { isRole } from '#modules/access/index.ts';
import { hashOf } from './artifact-store.ts';
import type { People } from './people.ts';
import { findToken, type StoredToken } from './queries.ts';
import { isPlainScope } from './scope.ts';

interface AuthenticateDependencies {
  pool: Pool;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  people: Pick<People, 'principalOf'>;
}

/** For how long a token that was looked up is taken for what it was: so long a revoked one may still be good. */
const trustedMs = 500;
const mostTokens = 10_000;

/**
 * Who has sent a request, by its bearer token; undefined when it brings none. Fails with `login` when the token is not, or no
 * longer, good for anything.
 */
export function createAuthenticate(dependencies: AuthenticateDependencies) {
  const { now } = dependencies;
  const known = new Map<string, { until: number; principal: Promise<Principal | undefined> }>();
  const principalOf = (token: string): Promise<Principal | undefined> => {
    const hash = hashOf(token);
    const key = hash.toString('base64');
    const found = known.get(key);
    if (found && found.until > now()) return found.principal;
    if (known.size >= mostTokens) known.clear();
    const principal = lookUp(dependencies, hash);
    known.set(key, { until: now() + trustedMs, principal });
    principal.catch(() => known.delete(key));
    return principal;
  };
  return async (request: Pick<FastifyRequest, 'headers' | 'ip'>): Promise<Principal | undefined> => {
    const token = bearerOf(request.headers.authorization);
    if (token === undefined) return undefined;
    const principal = await principalOf(token);
    if (principal) return { ...principal, address: request.ip };
    throw new Failure('login', 'The access token is not known, has expired or was revoked. Get a new one.');
  };
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1; what is no such header is refused rather than ignored. */
function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const token = /^Bearer +([A-Za-z0-9._~+/-]{16,1024}=*)$/i.exec(header)?.[1];
  if (token !== undefined) return token;
  throw new Failure('login', 'Send an access token as Authorization: Bearer; this server knows no other kind.');
}

async function lookUp({ pool, now, people }: AuthenticateDependencies, hash: Buffer): Promise<Principal | undefined> {
  const token = await findToken(pool, hash, new Date(now()));
  if (!token) return undefined;
  if (token.kind === 'OperatorToken') return parsePrincipal(token.payload.principal);
  if (token.kind === 'ClientCredentials') return toSystem(token, hash);
  const { authorization, client } = token;
  if (!authorization) return undefined;
  const { account, role, session, patient, grantId } = authorization;
  const person = await people.principalOf({ account, role, session: session ?? undefined });
  return (
    person && {
      ...person,
      client: client ?? undefined,
      session: grantId,
      scopes: scopesOf(token),
      patient: patient ?? undefined,
    }
  );
}

/** What says nothing about resources narrows nothing, and gives nothing. */
const scopesOf = ({ payload: { scope } }: StoredToken): string[] =>
  typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '' && !isPlainScope(one)) : [];

/** A backend acts under its own name, for the organisation that runs it. */
function toSystem(token: StoredToken, hash: Buffer): Principal | undefined {
  const { client, clientName, organization } = token;
  if (client === null || clientName === null) return undefined;
  return {
    reference: `Device/${client}`,
    display: clientName,
    role: 'system',
    organization: organization ?? undefined,
    client,
    session: hash.toString('hex').slice(0, 16),
    scopes: scopesOf(token),
  };
}

/** Of a token that the operator has made at the machine, as `printPrincipal` has written it. */
function parsePrincipal(value: unknown): Principal | undefined {
  const principal = value as Principal | undefined;
  return principal && isRole(principal.role) ? principal : undefined;
}
