import type { FastifyInstance } from 'fastify';
import { sendError } from '#fhir/rest/index.ts';
import { Blocked } from '#modules/account/index.ts';
import { registerAccountRoutes } from './account-routes.ts';
import { registerExternalRoutes } from './external-routes.ts';
import { registerPages } from './pages.ts';
import type { PortalContext } from './portal-context.ts';
import { registerSessionRoutes } from './session-routes.ts';
import { registerSignInRoutes } from './sign-in-routes.ts';

export interface PortalOptions extends PortalContext {
  /** Where `vite build` left the portal: portal/dist. */
  distFolder: string;
}

/** The portal's pages at `/` and its own interface at `/portal/api`. Throws a Failure when the portal is not built. */
export async function registerPortal(app: FastifyInstance, { distFolder, ...context }: PortalOptions) {
  await app.register(async (api) => registerPortalApi(api, context), { prefix: '/portal/api' });
  await app.register(async (pages) => registerPages(pages, distFolder));
}

export function registerPortalApi(app: FastifyInstance, context: PortalContext): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Blocked) {
      reply.header('retry-after', Math.max(1, Math.ceil((error.until - context.accounts.now()) / 1000)));
    }
    return sendError(error, request, reply);
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  app.get('/demo-people', context.demonstration);
  app.get('/sign-in', async () => ({
    people: await context.demonstration(),
    providers: context.providers.map(({ id, name }) => ({ id, name })),
  }));
  registerSignInRoutes(app, context);
  registerExternalRoutes(app, context);
  registerSessionRoutes(app, context);
  registerAccountRoutes(app, context);
}
