import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import {
  beginEnrolment,
  beginPasskeySignIn,
  finishEnrolment,
  rolesNow,
  type Step,
  signInAsDemonstration,
  signInWithCode,
  signInWithOneTimeCode,
  signInWithPasskey,
  signInWithPassword,
  signInWithRole,
} from '#modules/account/index.ts';
import { readBody } from './body.ts';
import { type RoleView, type SignedInView, viewPerson, viewRoles } from './person.ts';
import { callerOf, deviceName, isSecure, type PortalContext, setCookie, siteOf } from './portal-context.ts';
import { requireSameOrigin } from './same-origin.ts';
import { printSessionCookie } from './session-cookie.ts';

/** What the sign-in page does next. */
export type StepView =
  | { next: 'done'; person: SignedInView }
  | { next: 'second-factor'; ticket: string; factors: readonly string[] }
  | { next: 'enrol'; ticket: string }
  | { next: 'choose-role'; ticket: string; roles: RoleView[] };

/** Sign-in, step by step; the last one answers with the cookie of a new session. */
export function registerSignInRoutes(app: FastifyInstance, context: PortalContext): void {
  const { accounts } = context;
  const post = (path: string, act: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    app.post(path, async (request, reply) => {
      requireSameOrigin(request);
      return act(request, reply);
    });
  const answer = (step: Step, request: FastifyRequest, reply: FastifyReply) =>
    answerStep(context, step, request, reply);

  post('/sign-in/password', async (request, reply) => {
    const input = readBody(request.body, { name: 'text', password: 'text' });
    return answer(await signInWithPassword(accounts, input, await callerOf(context, request)), request, reply);
  });

  post('/sign-in/one-time-code', async (request, reply) => {
    const input = readBody(request.body, { name: 'text', code: 'text', password: 'text' });
    return answer(await signInWithOneTimeCode(accounts, input, await callerOf(context, request)), request, reply);
  });

  post('/sign-in/second-factor', async (request, reply) => {
    const input = readBody(request.body, { ticket: 'text', code: 'text' });
    return answer(await signInWithCode(accounts, input, await callerOf(context, request)), request, reply);
  });

  post('/sign-in/enrolment', (request) => {
    const { ticket } = readBody(request.body, { ticket: 'text' });
    return beginEnrolment(accounts, ticket);
  });

  post('/sign-in/enrolment/finish', async (request, reply) => {
    const input = readBody(request.body, { ticket: 'text', code: 'text', name: 'text' });
    const named = { ...input, name: deviceName(input.name) };
    const { step, recoveryCodes } = await finishEnrolment(accounts, named, await callerOf(context, request));
    return { ...(await answer(step, request, reply)), recoveryCodes };
  });

  post('/sign-in/passkey/options', (request) => {
    const { ticket } = readBody(request.body, { ticket: 'optional text' });
    return beginPasskeySignIn(accounts, siteOf(context, request), ticket);
  });

  post('/sign-in/passkey', async (request, reply) => {
    const { ticket, response } = readBody(request.body, { ticket: 'text', response: 'object' });
    const input = { ticket, response: response as unknown as AuthenticationResponseJSON };
    const caller = await callerOf(context, request);
    return answer(await signInWithPasskey(accounts, siteOf(context, request), input, caller), request, reply);
  });

  post('/sign-in/role', async (request, reply) => {
    const input = readBody(request.body, { ticket: 'text', role: 'text' });
    return answer(await signInWithRole(accounts, input, await callerOf(context, request)), request, reply);
  });

  post('/sign-in/demonstration', async (request, reply) => {
    const { id } = readBody(request.body, { id: 'text' });
    if (!(await context.demonstration()).some((person) => person.id === id)) {
      throw new Failure('not-found', 'There is no such person in a demonstration here.');
    }
    return answer(await signInAsDemonstration(accounts, id, await callerOf(context, request)), request, reply);
  });
}

/** Answers a step in words of the portal; the token of a session goes into its cookie and nowhere else. */
export async function answerStep(
  context: PortalContext,
  step: Step,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<StepView> {
  if (step.next === 'choose-role') return { ...step, roles: await viewRoles(step.roles, context.namesOf) };
  if (step.next !== 'done') return step;
  context.authentication.forget();
  setCookie(reply, printSessionCookie(step.token, isSecure(context, request)));
  const roles = await rolesNow(context.accounts, step.session.account.id);
  return { next: 'done', person: await viewPerson(step.session, roles, context.namesOf) };
}
