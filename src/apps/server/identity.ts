import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createPeople, type PortalAuthentication } from '#adapters/portal/index.ts';
import { createSmart, type Smart } from '#adapters/smart/index.ts';
import { type Access, operatorAccess } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import type { Vault } from '#lib/vault.ts';
import type { AccessModule } from '#modules/access/index.ts';

export interface IdentityDependencies {
  fhir: Pick<FhirContext, 'pool' | 'store' | 'search' | 'trail' | 'baseUrl' | 'now'>;
  access: Pick<AccessModule, 'accessOf'>;
  /** The sessions of the portal. */
  portal: PortalAuthentication;
  vault: Vault;
  /** What an operator may send as Bearer; none when empty. */
  operatorToken: string;
  log: (event: string, details: Record<string, unknown>) => void;
}

/** What asks who sends a request; pages, the provider and what operators look at do not. */
const asksWho = /^\/(fhir|api)(\/|\?|$)/;

/** Modules decide by roles, which scopes do not narrow. */
const ofModules = /^\/api(\/|\?|$)/;

const refuseApplication = () =>
  new Failure(
    'forbidden',
    'This is for the portal: an application does what its scopes say at the FHIR service, /fhir.',
  );

/**
 * From here on, every request to the FHIR service and to the modules is that of somebody: of whom its access token is, or else
 * of who is signed in to the portal; or of nobody, whom only what is published answers. To be stopped with the process.
 */
export async function identify(app: FastifyInstance, dependencies: IdentityDependencies): Promise<Smart> {
  const { fhir, access, portal, vault, operatorToken, log } = dependencies;
  const smart = await createSmart({ fhir, access, people: createPeople(portal), vault, log });
  await smart.register(app);
  const accessOf = async (request: FastifyRequest): Promise<Access | undefined> => {
    if (isOperator(operatorToken, request.headers.authorization)) return operatorAccess;
    const principal = (await smart.authenticate(request)) ?? (await portal.authenticate(request));
    if (principal?.scopes && ofModules.test(request.url)) throw refuseApplication();
    return principal && access.accessOf(principal);
  };
  app.addHook('onRequest', async (request) => {
    if (asksWho.test(request.url) && !request.routeOptions.config.isPublic) request.access = await accessOf(request);
  });
  return smart;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

const isOperator = (token: string, header: string | undefined): boolean =>
  token !== '' && header !== undefined && timingSafeEqual(digest(`Bearer ${token}`), digest(header));
