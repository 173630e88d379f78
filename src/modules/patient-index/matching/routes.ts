import type { FastifyInstance } from 'fastify';
import { accessOf } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { instantOf } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import { requireBody } from '../body.ts';
import { type Match, match } from './match.ts';
import type { PatientMatching } from './matching.ts';
import { requireWeightKeeper } from './policy.ts';
import { selectModels } from './queries.ts';
import { register } from './register.ts';

const mostCount = 50;
const mostModels = 20;

/** Looking for persons, registering them, and the weights by which they are told apart. */
export function registerMatching(app: FastifyInstance, context: FhirContext, matching: PatientMatching): void {
  const deps = { ...context, matching };
  app.post('/search', async (request) => {
    const access = accessOf(request);
    const body = requireBody(request.body);
    const asked = { patient: requirePatient(body), count: countOf(body), onlyCertain: false };
    const found = await match(deps, access, { ...asked, interaction: 'patient-index.searched' });
    return { matches: found.matches.map(printMatch), isIncomplete: found.isIncomplete };
  });
  app.post('/register', async (request, reply) => {
    const access = accessOf(request);
    const body = requireBody(request.body);
    const result = await register(deps, access, { patient: requirePatient(body), others: othersOf(body) });
    if (result.is === 'created') return reply.code(201).send({ id: result.id, version: result.version });
    if (result.is === 'known') return { id: result.match.id, match: printMatch(result.match) };
    return reply.code(409).send({ matches: result.matches.map(printMatch) });
  });
  registerWeights(app, context, matching);
}

function registerWeights(app: FastifyInstance, context: FhirContext, matching: PatientMatching): void {
  app.get('/weights', async (request) => {
    requireWeightKeeper(accessOf(request));
    const { model, learnt } = await matching.current();
    const models = await selectModels(context.pool, mostModels);
    const { weights, thresholds, prior } = model;
    return {
      version: learnt?.version ?? 0,
      weights,
      thresholds,
      prior,
      models: models.map(({ learntAt, ...row }) => ({ ...row, learntAt: instantOf(learntAt) })),
    };
  });
  app.post('/weights', async (request, reply) => {
    requireWeightKeeper(accessOf(request));
    const job = await context.jobs.enqueue(context.pool, 'patient-index.learn-weights', {}, { key: 'all' });
    return reply.code(202).send({ job });
  });
}

function requirePatient({ patient }: JsonObject): JsonObject {
  if (isJsonObject(patient) && patient.resourceType === 'Patient') return patient;
  throw new Failure('structure', 'Send "patient", a FHIR Patient.');
}

function countOf({ count = 20 }: JsonObject): number {
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= mostCount) return count;
  throw new Failure('value', `"count" must be a whole number from 1 to ${mostCount}.`);
}

function othersOf({ others = [] }: JsonObject): string[] {
  const isId = (id: unknown): id is string => typeof id === 'string' && /^[A-Za-z0-9\-.]{1,64}$/.test(id);
  if (Array.isArray(others) && others.length <= mostCount && others.every(isId)) return others;
  throw new Failure('value', '"others" must be a list of ids of Patients.');
}

const printMatch = ({ id, evidence, probability, isMasked, content }: Match) => ({
  id,
  probability,
  isMasked,
  evidence: isMasked ? { ...evidence, fields: evidence.fields.map(({ right: _, ...field }) => field) } : evidence,
  patient: parseJson(content),
});
