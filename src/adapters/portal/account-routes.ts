import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance } from 'fastify';
import { Failure } from '#lib/failure.ts';
import {
  beginAuthenticator,
  beginPasskey,
  changePassword,
  endSessions,
  type Factors,
  finishAuthenticator,
  finishPasskey,
  listFactors,
  type PersonRole,
  removeFactor,
  renewRecoveryCodes,
  sessionsOf,
} from '#modules/account/index.ts';
import { readBody } from './body.ts';
import { deviceName, type PortalContext, requireProved, requireSession, siteOf } from './portal-context.ts';

/** A place where one is signed in. */
export interface SessionView {
  id: string;
  isThis: boolean;
  address: string;
  agent: string;
  role: PersonRole;
  startedAt: number;
  seenAt: number;
}

export interface AccountView {
  /** What is typed at sign-in. */
  name: string;
  phone: string | null;
  factors: Factors;
  sessions: SessionView[];
  /** Where one may also sign in, once linked. */
  providers: { id: string; name: string }[];
}

/** The page of one's own account. */
export function registerAccountRoutes(app: FastifyInstance, context: PortalContext): void {
  const { accounts, authentication } = context;

  app.get('/account', async (request): Promise<AccountView> => {
    const session = await requireSession(context, request);
    const [factors, sessions] = await Promise.all([
      listFactors(accounts, session.account.id),
      sessionsOf(accounts, session.account.id),
    ]);
    return {
      name: session.account.name,
      phone: session.account.phone ?? null,
      factors,
      providers: context.providers.map(({ id, name }) => ({ id, name })),
      sessions: sessions.map(({ id, address, agent, role, startedAt, seenAt }) => ({
        id,
        isThis: id === session.id,
        address,
        agent,
        role: role.role,
        startedAt,
        seenAt,
      })),
    };
  });

  app.post('/account/password', async (request) => {
    const session = await requireSession(context, request);
    await changePassword(accounts, session, readBody(request.body, { present: 'text', password: 'text' }));
    authentication.forget();
    return {};
  });

  app.delete<{ Params: { id: string } }>('/account/sessions/:id', async (request) => {
    const session = await requireSession(context, request);
    const { id } = request.params;
    if (id !== 'others' && !/^[\da-f-]{36}$/.test(id)) throw new Failure('not-found', 'There is no such session.');
    const ended = await endSessions(accounts, session, id === 'others' ? undefined : id);
    authentication.forget();
    return { ended };
  });

  registerFactorRoutes(app, context);
}

function registerFactorRoutes(app: FastifyInstance, context: PortalContext): void {
  const { accounts } = context;

  app.post('/account/authenticators', async (request) =>
    beginAuthenticator(accounts, await requireProved(context, request)),
  );

  app.post('/account/authenticators/finish', async (request) => {
    const session = await requireProved(context, request);
    const input = readBody(request.body, { ticket: 'text', code: 'text', name: 'text' });
    return { recoveryCodes: await finishAuthenticator(accounts, session, { ...input, name: deviceName(input.name) }) };
  });

  app.post('/account/passkeys', async (request) => {
    return beginPasskey(accounts, siteOf(context, request), await requireProved(context, request));
  });

  app.post('/account/passkeys/finish', async (request) => {
    const session = await requireProved(context, request);
    const { ticket, name, response } = readBody(request.body, { ticket: 'text', name: 'text', response: 'object' });
    const input = { ticket, name: deviceName(name), response: response as unknown as RegistrationResponseJSON };
    return { recoveryCodes: await finishPasskey(accounts, siteOf(context, request), session, input) };
  });

  app.post('/account/recovery-codes', async (request) => {
    return { recoveryCodes: await renewRecoveryCodes(accounts, await requireProved(context, request)) };
  });

  app.delete<{ Params: { kind: string; id: string } }>('/account/factors/:kind/:id', async (request) => {
    const session = await requireProved(context, request);
    const { kind, id } = request.params;
    if (kind !== 'authenticator' && kind !== 'passkey' && kind !== 'identity') {
      throw new Failure('not-found', 'There is no such kind of factor.');
    }
    await removeFactor(accounts, session, { kind, id });
    return {};
  });
}
