import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { createSmart, type People, printSecurity, type SignedIn, type Smart } from '#adapters/smart/index.ts';
import type { TrailEntry } from '#fhir/access/index.ts';
import { createFhir, type Fhir } from '#fhir/assemble.ts';
import { registerFhir } from '#fhir/rest/index.ts';
import { findFreePort } from '#lib/postgres/embedded-process.ts';
import { createPool } from '#lib/postgres/pool.ts';
import { createVault, type Vault } from '#lib/vault.ts';
import { type AccessModule, createAccess, loadDataCategories, type Principal } from '#modules/access/index.ts';
import { createTestDatabase } from './database.ts';

export interface SmartServer {
  app: FastifyInstance;
  smart: Smart;
  fhir: Fhir;
  access: AccessModule;
  vault: Vault;
  connectionString: string;
  /** `http://127.0.0.1:12345`, also when nothing listens. */
  root: string;
  /** Who is signed in, by the value of the cookie `person`; taken away to sign them out. */
  signedIn: Map<string, SignedIn>;
  /** What the trail was told. */
  trail: TrailEntry[];
  /** What the server says went wrong inside: nothing should. */
  failures: unknown[];
  /** Milliseconds that the clock is ahead. */
  clock: { aheadMs: number };
  listen(): Promise<void>;
  stop(): Promise<void>;
}

const person = (account: string, principal: Principal): SignedIn => ({
  account,
  role: `${account}-role`,
  session: `${account}-session`,
  principal,
  methods: ['pwd', 'otp'],
  since: Date.now(),
});

/** A physician who treats both patients of the record, and a resident who is one of them. */
const everybody = (): Map<string, SignedIn> =>
  new Map([
    ['doctor', person('doctor', { reference: 'Practitioner/doctor', display: 'Dr Lin', role: 'hospital-physician' })],
    ['resident', person('resident', { reference: 'Patient/chen', display: 'Chen', role: 'resident' })],
  ]);

const peopleOf = (signedIn: Map<string, SignedIn>): People => ({
  signedIn: async ({ headers }) => signedIn.get(/(?:^|; )person=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? ''),
  principalOf: async ({ account, session }) =>
    [...signedIn.values()].find((one) => one.account === account && (session === undefined || one.session === session))
      ?.principal,
});

/** The FHIR service behind the authorization server, on a database of its own or that of another process, with two people. */
export async function startSmartServer(beside?: SmartServer): Promise<SmartServer> {
  const { connectionString, drop } = beside
    ? { connectionString: beside.connectionString, drop: async () => {} }
    : await createTestDatabase();
  const pool = createPool(connectionString, { max: 8, applicationName: 'test' });
  const sidePool = createPool(connectionString, { max: 2, applicationName: 'test side' });
  const port = await findFreePort();
  const root = beside?.root ?? `http://127.0.0.1:${port}`;
  const trail: TrailEntry[] = [];
  const clock = { aheadMs: 0 };
  const now = () => Date.now() + clock.aheadMs;
  const fhir = createFhir({
    pool,
    sidePool,
    baseUrl: `${root}/fhir`,
    now,
    security: printSecurity(`${root}/fhir`),
    trail: {
      note: (entry) => trail.push(entry),
      write: async (_, entries) => void trail.push(...entries),
      flush: async () => {},
    },
  });
  const signedIn = beside?.signedIn ?? everybody();
  const access = createAccess({ ...fhir, categories: await loadDataCategories(fhir) });
  const failures: unknown[] = [];
  const vault = beside?.vault ?? createVault(randomBytes(32));
  const smart = await createSmart({
    fhir,
    access,
    people: peopleOf(signedIn),
    vault,
    log: (_event, { err }) => failures.push(err),
  });
  const app = Fastify({ logger: false, routerOptions: { maxParamLength: 2000 } });
  await smart.register(app);
  app.addHook('onRequest', async (request) => {
    if (!request.url.startsWith('/fhir')) return;
    const principal = await smart.authenticate(request);
    request.access = principal && (await access.accessOf(principal));
  });
  await app.register(async (api) => registerFhir(api, fhir), { prefix: '/fhir' });
  return {
    app,
    smart,
    fhir,
    access,
    vault,
    connectionString,
    root,
    signedIn,
    trail,
    failures,
    clock,
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port });
    },
    stop: async () => {
      smart.stop();
      await app.close();
      await Promise.all([pool.end(), sidePool.end()]);
      await drop();
    },
  };
}

export interface Visit {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Where it sends the browser, if it does. */
  location: URL | undefined;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the shape by looking into it
  body: any;
}

/** A browser without a screen: it keeps cookies, and goes where it is told to go only when the test says so. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #server: SmartServer;

  constructor(server: SmartServer, person?: string) {
    this.#server = server;
    if (person !== undefined) this.cookies.set('person', person);
  }

  async visit(url: string | URL, options: Omit<InjectOptions, 'url'> = {}): Promise<Visit> {
    const { href, pathname, search } = new URL(url, this.#server.root);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#server.app.inject({
      ...options,
      url: `${pathname}${search}`,
      headers: { ...(cookie !== '' && { cookie }), ...options.headers },
    });
    for (const { name, value, expires } of answer.cookies) {
      if (value === '' || (expires && expires.getTime() < Date.now())) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { location } = answer.headers;
    return {
      status: answer.statusCode,
      headers: answer.headers as Visit['headers'],
      location: typeof location === 'string' ? new URL(location, href) : undefined,
      text: answer.body,
      body: /json/.test(`${answer.headers['content-type']}`) ? answer.json() : undefined,
    };
  }

  /** What a page of the portal does when it posts. */
  post(url: string, payload: Record<string, unknown> = {}): Promise<Visit> {
    return this.visit(url, { method: 'POST', payload, headers: { 'x-meridian-request': 'portal' } });
  }
}
