import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { DemoPerson } from './demo-person.ts';
import { registerPages } from './pages.ts';
import { registerSessionRoutes } from './session-routes.ts';

export interface PortalOptions {
  /** Where `vite build` left the portal: portal/dist. */
  distFolder: string;
  /** Asked at every sign-in, so that people who come with a later import are found. */
  demoPeople: () => Promise<readonly DemoPerson[]>;
  /** At least 32 random bytes, the same in every process; without it, a restart ends all sessions. */
  sessionKey?: Uint8Array;
  clock?: () => Date;
}

/** The portal's pages at `/` and its own interface at `/portal/api`. Throws a Failure when the portal is not built. */
export async function registerPortal(app: FastifyInstance, options: PortalOptions) {
  const { distFolder, demoPeople, sessionKey = randomBytes(32), clock = () => new Date() } = options;
  await app.register(async (api) => registerSessionRoutes(api, { demoPeople, sessionKey, clock }), {
    prefix: '/portal/api',
  });
  await app.register(async (pages) => registerPages(pages, distFolder));
}
