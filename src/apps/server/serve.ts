import { fileURLToPath } from 'node:url';
import { createPortalAuthentication, registerAdministrationRoutes, registerPortal } from '#adapters/portal/index.ts';
import { registerFhir } from '#fhir/rest/index.ts';
import { registerSubscriptionSocket } from '#fhir/subscription/index.ts';
import { Failure } from '#lib/failure.ts';
import { findFreePort } from '#lib/postgres/embedded-process.ts';
import { removeRunningServer, writeRunningServer } from '#lib/postgres/running-server.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import { registerHealthCodeKeys } from '#modules/health-code/index.ts';
import { createNamesOf, openAccounts, openAdministration, openDemonstration } from './accounts.ts';
import { registerApi } from './api.ts';
import { createRequireBranch } from './branch-of-accounts.ts';
import type { Config } from './config.ts';
import { type Database, openDatabase } from './database.ts';
import { loadDemonstration } from './demonstration.ts';
import { prepareDirectory } from './directory.ts';
import { healthCodeSettings } from './health-code.ts';
import { createHttp, type Health } from './http.ts';
import { identify } from './identity.ts';
import { createModules, type Modules } from './modules.ts';
import { mayBeChosen, peopleOf } from './people.ts';
import { refuseOddInput } from './plain-input.ts';
import { type DemonstrationRegion, ping } from './queries.ts';
import type { Running } from './running.ts';
import { type Services, wire } from './wire.ts';

const portalFolder = fileURLToPath(new URL('../../../portal/dist', import.meta.url));

/** Starts everything, in order; ends what has begun when a part of it fails. */
export async function start(config: Config, isEmpty: boolean, onFailure: (failure: Failure) => void): Promise<Running> {
  const database = await openDatabase(config, onFailure);
  try {
    return await serve(config, database, isEmpty);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function serve(configured: Config, database: Database, isEmpty: boolean): Promise<Running> {
  // The base URL stands in stored links and in the CapabilityStatement, so the port is known before anything is built.
  const config = { ...configured, PORT: configured.PORT || (await findFreePort()) };
  const { connectionString } = database;
  const services = wire(connectionString, config.MERIDIAN_POOL, 'meridian server', config.MERIDIAN_TEXT_SEARCH);
  const health: Health = { isReady: false, state: 'starting', check: () => ping(services.pool) };
  const ownUrl = config.MERIDIAN_BASE_URL ? new URL(config.MERIDIAN_BASE_URL) : undefined;
  const app = createHttp(config.LOG_LEVEL, health, { host: ownUrl?.host, proxies: config.MERIDIAN_PROXIES });
  const baseUrl = config.MERIDIAN_BASE_URL || `http://${printHost(config.HOST)}:${config.PORT}/fhir`;
  const log = (event: string, details: Record<string, unknown>) => app.log.warn(details, event);
  const modules = await createModules(services, { config, connectionString, baseUrl, log });
  const { fhir } = modules;
  const accounts = await openAccounts(config, fhir.pool, fhir.trail, modules.vault);
  let region: DemonstrationRegion | undefined;
  const choosable = () => (health.isReady && mayBeChosen(config, region) ? peopleOf(region) : []);
  const closing = await register(app, modules, { config, accounts, choosable, origin: ownUrl?.origin, log });
  const stop = async () => {
    health.isReady = false;
    health.state = 'stopping';
    await app.close();
    closing.stop();
    await modules.stop();
    await services.stop();
    if (database.isEmbedded) removeRunningServer(config.MERIDIAN_DATA);
    await database.stop();
  };
  try {
    const address = await listen(app, config);
    if (database.isEmbedded) writeRunningServer(config.MERIDIAN_DATA, { connectionString, address });
    await modules.begin();
    health.state = 'loading the demonstration region';
    region = isEmpty ? undefined : await fill(services, fhir.store);
    await prepareDirectory(fhir, region);
    const proofs = region ? await openDemonstration(accounts, peopleOf(region)) : [];
    const setUp = region ? undefined : await openAdministration(accounts, fhir.store);
    health.isReady = true;
    health.notes = async () => ((await fhir.reindex.isBehind()) ? ['the search index is being rebuilt'] : []);
    await modules.work();
    return { address, people: choosable(), proofs, setUp, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Registered {
  config: Config;
  accounts: Awaited<ReturnType<typeof openAccounts>>;
  choosable: () => ReturnType<typeof peopleOf>;
  origin: string | undefined;
  log: (event: string, details: Record<string, unknown>) => void;
}

/** What the server answers to: pages, sign-in, modules, FHIR. */
async function register(
  app: ReturnType<typeof createHttp>,
  { fhir, access, matching, vault }: Modules,
  { config, accounts, choosable, origin, log }: Registered,
): Promise<{ stop(): void }> {
  const authentication = createPortalAuthentication(accounts);
  const portal = {
    accounts,
    authentication,
    namesOf: createNamesOf(fhir),
    demonstration: async () => choosable(),
    providers: config.MERIDIAN_IDENTITY_PROVIDERS,
    origin,
  };
  await registerPortal(app, { distFolder: portalFolder, ...portal });
  refuseOddInput(app);
  const operatorToken = config.MERIDIAN_OPERATOR_TOKEN;
  const smart = await identify(app, { fhir, access, portal: authentication, vault, operatorToken, log });
  const administration = { ...portal, requireBranch: createRequireBranch(fhir) };
  await app.register(async (api) => registerAdministrationRoutes(api, administration), { prefix: '/api/account' });
  const emergencies = { minutes: config.MERIDIAN_EMERGENCY_MINUTES, perDay: config.MERIDIAN_EMERGENCIES_PER_DAY };
  const healthCode = { vault, settings: healthCodeSettings(config) };
  await app.register(async (api) => registerApi(api, fhir, { matching, emergencies, healthCode }), { prefix: '/api' });
  registerHealthCodeKeys(app, { ...fhir, ...healthCode });
  const { subscriptions } = fhir;
  if (subscriptions) {
    await app.register(async (api) => registerSubscriptionSocket(api, subscriptions), { prefix: '/fhir' });
  }
  await app.register(async (api) => registerFhir(api, fhir), { prefix: '/fhir' });
  return smart;
}

const printHost = (host: string) => (host.includes(':') ? `[${host}]` : host);

async function listen(app: ReturnType<typeof createHttp>, { HOST, PORT }: Config): Promise<string> {
  try {
    await app.listen({ host: HOST, port: PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Failure('conflict', `Port ${PORT} is in use by another program. Stop it, or set PORT to another port.`);
  }
  return `http://${printHost(HOST)}:${PORT}`;
}

async function fill({ pool }: Services, store: Parameters<typeof loadDemonstration>[1]) {
  const bar = createProgressBar('Loading the demonstration region', process.stderr);
  let hasLoaded = false;
  const today = new Date().toISOString().slice(0, 10);
  const region = await loadDemonstration(pool, store, today, (done) => {
    hasLoaded = true;
    bar.update({ done, unit: 'resources' });
  });
  if (hasLoaded) bar.end();
  return region;
}
