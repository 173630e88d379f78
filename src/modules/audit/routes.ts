import type { FastifyInstance } from 'fastify';
import { type Access, accessOf } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { type Concern, type ConcernState, concernKinds, concernStates } from './concern/concern.ts';
import { countConcerns, selectConcerns, selectConcernsOfPatient } from './concern/queries.ts';
import { askQuestion, judge } from './concern/question.ts';
import { createNames } from './names.ts';
import { requirePrivacyOfficer, requireState, requireTrailOf } from './policy.ts';
import { readAccesses } from './reading/accesses.ts';
import { parsePlace, printPlace, readEvents } from './reading/events.ts';
import { printLine } from './reading/line.ts';
import { noteReading, parseDates } from './reading/operations.ts';
import { readState } from './seal/state.ts';

type Query = Partial<Record<string, string>>;
type WithQuery = { Querystring: Query };

const pageSize = 50;
const eventsOnPage = 100;
const longestText = 1000;

/** What the trail offers beside FHIR, at `/api/audit`. */
export async function registerAudit(app: FastifyInstance, context: FhirContext): Promise<void> {
  app.get<WithQuery>('/accesses', async (request) => showAccesses(context, accessOf(request), request.query));
  app.get<WithQuery>('/questions', async (request) => showQuestions(context, accessOf(request), request.query));
  app.post('/questions', async (request, reply) => {
    const body = requireBody(request.body);
    const event = body.event;
    if (typeof event !== 'number' || !Number.isSafeInteger(event))
      throw new Failure('required', 'Send "event" as a number.');
    const input = { patient: requireText(body, 'patient'), event, text: requireText(body, 'text') };
    const concern = await askQuestion(context, accessOf(request), input);
    return reply.code(201).send(printQuestion(concern));
  });
  app.get<WithQuery>('/events', async (request) => showEvents(context, accessOf(request), request.query));
  app.get<WithQuery>('/concerns', async (request) => showConcerns(context, accessOf(request), request.query));
  app.post<{ Params: { number: string } }>('/concerns/:number/judgement', async (request) => {
    const access = accessOf(request);
    requirePrivacyOfficer(access);
    const body = requireBody(request.body);
    const state = choice(body.state, 'state', concernStates);
    if (typeof body.version !== 'number') throw new Failure('required', 'Send the "version" of the entry.');
    const number = wholeNumber(request.params.number, 'number');
    const note = state === 'open' ? '' : requireText(body, 'note');
    const judged = await judge(context, access, { number, version: body.version, state, note });
    return (await withNames(context, [judged]))[0];
  });
  app.get('/state', async (request) => {
    requireState(accessOf(request));
    return readState(context.pool);
  });
}

async function showAccesses(context: FhirContext, access: Access, query: Query) {
  const patient = idOf(query.patient);
  await requireTrailOf(context, access, patient);
  noteReading({ ...context, access }, '$accesses', patient);
  const { days, next } = await readAccesses(
    context.pool,
    {
      patient,
      notAgent: query.own === 'true' ? undefined : `Patient/${patient}`,
      cursor: query.cursor ? parsePlace(query.cursor) : undefined,
      ...parseDates(
        [query.from && `ge${query.from}`, query.to && `le${query.to}`].filter(
          (text) => text !== undefined && text !== '',
        ) as string[],
      ),
    },
    query.zone ?? 'UTC',
    context.now() * 1000,
  );
  const names = createNames(context);
  const told = days.map(async ({ day, accesses }) => ({
    day,
    accesses: await Promise.all(
      accesses.map(async (one) => ({
        ...one,
        agent: { ...one.agent, organizationName: await names.organization(one.agent.organization) },
        first: new Date(one.first / 1000).toISOString(),
        last: new Date(one.last / 1000).toISOString(),
      })),
    ),
  }));
  return { days: await Promise.all(told), ...(next && { next: printPlace(next) }) };
}

