import type { FastifyInstance } from 'fastify';
import { rolesNow, signOut, switchRole } from '#modules/account/index.ts';
import { readBody } from './body.ts';
import { viewPerson } from './person.ts';
import { callerOf, isSecure, type PortalContext, requireSession, setCookie } from './portal-context.ts';
import { printEndedCookie } from './session-cookie.ts';
import { answerStep } from './sign-in-routes.ts';

/** Who is signed in, in another role, and out. */
export function registerSessionRoutes(app: FastifyInstance, context: PortalContext): void {
  const { accounts, authentication, namesOf } = context;

  app.get('/session', async (request) => {
    const session = await authentication.sessionOf(request);
    if (!session) return { person: null };
    return { person: await viewPerson(session, await rolesNow(accounts, session.account.id), namesOf) };
  });

  app.post('/session/role', async (request, reply) => {
    const session = await requireSession(context, request);
    const { role } = readBody(request.body, { role: 'text' });
    const opened = await switchRole(accounts, session, role, await callerOf(context, request));
    return answerStep(context, { next: 'done', ...opened }, request, reply);
  });

  app.delete('/session', async (request, reply) => {
    const session = await authentication.sessionOf(request);
    if (session) await signOut(accounts, session);
    authentication.forget();
    setCookie(reply, printEndedCookie(isSecure(context, request)));
    return { person: null };
  });
}
