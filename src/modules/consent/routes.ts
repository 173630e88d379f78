import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Access, accessOf } from '#fhir/access/index.ts';
import { Failure } from '#lib/failure.ts';
import { loadDataCategories } from '#modules/access/index.ts';
import { requireActingFor } from './acting-for.ts';
import { ask } from './ask.ts';
import { categorySystem } from './consent-resource.ts';
import { denyConsent, grantConsent, revokeConsent } from './decide.ts';
import { type ConsentDependencies, type Found, find } from './dependencies.ts';
import { Fields, readScope } from './fields.ts';
import { findConsents } from './find-consents.ts';
import { give } from './give.ts';
import { askForMandate } from './mandate.ts';
import { may, requireRole } from './policy.ts';
import { proxiesOf } from './proxies.ts';
import { type ConsentPurpose, purposes } from './purpose.ts';
import { receiptOf } from './receipt.ts';
import { load } from './save.ts';
import { type ConsentView, viewConsent } from './view.ts';

/** What forms offer. */
export interface Vocabulary {
  readonly categories: readonly {
    readonly code: string;
    readonly en: string;
    readonly zh: string;
    readonly isSensitive: boolean;
  }[];
  readonly purposes: readonly ConsentPurpose[];
}

type Query = Readonly<Record<string, string | undefined>>;
type WithId = { Params: { id: string } };

/** Consents at `/api/consent`. */
export async function registerConsent(
  app: FastifyInstance,
  context: Omit<ConsentDependencies, 'categories'>,
): Promise<void> {
  const categories = await loadDataCategories(context);
  const deps: ConsentDependencies = { ...context, categories };
  app.get('/vocabulary', async (request): Promise<Vocabulary> => {
    accessOf(request);
    return {
      categories: categories.list.map(({ code, en, zh, isSensitive }) => ({ code, en, zh, isSensitive })),
      purposes,
    };
  });
  registerReading(app, deps);
  registerAsking(app, deps);
  registerDeciding(app, deps);
}

function registerReading(app: FastifyInstance, deps: ConsentDependencies): void {
  app.get('/', async (request) => {
    const access = accessOf(request);
    const { cursor } = request.query as Query;
    const { patient, isDecider } = await recordOf(deps, access, request);
    const page = await findConsents(deps, undefined, { parameters: [['patient', patient.reference]], cursor });
    return { consents: page.consents.map((one) => viewConsent(access, one, isDecider)), next: page.next };
  });
  app.get('/sent', async (request) => {
    const access = accessOf(request);
    requireRole(access, 'ask for consent');
    const { cursor, patient } = request.query as Query;
    const { reference, organization } = access.actor;
    const parties = [reference, ...(organization === undefined ? [] : [organization])].map((party) =>
      party.includes('/') ? party : `Organization/${party}`,
    );
    const parameters = [
      ['actor', parties.join(',')] as const,
      ['category', `${categorySystem}|sharing`] as const,
      ...(patient === undefined ? [] : [['patient', `Patient/${patient}`] as const]),
    ];
    const page = await findConsents(deps, undefined, { parameters, cursor });
    return { consents: page.consents.map((one) => viewConsent(access, one, false)), next: page.next };
  });
  app.get('/mandates', async (request) => {
    const access = accessOf(request);
    requireRole(access, 'approve of a mandate');
    const { cursor } = request.query as Query;
    const parameters = [
      ['status', 'proposed'],
      ['category', `${categorySystem}|mandate`],
    ] as const;
    const page = await findConsents(deps, undefined, { parameters, cursor });
    return { consents: page.consents.map((one) => viewConsent(access, one, false)), next: page.next };
  });
  app.get('/proxies', async (request) => {
    const { patient } = await recordOf(deps, accessOf(request), request);
    return proxiesOf(deps, patient);
  });
  app.get('/receipt', async (request) => {
    const access = accessOf(request);
    const { patient } = await recordOf(deps, access, request);
    const { date = '', offset = 'Z' } = request.query as Query;
    return receiptOf(deps, access, { patient, day: dayOf(date, deps.now()), offset: offsetOf(offset) });
  });
  app.get<WithId>('/:id', async (request): Promise<ConsentView> => {
    const access = accessOf(request);
    const consent = await load(deps, deps.pool, request.params.id);
    const { reference, organization = '' } = access.actor;
    const isParty = [reference, organization, `Organization/${organization}`].includes(consent.party?.reference ?? ' ');
    const isDesk = consent.kind === 'mandate' && may(access, 'approve of a mandate');
    if (isParty || isDesk || may(access, 'read any consent')) return viewConsent(access, consent, false);
    await requireActingFor(deps, access, consent.patient.reference.slice('Patient/'.length));
    return viewConsent(access, consent, true);
  });
}