async function showQuestions(context: FhirContext, access: Access, query: Query) {
  const patient = idOf(query.patient);
  await requireTrailOf(context, access, patient);
  return { questions: (await selectConcernsOfPatient(context.pool, patient, pageSize)).map(printQuestion) };
}

/** What the resident sees of it: their question and the answer, not what else was found unusual. */
const printQuestion = ({ number, agent, agentDisplay, reasons, firstAt, state, note, reviewedAt }: Concern) => ({
  number,
  agent,
  agentDisplay,
  at: new Date(firstAt / 1000).toISOString(),
  text: reasons.question,
  state,
  ...(note && { answer: note, answeredAt: reviewedAt }),
});

async function showEvents(context: FhirContext, access: Access, query: Query) {
  requirePrivacyOfficer(access);
  const patient = query.patient ? idOf(query.patient.replace(/^Patient\//, '')) : undefined;
  noteReading({ ...context, access }, '$trail', patient);
  const dates = [query.from && `ge${query.from}`, query.to && `le${query.to}`].filter((text) =>
    Boolean(text),
  ) as string[];
  const { events, next } = await readEvents(
    context.pool,
    {
      patient,
      agent: query.agent || undefined,
      interaction: query.interaction || undefined,
      outcome: query.outcome ? choice(query.outcome, 'outcome', ['0', '4', '8']) : undefined,
      cursor: query.cursor ? parsePlace(query.cursor) : undefined,
      count: eventsOnPage,
      ...parseDates(dates),
    },
    context.now() * 1000,
  );
  const names = createNames(context);
  const told = await Promise.all(
    events.map(async (event) => {
      const line = printLine(event);
      return {
        ...line,
        organizationName: await names.organization(line.organization),
        patients: await Promise.all(line.patients.map(async (id) => ({ id, name: await names.patient(id) }))),
      };
    }),
  );
  return { events: told, ...(next && { next: printPlace(next) }) };
}

async function showConcerns(context: FhirContext, access: Access, query: Query) {
  requirePrivacyOfficer(access);
  const state: ConcernState = query.state ? choice(query.state, 'state', concernStates) : 'open';
  const kind = query.kind ? choice(query.kind, 'kind', concernKinds) : undefined;
  const before = query.before ? wholeNumber(query.before, 'before') : Number.MAX_SAFE_INTEGER;
  const found = await selectConcerns(context.pool, { state, kind, before, limit: pageSize + 1 });
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return {
    counts: await countConcerns(context.pool),
    concerns: await withNames(context, page),
    ...(found.length > pageSize && last && { next: last.number }),
  };
}

async function withNames(context: FhirContext, concerns: readonly Concern[]) {
  const names = createNames(context);
  return Promise.all(
    concerns.map(async (concern) => ({
      ...concern,
      patientName: concern.patient === '' ? undefined : await names.patient(concern.patient),
      firstAt: new Date(concern.firstAt / 1000).toISOString(),
    })),
  );
}

function idOf(text: string | undefined): string {
  if (text !== undefined && /^[A-Za-z0-9.-]{1,64}$/.test(text)) return text;
  throw new Failure('required', 'Say whose record is meant: patient, by its id.');
}

function requireBody(body: unknown): JsonObject {
  if (isJsonObject(body as JsonValue)) return body as JsonObject;
  throw new Failure('structure', 'Send a JSON object in the body.');
}

function requireText(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value.trim() === '') throw new Failure('required', `Send "${name}" as a text.`);
  if (value.length > longestText) throw new Failure('too-long', `"${name}" may have ${longestText} characters.`);
  return value.trim();
}

function choice<const Choice extends string>(value: unknown, name: string, choices: readonly Choice[]): Choice {
  const one = choices.find((candidate) => candidate === value);
  if (one !== undefined) return one;
  throw new Failure('value', `"${name}" must be one of ${choices.join(', ')}.`);
}

function wholeNumber(text: string, name: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new Failure('value', `"${name}" must be a whole number from 1.`);
}
