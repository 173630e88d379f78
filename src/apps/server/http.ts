import Fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { printOperationOutcome } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';

export interface Health {
  isReady: boolean;
  /** What the server is doing while it is not ready. */
  state: string;
  /** Fails when the database does not answer. */
  check(): Promise<void>;
  /** What operators should know while it is ready. */
  notes?: () => Promise<string[]>;
}

/** From where the server may be reached. */
export interface Reach {
  /** The host, with its port if it has one, under which clients know it, beside the loopback. */
  host?: string | undefined;
  /** Proxies that are believed when they say from where a request comes. */
  proxies?: readonly string[];
}

/** The HTTP server with what operators look at: /healthz and /metrics. */
export function createHttp(logLevel: string, health: Health, reach: Reach = {}): FastifyInstance {
  const app = Fastify({
    logger: { level: logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 2000 },
    ...(reach.proxies?.length && { trustProxy: [...reach.proxies] }),
    bodyLimit: 1024 * 1024,
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, _request, reply) =>
      sendProblem(
        reply,
        400,
        'invalid',
        'The address cannot be decoded: write a percent sign as %25, and text as UTF-8.',
      ),
  });
  app.addHook('onRequest', async (request) => refuseForeignHost(request.headers.host, reach.host));
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof Failure && error.code === 'forbidden' ? 421 : (error.statusCode ?? 500);
    if (status >= 500) request.log.error({ err: error }, 'request.failed');
    const code = status >= 500 ? 'exception' : 'invalid';
    const diagnostics = status >= 500 ? 'The server failed.' : error.message;
    return sendProblem(reply, status, code, diagnostics);
  });
  registerHealth(app, health);
  registerMetrics(app);
  return app;
}

function sendProblem(reply: FastifyReply, status: number, code: 'exception' | 'invalid', diagnostics: string) {
  return reply
    .code(status)
    .type('application/fhir+json')
    .send(printOperationOutcome([{ severity: 'error', code, diagnostics }]));
}

const localHost = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** A page of another site must not reach this server under a name that it made point to it. */
function refuseForeignHost(host: string | undefined, own: string | undefined): void {
  if (host === undefined || localHost.test(host) || host.toLowerCase() === own) return;
  throw new Failure(
    'forbidden',
    'This server answers to its own name and to the loopback only. Set MERIDIAN_BASE_URL to the address that clients use.',
  );
}

function registerHealth(app: FastifyInstance, health: Health): void {
  app.get('/healthz', async (_request, reply) => {
    if (!health.isReady) return reply.code(503).send({ status: health.state });
    try {
      await health.check();
      const notes = (await health.notes?.()) ?? [];
      return { status: 'ready', ...(notes.length > 0 && { notes }) };
    } catch {
      return reply.code(503).send({ status: 'database does not answer' });
    }
  });
}

function registerMetrics(app: FastifyInstance): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the last byte of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
