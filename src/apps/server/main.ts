import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPortalAuthentication, registerAdministrationRoutes, registerPortal } from '#adapters/portal/index.ts';
import { operatorAccess } from '#fhir/access/index.ts';
import { registerFhir } from '#fhir/rest/index.ts';
import { registerSubscriptionSocket } from '#fhir/subscription/index.ts';
import { Failure } from '#lib/failure.ts';
import { startWorker, type Worker } from '#lib/jobs/index.ts';
import { findFreePort } from '#lib/postgres/embedded-process.ts';
import { removeRunningServer, writeRunningServer } from '#lib/postgres/running-server.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import type { DemonstrationProofs } from '#modules/account/index.ts';
import { auditOperations, startWatcher, type Watcher } from '#modules/audit/index.ts';
import {
  createBackground,
  createCurrentModel,
  createMatching,
  matchingTasks,
  matchOperations,
  mergeOperations,
  personRows,
  startMatching,
} from '#modules/patient-index/index.ts';
import type { DemoPerson } from '#population/region.ts';
import { createNamesOf, createVaultOf, openAccounts, openAdministration, openDemonstration } from './accounts.ts';
import { registerApi } from './api.ts';
import { openAudit } from './audit.ts';
import { bulkOptions } from './bulk.ts';
import { type Config, readConfig } from './config.ts';
import { type Database, openDatabase } from './database.ts';
import { loadDemonstration } from './demonstration.ts';
import { prepareDirectory } from './directory.ts';
import { createHttp, type Health } from './http.ts';
import { mayBeChosen, peopleOf } from './people.ts';
import { type DemonstrationRegion, ping } from './queries.ts';
import { subscriptionOptions } from './subscriptions.ts';
import { validationPolicy } from './validation-policy.ts';
import { type Services, wire } from './wire.ts';

const portalFolder = fileURLToPath(new URL('../../../portal/dist', import.meta.url));

interface Running {
  address: string;
  /** Who may be chosen at sign-in without a password. */
  people: readonly DemoPerson[];
  /** Who of them can be tried with a password and a second factor. */
  proofs: readonly DemonstrationProofs[];
  /** With what somebody begins to administer a platform that nobody administers yet. */
  setUp: { name: string; code: string } | undefined;
  stop(): Promise<void>;
}

