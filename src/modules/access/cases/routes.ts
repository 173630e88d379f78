import type { FastifyInstance } from 'fastify';
import { accessOf } from '#fhir/access/index.ts';
import { idOf, wholeNumber } from '../address.ts';
import { Fields } from '../fields.ts';
import { casePurposes, caseViewOf } from './case.ts';
import { type CaseDependencies, closeCase, decideCase, listCases, mostPatients, requestCase } from './cases.ts';

const longestPage = 200;

export function registerCases(app: FastifyInstance, deps: CaseDependencies): void {
  const { now } = deps;

  app.post('/cases', async (request, reply) => {
    const access = accessOf(request);
    const fields = new Fields(request.body);
    const made = await requestCase(deps, access, {
      title: fields.text('title', { least: 3, most: 200 }),
      purpose: fields.choice('purpose', casePurposes),
      legalBasis: fields.text('legalBasis', { least: 3, most: 500 }),
      patients: fields.ids('patients', mostPatients),
      ends: fields.instant('ends'),
    });
    reply.code(201);
    return caseViewOf(made, access.actor.reference, now());
  });

  app.get('/cases', async (request) => {
    const access = accessOf(request);
    const { before, count } = request.query as Record<string, string | undefined>;
    const { cases, next } = await listCases(deps, access, {
      before: before === undefined ? undefined : wholeNumber('before', before),
      count: count === undefined ? 50 : Math.min(longestPage, wholeNumber('count', count)),
    });
    return {
      entries: cases.map((one) => caseViewOf(one, access.actor.reference, now())),
      ...(next !== undefined && { next }),
    };
  });

  app.post('/cases/:id/decide', async (request) => {
    const access = accessOf(request);
    const fields = new Fields(request.body);
    const decided = await decideCase(deps, access, {
      id: idOf(request),
      decision: fields.choice('decision', ['open', 'refused']),
      note: fields.optionalText('note', { most: 2000 }),
    });
    return caseViewOf(decided, access.actor.reference, now());
  });

  app.post('/cases/:id/close', async (request) => {
    const access = accessOf(request);
    return caseViewOf(await closeCase(deps, access, idOf(request)), access.actor.reference, now());
  });
}
