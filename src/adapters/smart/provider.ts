import type { JWK } from 'jose';
import Provider, { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Vault } from '#lib/vault.ts';
import type { Addresses } from './addresses.ts';
import { createArtifactStore } from './artifact-store.ts';
import { assertAssertion } from './client-assertion.ts';
import { renderError } from './error-page.ts';
import type { People } from './people.ts';
import { findAuthorization, findClient } from './queries.ts';
import { narrowScopes, plainScopes } from './scope.ts';
import { addIntrospectedContext, addLaunchContext } from './token-context.ts';

export interface ProviderDependencies {
  pool: Pool;
  vault: Vault;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  addresses: Addresses;
  people: Pick<People, 'principalOf'>;
  /** What went wrong inside, by a name. */
  log: (event: string, details: Record<string, unknown>) => void;
}

/** Seconds for which each lives. */
export const lifetimes = {
  AccessToken: 30 * 60,
  /** https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html: no longer than five minutes. */
  ClientCredentials: 5 * 60,
  AuthorizationCode: 60,
  IdToken: 60 * 60,
  /** Time to sign in, with a second factor that first has to be found. */
  Interaction: 30 * 60,
  Session: 24 * 60 * 60,
  /** How long somebody's consent to an application holds. */
  Grant: 90 * 24 * 60 * 60,
  RefreshToken: 90 * 24 * 60 * 60,
};

/** RS384 and ES384 are what SMART asks for; the other two are what older libraries have. */
export const assertionAlgorithms = ['RS384', 'ES384', 'RS256', 'ES256'] as const;

export function createProvider(dependencies: ProviderDependencies, keys: JWK[]): Provider {
  const { addresses, log, pool } = dependencies;
  const provider = new Provider(addresses.issuer, configure(dependencies, keys));
  // What is told about the request is told by mount.ts, never by the client.
  provider.proxy = true;
  provider.use(addLaunchContext(pool));
  provider.use(addIntrospectedContext(pool, addresses.fhir));
  provider.on('authorization.success', ({ oidc }) => forgetPerson(oidc));
  provider.on('server_error', (_context, error) => log('smart.failed', { err: error }));
  return provider;
}

function configure({ pool, vault, now, addresses, people }: ProviderDependencies, keys: JWK[]): Configuration {
  const cookies = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    adapter: createArtifactStore({ pool, now }),
    jwks: { keys: keys as NonNullable<Configuration['jwks']>['keys'] },
    cookies: {
      names: { session: 'meridian-oidc', interaction: 'meridian-interaction', resume: 'meridian-resume' },
      keys: [vault.derive('smart.cookies').toString('base64url')],
      long: cookies,
      short: { ...cookies, path: '/' },
    },
    scopes: [...plainScopes],
    claims: { openid: ['sub', 'amr', 'auth_time'], profile: ['name'], fhirUser: ['fhirUser'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...assertionAlgorithms],
      idTokenSigningAlgValues: ['RS256'],
    },
    assertJwtClientAuthClaimsAndHeader: assertAssertion,
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: 10,
    fetch: fetchKeys,
    pkce: { required: () => true },
    extraParams: { aud: (_ctx, aud) => checkAudience(aud, addresses.fhir), launch: null },
    ttl: lifetimes,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    issueRefreshToken: async (ctx) => isRefreshable(ctx),
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    loadExistingGrant: async (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    interactions: {
      policy: interactionsOf(),
      url: (_ctx, { uid }) => `${addresses.root}/authorize?interaction=${uid}`,
    },
    findAccount: async (_ctx, account, token) => findPerson({ pool, people, addresses }, account, token),
    renderError,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) =>
          token.clientId === client.clientId || (await findClient(pool, client.clientId))?.introspects === true,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => addresses.fhir,
        useGrantedResource: () => true,
        getResourceServerInfo: async (ctx, resource, client) => {
          if (resource !== addresses.fhir) throw new errors.InvalidTarget();
          const allowed = (await findClient(pool, client.clientId))?.scopes ?? [];
          return {
            scope: allowedScopes(ctx, allowed).join(' '),
            audience: addresses.fhir,
            accessTokenFormat: 'opaque',
            accessTokenTTL:
              ctx.oidc.params?.grant_type === 'client_credentials'
                ? lifetimes.ClientCredentials
                : lifetimes.AccessToken,
          };
        },
      },
    },
  };
}

