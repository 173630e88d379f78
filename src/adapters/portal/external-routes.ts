import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as client from 'openid-client';
import { Failure } from '#lib/failure.ts';
import { beginTrip, type ExternalTrip, endTrip, readTrip, resumeSignIn } from '#modules/account/index.ts';
import { createDiscovery, type IdentityProvider } from './identity-provider.ts';
import { callerOf, isSecure, type PortalContext, requireProved, setCookie, siteOf } from './portal-context.ts';
import { requireSameOrigin } from './same-origin.ts';
import { parseExternalCookie, printEndedExternalCookie, printExternalCookie } from './session-cookie.ts';
import { answerStep } from './sign-in-routes.ts';

const callbackPath = '/portal/api/sign-in/callback';

/** Sign-in at other providers by authorization code with PKCE; the cookie ties the way there to the way back. */
export function registerExternalRoutes(app: FastifyInstance, context: PortalContext): void {
  const { accounts, providers } = context;
  const discover = createDiscovery();
  const providerOf = (id: string): IdentityProvider => {
    const found = providers.find((provider) => provider.id === id);
    if (found) return found;
    throw new Failure('not-found', 'There is no such provider here.');
  };
  const begin = async (request: FastifyRequest, id: string, next: string, account?: string) => {
    const provider = providerOf(id);
    const configuration = await discover(provider);
    const trip = { provider: id, verifier: client.randomPKCECodeVerifier(), nonce: client.randomNonce(), next };
    const ticket = await beginTrip(accounts, trip, account);
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: siteOf(context, request).origin + callbackPath,
      scope: 'openid',
      state: await client.calculatePKCECodeChallenge(ticket),
      nonce: trip.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(trip.verifier),
      code_challenge_method: 'S256',
    });
    return { ticket, url: url.href };
  };

  app.get<{ Params: { id: string }; Querystring: { next?: unknown } }>(
    '/sign-in/providers/:id',
    async (request, reply) => {
      const { next } = request.query;
      const { ticket, url } = await begin(
        request,
        request.params.id,
        typeof next === 'string' ? next.slice(0, 500) : '/',
      );
      setCookie(reply, printExternalCookie(ticket, isSecure(context, request)));
      return reply.redirect(url, 303);
    },
  );

  app.post<{ Params: { id: string } }>('/account/identities/:id', async (request, reply) => {
    const session = await requireProved(context, request);
    const { ticket, url } = await begin(request, request.params.id, '/account', session.account.id);
    setCookie(reply, printExternalCookie(ticket, isSecure(context, request)));
    return { url };
  });

  app.get('/sign-in/callback', async (request, reply) => {
    const ticket = parseExternalCookie(request.headers.cookie);
    if (ticket === undefined) throw new Failure('login', 'This sign-in was not begun in this browser. Start again.');
    const trip = await readTrip(accounts, ticket);
    const provider = providerOf(trip.provider);
    const subject = await subjectOf(
      await discover(provider),
      siteOf(context, request).origin + request.url,
      ticket,
      trip,
    );
    const input = { ticket, subject, isProvedTwice: provider.provesTwice };
    const end = await endTrip(accounts, input, await callerOf(context, request)).catch((failure: unknown) => {
      if (failure instanceof Failure && ['not-found', 'conflict'].includes(failure.code))
        return { refused: failure.code };
      throw failure;
    });
    const next = encodeURIComponent(trip.next);
    if ('resume' in end) {
      setCookie(reply, printExternalCookie(end.resume, isSecure(context, request)));
      return reply.redirect(`/sign-in?resume=1&next=${next}`, 303);
    }
    setCookie(reply, printEndedExternalCookie(isSecure(context, request)));
    return reply.redirect('linked' in end ? '/account' : `/sign-in?refused=${end.refused}&next=${next}`, 303);
  });

  app.post('/sign-in/resume', async (request, reply) => {
    requireSameOrigin(request);
    const ticket = parseExternalCookie(request.headers.cookie);
    if (ticket === undefined) throw new Failure('deleted', 'This sign-in was not begun in this browser. Start again.');
    const step = await resumeSignIn(accounts, ticket, await callerOf(context, request));
    return answerStep(context, step, request, reply);
  });
}

async function subjectOf(
  configuration: client.Configuration,
  url: string,
  ticket: string,
  { verifier, nonce }: ExternalTrip,
): Promise<string> {
  const tokens = await client
    .authorizationCodeGrant(configuration, new URL(url), {
      pkceCodeVerifier: verifier,
      expectedState: await client.calculatePKCECodeChallenge(ticket),
      expectedNonce: nonce,
      idTokenExpected: true,
    })
    .catch(() => {
      throw new Failure('login', 'The provider did not confirm who you are. Start again, or sign in in another way.');
    });
  const subject = tokens.claims()?.sub;
  if (subject === undefined || subject.length > 255) throw new Failure('login', 'The provider named nobody.');
  return subject;
}
