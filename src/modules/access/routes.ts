import type { FastifyInstance } from 'fastify';
import { accessOf } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { idOf, wholeNumber } from './address.ts';
import { registerCases } from './cases/routes.ts';
import { viewOf } from './emergency/emergency.ts';
import { type EmergencySettings, openInEmergency, release } from './emergency/open.ts';
import { selectOpenOf } from './emergency/queries.ts';
import { judge, listForReview } from './emergency/review.ts';
import { standingTo } from './emergency/standing-to.ts';
import { Fields } from './fields.ts';

const longestPage = 200;

/** Emergencies and cases, at `/api/access`. */
export function registerAccess(
  app: FastifyInstance,
  context: FhirContext,
  settings: EmergencySettings = { minutes: 60, perDay: 20 },
): void {
  const deps = { ...context, settings };
  const { now } = context;

  app.post('/break-glass', async (request, reply) => {
    const access = accessOf(request);
    const fields = new Fields(request.body);
    const input = { patient: fields.id('patient'), reason: fields.text('reason', { least: 10, most: 1000 }) };
    const { emergency, isNew } = await openInEmergency(deps, access, input);
    reply.code(isNew ? 201 : 200);
    return viewOf(emergency, access.actor.reference, now());
  });

  app.get('/break-glass', async (request) => {
    const access = accessOf(request);
    const { state = 'open', before, count } = request.query as Record<string, string | undefined>;
    if (state !== 'open' && state !== 'judged') throw new Failure('value', 'state must be open or judged.');
    return listForReview(deps, access, {
      isJudged: state === 'judged',
      before: before === undefined ? undefined : wholeNumber('before', before),
      count: count === undefined ? 50 : Math.min(longestPage, wholeNumber('count', count)),
    });
  });

  app.get('/break-glass/mine', async (request) => {
    const { actor } = accessOf(request);
    const open = await selectOpenOf(context.pool, actor.reference, now());
    return { entries: open.map((emergency) => viewOf(emergency, actor.reference, now())) };
  });

  app.post('/break-glass/:id/release', async (request) => {
    const access = accessOf(request);
    return viewOf(await release(deps, access, idOf(request)), access.actor.reference, now());
  });

  app.post('/break-glass/:id/judge', async (request) => {
    const access = accessOf(request);
    const fields = new Fields(request.body);
    const judged = await judge(deps, access, {
      id: idOf(request),
      judgement: fields.choice('judgement', ['justified', 'not-justified']),
      note: fields.optionalText('note', { most: 2000 }),
    });
    return viewOf(judged, access.actor.reference, now());
  });

  app.get('/records/:patient', async (request) => {
    const { patient } = request.params as { patient: string };
    return standingTo(deps, accessOf(request), new Fields({ patient }).id('patient'));
  });

  registerCases(app, context);
}
