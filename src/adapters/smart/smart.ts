import type { FastifyInstance } from 'fastify';
import type Provider from 'oidc-provider';
import { type FhirContext, sendError } from '#fhir/rest/index.ts';
import type { Vault } from '#lib/vault.ts';
import type { AccessModule } from '#modules/access/index.ts';
import { addressesOf } from './addresses.ts';
import { createAuthenticate } from './authenticate.ts';
import { mountProvider } from './mount.ts';
import { allowOrigins } from './origins.ts';
import type { People } from './people.ts';
import { registerPersonRoutes } from './person-routes.ts';
import { createProvider } from './provider.ts';
import { removeExpired } from './queries.ts';
import { readSigningKeys } from './signing-keys.ts';
import { printSmartConfiguration } from './smart-configuration.ts';

export interface SmartDependencies {
  fhir: Pick<FhirContext, 'pool' | 'store' | 'search' | 'trail' | 'baseUrl' | 'now'>;
  access: Pick<AccessModule, 'accessOf'>;
  people: People;
  vault: Vault;
  log: (event: string, details: Record<string, unknown>) => void;
}

export interface Smart {
  /** Who has sent a request, by its bearer token; undefined when it brings none, `login` when it is no good. */
  authenticate: ReturnType<typeof createAuthenticate>;
  /** Adds the provider at /oidc, what pages of the portal ask at /api/smart, and what applications are told about it. */
  register(app: FastifyInstance): Promise<void>;
  stop(): void;
}

const everyMinute = 60_000;

/** The authorization server. It needs the database at once: its keys are in there. */
export async function createSmart({ fhir, access, people, vault, log }: SmartDependencies): Promise<Smart> {
  const { pool, now, baseUrl } = fhir;
  const addresses = addressesOf(baseUrl);
  const forProvider = { pool, vault, now, addresses, people, log };
  let keys = await readSigningKeys(forProvider);
  let provider: Provider = createProvider(forProvider, keys);
  const tidy = async () => {
    await removeExpired(pool, new Date(now()));
    const current = await readSigningKeys(forProvider);
    if (current.map(({ kid }) => kid).join() === keys.map(({ kid }) => kid).join()) return;
    keys = current;
    provider = createProvider(forProvider, keys);
  };
  const timer = setInterval(() => {
    tidy().catch((error: Error) => log('smart.failed', { err: error }));
  }, everyMinute).unref();
  return {
    authenticate: createAuthenticate({ pool, now, people }),
    register: async (app) => {
      allowOrigins(app, { pool, now });
      app.get('/fhir/.well-known/smart-configuration', { config: { isPublic: true } }, async (_request, reply) => {
        reply.header('cache-control', 'public, max-age=300').type('application/json');
        return printSmartConfiguration(addresses);
      });
      await app.register(async (api) => mountProvider(api, { pool, addresses }, () => provider), { prefix: '/oidc' });
      await app.register(
        async (api) => {
          api.setErrorHandler(sendError);
          api.addHook('onRequest', async (_request, reply) => {
            reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
          });
          registerPersonRoutes(api, { fhir, access, people, addresses, now, provider: () => provider });
        },
        { prefix: '/api/smart' },
      );
    },
    stop: () => clearInterval(timer),
  };
}