function registerAsking(app: FastifyInstance, deps: ConsentDependencies): void {
  app.post('/requests', async (request, reply) => {
    const access = accessOf(request);
    const fields = new Fields(request.body);
    const patient = fields.text('patient', { isRequired: true, most: 64 }) ?? '';
    const forWhom = fields.choice('forWhom', ['myself', 'organization'] as const) ?? 'myself';
    const purpose = fields.choice('purpose', purposes) ?? 'TREAT';
    const reason = fields.text('reason', { isRequired: true }) ?? '';
    const scope = readScope(fields, deps.categories, { now: deps.now() });
    fields.done();
    const { consent, isRepeated } = await ask(deps, access, { patient, forWhom, purpose, reason, scope });
    return reply.code(isRepeated ? 200 : 201).send(viewConsent(access, consent, false));
  });
  for (const [path, kind] of [
    ['/grants', 'sharing'],
    ['/closings', 'closing'],
  ] as const) {
    app.post(path, async (request, reply) => {
      const access = accessOf(request);
      const fields = new Fields(request.body);
      const patient = fields.text('patient', { most: 64 }) ?? ownRecord(access);
      const party = fields.text('party', { most: 90 });
      const purpose = kind === 'sharing' ? fields.choice('purpose', purposes) : undefined;
      const scope = readScope(fields, deps.categories, { now: deps.now(), isOpenEnded: kind === 'closing' });
      fields.done();
      const { consent, isRepeated } = await give(deps, access, kind, { patient, party, purpose, scope });
      return reply.code(isRepeated ? 200 : 201).send(viewConsent(access, consent, true));
    });
  }
  app.post('/mandates', async (request, reply) => {
    const access = accessOf(request);
    const fields = new Fields(request.body);
    const identifier = fields.text('identifier', { isRequired: true, most: 64 }) ?? '';
    const name = fields.text('name', { isRequired: true, most: 100 }) ?? '';
    const actFor = fields.choice('actFor', ['them', 'me'] as const) ?? 'them';
    const until = fields.time('until') ?? fields.fault('until', 'Say until when.', 'required') ?? '';
    const reason = fields.text('reason', { isRequired: true }) ?? '';
    fields.done();
    const person = { identifier, name };
    const { consent, isRepeated } = await askForMandate(deps, access, { person, actFor, until, reason });
    return reply.code(isRepeated ? 200 : 201).send(viewConsent(access, consent, actFor === 'me'));
  });
}

function registerDeciding(app: FastifyInstance, deps: ConsentDependencies): void {
  const choiceOf = (request: FastifyRequest, access: Access) => {
    const { id } = request.params as { id: string };
    const fields = new Fields(request.body ?? {});
    // Whoever approves at the desk says which proof they have seen.
    const note = fields.text('note', { isRequired: may(access, 'approve of a mandate') });
    return { fields, choice: { id, version: fields.version(), note } };
  };
  app.post<WithId>('/:id/grant', async (request) => {
    const access = accessOf(request);
    const { fields, choice } = choiceOf(request, access);
    const isWhole = fields.body.categories === undefined;
    const scope = isWhole ? undefined : readScope(fields, deps.categories, { now: deps.now() });
    fields.done();
    return viewConsent(access, await grantConsent(deps, access, { ...choice, scope }), true);
  });
  app.post<WithId>('/:id/deny', async (request) => {
    const access = accessOf(request);
    const { fields, choice } = choiceOf(request, access);
    fields.done();
    return viewConsent(access, await denyConsent(deps, access, choice), true);
  });
  app.post<WithId>('/:id/revoke', async (request) => {
    const access = accessOf(request);
    const { fields, choice } = choiceOf(request, access);
    fields.done();
    return viewConsent(access, await revokeConsent(deps, access, choice), true);
  });
}

/** Whose record it is about: one's own unless another is named. */
async function recordOf(
  deps: ConsentDependencies,
  access: Access,
  request: FastifyRequest,
): Promise<{ readonly patient: Found; readonly isDecider: boolean }> {
  const { patient } = request.query as Query;
  if (may(access, 'read any consent')) {
    return { patient: await find(deps, deps.pool, 'Patient', patient ?? ''), isDecider: false };
  }
  const acting = await requireActingFor(deps, access, patient ?? ownRecord(access));
  return { patient: acting.patient, isDecider: true };
}

const ownRecord = ({ actor }: Access): string =>
  actor.reference.startsWith('Patient/') ? actor.reference.slice('Patient/'.length) : '';

function dayOf(text: string, now: number): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text)) {
    throw new Failure('value', 'Say which day: date=2026-03-31.');
  }
  if (at > now + 86_400_000) throw new Failure('value', 'That day has not come yet.');
  return text;
}

function offsetOf(text: string): string {
  // A plus sign arrives as a space where it was not escaped.
  const offset = text.replace(/^ /, '+');
  if (/^(Z|[+-](0\d|1[0-4]):[0-5]\d)$/.test(offset)) return offset;
  throw new Failure('value', 'offset must be that of a zone, such as +08:00.');
}