/**
 * Fetches the keys of a client, the only thing that the provider fetches. The operator has written down where they are, which
 * in a hospital is an address of its own network; the provider's own check would refuse it. What answers cannot send us on.
 */
const fetchKeys: typeof fetch = (url, options) =>
  // Without the dispatcher that comes with it, which is what refuses.
  globalThis.fetch(url, { ...options, dispatcher: undefined, redirect: 'error' } as RequestInit);

/** SMART: an application says for which server it wants a token, so that it does not hand it to another. */
function checkAudience(aud: string | undefined, fhir: string): void {
  if (aud?.replace(/\/$/, '') === fhir) return;
  throw new errors.InvalidRequest(`aud must be ${fhir}`);
}

/** What is asked for here and now, or was when the code or refresh token was given, and the client may have. */
function allowedScopes(ctx: KoaContextWithOIDC, allowed: readonly string[]): string[] {
  const { requestParamScopes, entities } = ctx.oidc;
  const asked = [
    ...requestParamScopes,
    ...(entities.AuthorizationCode?.scopes ?? []),
    ...(entities.RefreshToken?.scopes ?? []),
  ];
  const scopes = narrowScopes(asked, allowed);
  if (asked.length > 0 && scopes.length === 0) {
    throw new errors.InvalidScope('this client may have none of these scopes', asked.join(' '));
  }
  return scopes;
}

function isRefreshable(ctx: KoaContextWithOIDC): boolean {
  const granted = ctx.oidc.entities.Grant?.getOIDCScope().split(' ') ?? [];
  return granted.includes('offline_access') || granted.includes('online_access');
}

/** Nobody is taken for signed in because they were a moment ago: whoever consents says so as the portal knows them. */
function interactionsOf(): interactionPolicy.Prompt[] {
  const { Prompt, Check } = interactionPolicy;
  return [
    new Prompt(
      { name: 'login', requestable: true },
      new Check('nobody', 'somebody must sign in', ({ oidc }) => {
        if (oidc.result?.login !== undefined) return false;
        forgetPerson(oidc);
        return true;
      }),
    ),
    new Prompt(
      { name: 'consent', requestable: true },
      new Check('unasked', 'somebody must consent', ({ oidc }) => oidc.result?.consent === undefined),
    ),
  ];
}

/** The provider's own session only ties the steps of a request together: it must not sign anybody in. */
function forgetPerson({ session }: KoaContextWithOIDC['oidc']): void {
  if (session) Reflect.deleteProperty(session, 'accountId');
}

type PersonDependencies = Pick<ProviderDependencies, 'pool' | 'people' | 'addresses'>;

/** At the token endpoint, only somebody who may still act; before, there is nobody but the one who has just consented. */
async function findPerson({ pool, people, addresses }: PersonDependencies, account: string, token: unknown) {
  const grantId = (token as { grantId?: string } | undefined)?.grantId;
  if (grantId === undefined) return { accountId: account, claims: async () => ({ sub: account }) };
  const authorization = await findAuthorization(pool, grantId);
  if (!authorization || authorization.account !== account) return undefined;
  const principal = await people.principalOf({
    account,
    role: authorization.role,
    session: authorization.session ?? undefined,
  });
  if (!principal) return undefined;
  const claims = { sub: account, name: principal.display, fhirUser: `${addresses.fhir}/${principal.reference}` };
  return { accountId: account, claims: async () => claims };
}
