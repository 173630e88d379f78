import Fastify, { type FastifyInstance, type FastifyRequest, type InjectOptions } from 'fastify';
import { type Access, operatorAccess } from '#fhir/access/index.ts';
import { createFhir, type Fhir, type FhirDependencies } from '#fhir/assemble.ts';
import { registerFhir } from '#fhir/rest/index.ts';
import { startWorker } from '#lib/jobs/index.ts';
import { createPool } from '#lib/postgres/pool.ts';
import { createTestDatabase } from './database.ts';

export interface TestAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the shape by looking into it
  body: any;
}

export interface TestServer {
  app: FastifyInstance;
  context: Fhir;
  connectionString: string;
  get(url: string, headers?: Record<string, string>): Promise<TestAnswer>;
  send(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<TestAnswer>;
  stop(): Promise<void>;
}

export interface TestServerOptions extends Omit<FhirDependencies, 'pool' | 'sidePool' | 'baseUrl' | 'now'> {
  /** Whose request it is: the operator's, unless it is said otherwise. */
  authenticate?: (request: FastifyRequest) => Promise<Access | undefined> | Access | undefined;
  now?: () => number;
  /** Does background jobs, too. */
  isWorking?: boolean;
}

/** The FHIR service on a database of its own, spoken to over HTTP without a socket; addresses are below `/fhir`. */
export async function startTestServer({
  authenticate = () => operatorAccess,
  isWorking = false,
  now = Date.now,
  ...parts
}: TestServerOptions = {}): Promise<TestServer> {
  const { connectionString, drop } = await createTestDatabase();
  const pool = createPool(connectionString, { max: 8, applicationName: 'test' });
  const sidePool = createPool(connectionString, { max: 2, applicationName: 'test side' });
  const context = createFhir({ ...parts, pool, sidePool, baseUrl: 'http://127.0.0.1/fhir', now });
  const { jobs, tasks } = context;
  await context.subscriptions?.start();
  const worker = isWorking ? startWorker({ pool, jobs, tasks, pollMs: 50, leaseMs: 3000 }) : undefined;
  const app = Fastify({ logger: false, routerOptions: { maxParamLength: 2000 } });
  app.addHook('onRequest', async (request) => {
    request.access = await authenticate(request);
  });
  await app.register(async (api) => registerFhir(api, context), { prefix: '/fhir' });
  const inject = async (options: InjectOptions): Promise<TestAnswer> => {
    const response = await app.inject(options);
    const text = response.body;
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
      text,
      body:
        text.startsWith('{') && !/ndjson/.test(`${response.headers['content-type']}`) ? JSON.parse(text) : undefined,
    };
  };
  return {
    app,
    context,
    connectionString,
    get: (url, headers = {}) => inject({ method: 'GET', url: `/fhir${url}`, headers }),
    send: (method, url, body, headers = {}) =>
      inject({
        method,
        url: `/fhir${url}`,
        headers: body === undefined ? headers : { 'content-type': 'application/fhir+json', ...headers },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    stop: async () => {
      await app.close();
      await worker?.stop();
      await context.subscriptions?.stop();
      await Promise.all([pool.end(), sidePool.end()]);
      await drop();
    },
  };
}
