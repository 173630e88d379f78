import type { FastifyInstance, FastifyReply } from 'fastify';
import { accessOf } from '#fhir/access/index.ts';
import { sendError } from '#fhir/rest/index.ts';
import { amountOf, bodyOf, flagOf, patientId, patientOf, placeOf, scopesOf, takenCodes, textOf } from './body.ts';
import type { HealthCodeDependencies } from './dependencies.ts';
import { callBackPaper, decide, freeze, holderOf, makePaper, mintCode, setScopes, viewHolder } from './holder.ts';
import { keyDocument, signingKey } from './keys.ts';
import { askForPayment, openBill, openPrescriptions, openVisit, paymentOf } from './opened.ts';
import { RefusedCode, refusalSystem } from './refusal.ts';
import { scan, sync } from './scan.ts';

type WithId = { Params: { id: string } };

/** Health codes at `/api/health-code`. */
export function registerHealthCode(app: FastifyInstance, deps: HealthCodeDependencies): void {
  app.setErrorHandler((error: Error, request, reply) =>
    error instanceof RefusedCode ? sendRefusal(error, reply) : sendError(error, request, reply),
  );
  registerHolder(app, deps);
  registerCounter(app, deps);
}

/** What whoever verifies codes without a network needs to know, for everybody, at `/.well-known`. */
export function registerHealthCodeKeys(app: FastifyInstance, deps: HealthCodeDependencies): void {
  app.get('/.well-known/meridian-health-code-keys', { config: { isPublic: true } }, async (_request, reply) => {
    await signingKey(deps);
    reply.headers({ 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' });
    return keyDocument(deps);
  });
}

/** A refusal carries its reason as a code, for terminals that speak other languages. */
function sendRefusal({ code, reason, message }: RefusedCode, reply: FastifyReply): FastifyReply {
  const details = { coding: [{ system: refusalSystem, code: reason }] };
  const issue = [{ severity: 'error', code, details, diagnostics: message }];
  return reply
    .code(422)
    .type('application/fhir+json; charset=utf-8')
    .send(JSON.stringify({ resourceType: 'OperationOutcome', issue }));
}

function registerHolder(app: FastifyInstance, deps: HealthCodeDependencies): void {
  app.get('/mine', async (request) => {
    const { patient } = request.query as { patient?: string };
    const asked = patient === undefined ? undefined : patientId(patient);
    return viewHolder(deps, await holderOf(deps, accessOf(request), asked));
  });
  app.post('/mine/code', async (request) => {
    const holder = await holderOf(deps, accessOf(request), patientOf(bodyOf(request.body)));
    return mintCode(deps, holder);
  });
  app.post('/mine/scopes', async (request) => {
    const access = accessOf(request);
    const body = bodyOf(request.body);
    const patient = await holderOf(deps, access, patientOf(body));
    await setScopes(deps, access, { patient, scopes: scopesOf(body) });
    return viewHolder(deps, patient);
  });
  app.post('/mine/freeze', async (request) => {
    const access = accessOf(request);
    const body = bodyOf(request.body);
    const patient = await holderOf(deps, access, patientOf(body));
    await freeze(deps, access, { patient, isFrozen: flagOf(body, 'isFrozen') });
    return viewHolder(deps, patient);
  });
  app.post('/mine/paper', async (request) => {
    const access = accessOf(request);
    const patient = await holderOf(deps, access, patientOf(bodyOf(request.body)));
    await makePaper(deps, access, patient);
    return viewHolder(deps, patient);
  });
  app.post('/mine/paper/revoke', async (request) => {
    const access = accessOf(request);
    const patient = await holderOf(deps, access, patientOf(bodyOf(request.body)));
    await callBackPaper(deps, access, patient);
    return viewHolder(deps, patient);
  });
  app.post<WithId>('/mine/payments/:id', async (request) => {
    const access = accessOf(request);
    const body = bodyOf(request.body);
    const patient = await holderOf(deps, access, patientOf(body));
    const state = flagOf(body, 'isConfirmed') ? 'authorised' : 'declined';
    await decide(deps, access, { id: request.params.id, patient, state });
    return viewHolder(deps, patient);
  });
}

function registerCounter(app: FastifyInstance, deps: HealthCodeDependencies): void {
  app.post('/scan', async (request) => {
    const access = accessOf(request);
    const body = bodyOf(request.body);
    return scan(deps, access, { code: textOf(body, 'code', 1000), place: placeOf(body) });
  });
  app.post('/sync', async (request) => {
    const access = accessOf(request);
    const body = bodyOf(request.body);
    return { rows: await sync(deps, access, { place: placeOf(body), codes: takenCodes(body) }) };
  });
  const tokenOf = (body: unknown) => textOf(bodyOf(body), 'token', 100);
  app.post('/visit', async (request) => openVisit(deps, accessOf(request), tokenOf(request.body)));
  app.post('/prescriptions', async (request) => openPrescriptions(deps, accessOf(request), tokenOf(request.body)));
  app.post('/bill', async (request) => openBill(deps, accessOf(request), tokenOf(request.body)));
  app.post('/payments', async (request) => {
    const access = accessOf(request);
    const body = bodyOf(request.body);
    return askForPayment(deps, access, { token: textOf(body, 'token', 100), amount: amountOf(body) });
  });
  app.get<WithId>('/payments/:id', async (request) => paymentOf(deps, accessOf(request), request.params.id));
}