async function start(config: Config, isEmpty: boolean, onFailure: (failure: Failure) => void): Promise<Running> {
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
  const services = wire(
    database.connectionString,
    config.MERIDIAN_POOL,
    'meridian server',
    config.MERIDIAN_TEXT_SEARCH,
  );
  const health: Health = { isReady: false, state: 'starting', check: () => ping(services.pool) };
  const ownUrl = config.MERIDIAN_BASE_URL ? new URL(config.MERIDIAN_BASE_URL) : undefined;
  const app = createHttp(config.LOG_LEVEL, health, { host: ownUrl?.host, proxies: config.MERIDIAN_PROXIES });
  let region: DemonstrationRegion | undefined;
  const baseUrl = config.MERIDIAN_BASE_URL || `http://${printHost(config.HOST)}:${config.PORT}/fhir`;
  const log = (event: string, details: Record<string, unknown>) => app.log.warn(details, event);
  const audit = openAudit(config, database.connectionString, log);
  const matching = createMatching(createCurrentModel(services.pool, Date.now));
  const fhir = services.fhir(baseUrl, {
    trail: audit.trail,
    bulk: bulkOptions(config),
    subscriptions: subscriptionOptions(config, log),
    operations: [...auditOperations, ...mergeOperations, ...matchOperations(matching)],
    tasks: matchingTasks({ pool: services.pool, now: Date.now }),
    derived: [personRows],
    operatorToken: config.MERIDIAN_OPERATOR_TOKEN,
    validation: validationPolicy(config),
    writes: { references: config.MERIDIAN_REFERENCES, conditionalDeletes: config.MERIDIAN_CONDITIONAL_DELETES },
  });
  const accounts = await openAccounts(config, fhir.pool, fhir.trail, createVaultOf(config));
  const choosable = () => (health.isReady && mayBeChosen(config, region) ? peopleOf(region) : []);
  const portal = {
    accounts,
    authentication: createPortalAuthentication(accounts),
    namesOf: createNamesOf(fhir),
    demonstration: async () => choosable(),
    origin: ownUrl?.origin,
  };
  await registerPortal(app, { distFolder: portalFolder, ...portal });
  const { subscriptions } = fhir;
  app.addHook('onRequest', async (request) => {
    request.access = operatorAccess;
  });
  await app.register(async (api) => registerAdministrationRoutes(api, portal), { prefix: '/api/account' });
  await app.register(async (api) => registerApi(api, fhir, { matching }), { prefix: '/api' });
  if (subscriptions) {
    await app.register(async (api) => registerSubscriptionSocket(api, subscriptions), { prefix: '/fhir' });
  }
  await app.register(async (api) => registerFhir(api, fhir), { prefix: '/fhir' });
  const patientIndex = createBackground({ ...fhir, matching, log });
  let worker: Worker | undefined;
  let watcher: Watcher | undefined;
  const stop = async () => {
    health.isReady = false;
    health.state = 'stopping';
    await app.close();
    await worker?.stop();
    await patientIndex.stop();
    await subscriptions?.stop();
    await watcher?.stop();
    await audit.stop();
    await services.stop();
    if (database.isEmbedded) removeRunningServer(config.MERIDIAN_DATA);
    await database.stop();
  };
  try {
    const address = await listen(app, config);
    if (database.isEmbedded) {
      writeRunningServer(config.MERIDIAN_DATA, { connectionString: database.connectionString, address });
    }
    await audit.start();
    await fhir.reindex.start();
    health.state = 'loading the demonstration region';
    region = isEmpty ? undefined : await fill(services, fhir.store);
    await prepareDirectory(fhir, region);
    const proofs = region ? await openDemonstration(accounts, peopleOf(region)) : [];
    const setUp = region ? undefined : await openAdministration(accounts, fhir.store);
    health.isReady = true;
    const { jobs, tasks, pool } = fhir;
    health.notes = async () => ((await fhir.reindex.isBehind()) ? ['the search index is being rebuilt'] : []);
    worker = startWorker({ pool, jobs, tasks, log });
    watcher = startWatcher(fhir, { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, log });
    await subscriptions?.start();
    await startMatching(fhir);
    patientIndex.start();
    return { address, people: choosable(), proofs, setUp, stop };
  } catch (error) {
    await stop();
    throw error;
  }
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

function announce({ address, people, proofs, setUp }: Running): void {
  console.log(`\nMeridian is ready: ${address}\nFHIR R4 service:   ${address}/fhir`);
  if (people.length > 0) console.log('\nSign-ins, chosen on the first page, without a password:');
  for (const { name, role, organization } of people) {
    console.log(`  ${name.en} ${name.zh}, ${role.replaceAll('-', ' ')}, ${organization.en}`);
  }
  if (proofs.length > 0) console.log('\nTo be tried with a password and a second factor:');
  for (const { name, password, secret } of proofs) {
    console.log(`  ${name}, password ${password}, authenticator key ${secret}`);
  }
  if (setUp) {
    console.log(`\nNobody administers this platform yet. Open ${address}/sign-in/set-up and sign in as`);
    console.log(`  ${setUp.name}, one-time code ${setUp.code}`);
  }
  console.log('\nStop with Ctrl+C.');
}

function exitWith(error: unknown): never {
  if (error instanceof Failure) console.error(`Meridian cannot start. ${error.message}`);
  else console.error('Meridian failed.', error);
  process.exit(1);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { empty: { type: 'boolean', default: false } }, strict: true });
  let running: Running | undefined;
  let stopping: Promise<void> | undefined;
  const end = async (code: number) => {
    stopping ??= running?.stop() ?? Promise.resolve();
    await stopping.catch((error: Error) => console.error(`Meridian did not stop cleanly: ${error.message}`));
    process.exit(code);
  };
  const starting = start(readConfig(), values.empty, (failure) => {
    console.error(`Meridian stops. ${failure.message}`);
    void end(1);
  });
  const onSignal = () => {
    void starting.then(
      () => end(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  running = await starting;
  announce(running);
}

await main().catch(exitWith);
