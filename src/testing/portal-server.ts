import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { createPortalAuthentication, type IdentityProvider, registerPortalApi } from '#adapters/portal/index.ts';
import { operatorAccess, type TrailEntry } from '#fhir/access/index.ts';
import { createPool, type Pool } from '#lib/postgres/pool.ts';
import { createVault } from '#lib/vault.ts';
import { type AccountDependencies, type AccountSettings, addAccount, type NewAccount } from '#modules/account/index.ts';
import { createTestDatabase } from './database.ts';

export interface PortalAnswer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the shape by looking into it
  body: any;
}

/** A browser before the portal: keeps its cookie, and says of itself what browsers say. */
export interface TestBrowser {
  cookie: string;
  get(path: string): Promise<PortalAnswer>;
  post(path: string, body?: unknown, headers?: Record<string, string | undefined>): Promise<PortalAnswer>;
  remove(path: string): Promise<PortalAnswer>;
}

export interface PortalServer {
  app: FastifyInstance;
  accounts: AccountDependencies;
  pool: Pool;
  /** What was put down about accounts. */
  told: TrailEntry[];
  /** Lets time pass. */
  wait(ms: number): void;
  browser(address?: string): TestBrowser;
  /** Adds somebody and sets their password with the code that they were given, without a second factor. */
  addPerson(person: Partial<NewAccount> & { name: string }, password?: string): Promise<{ id: string; code: string }>;
  stop(): Promise<void>;
}

export interface PortalServerOptions {
  settings?: Partial<AccountSettings>;
  providers?: readonly IdentityProvider[];
}

/** The portal's interface on a database of its own, with a clock that tests turn. */
export async function startPortalServer(options: PortalServerOptions = {}): Promise<PortalServer> {
  const { connectionString, drop } = await createTestDatabase();
  const pool = createPool(connectionString, { max: 8, applicationName: 'test' });
  const told: TrailEntry[] = [];
  let ahead = 0;
  const accounts: AccountDependencies = {
    pool,
    trail: {
      note: (entry) => told.push(entry),
      write: async (_, entries) => void told.push(...entries),
      flush: async () => {},
    },
    vault: createVault(randomBytes(32)),
    now: () => Date.now() + ahead,
    newId: uuidv7,
    settings: { secondFactor: 'staff', idleMs: 30 * 60_000, longestMs: 12 * 3_600_000, ...options.settings },
  };
  const app = Fastify({ logger: false });
  const authentication = createPortalAuthentication(accounts);
  await app.register(
    async (api) =>
      registerPortalApi(api, {
        accounts,
        authentication,
        namesOf: async () => new Map(),
        demonstration: async () => [],
        providers: options.providers ?? [],
        origin: undefined,
      }),
    { prefix: '/portal/api' },
  );
  return {
    app,
    accounts,
    pool,
    told,
    wait: (ms) => {
      ahead += ms;
    },
    browser: (address) => openBrowser(app, address),
    addPerson: async (person, password) => {
      const { account, code } = await addAccount(accounts, operatorAccess.actor, {
        reference: `Practitioner/${person.name}`,
        display: { zh: person.name, en: person.name },
        roles: [{ role: 'public-health-nurse', organization: 'Organization/centre' }],
        ...person,
      });
      if (password) {
        await openBrowser(app, '192.0.2.200').post('/sign-in/one-time-code', { name: person.name, code, password });
      }
      return { id: account.id, code };
    },
    stop: async () => {
      await app.close();
      await pool.end();
      await drop();
    },
  };
}

function openBrowser(app: FastifyInstance, remoteAddress = '192.0.2.1'): TestBrowser {
  const browser: TestBrowser = {
    cookie: '',
    get: (path) => send('GET', path),
    post: (path, body, headers) => send('POST', path, body ?? {}, headers),
    remove: (path) => send('DELETE', path),
  };
  const send = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string | undefined> = {},
  ): Promise<PortalAnswer> => {
    const answer = await app.inject({
      method,
      url: `/portal/api${path}`,
      remoteAddress,
      headers: dropUndefined({
        ...(browser.cookie && { cookie: browser.cookie }),
        ...(method !== 'GET' && { 'x-meridian-request': 'portal', 'sec-fetch-site': 'same-origin' }),
        'user-agent': 'Test browser',
        ...headers,
      }),
      ...(body !== undefined && { payload: body as object }),
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      if (line.startsWith('meridian-session='))
        browser.cookie = line.includes('Max-Age=0') ? '' : (line.split(';')[0] ?? '');
    }
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? undefined : answer.json() };
  };
  return browser;
}

const dropUndefined = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
