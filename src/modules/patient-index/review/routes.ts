import type { FastifyInstance } from 'fastify';
import { type Access, accessOf } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { optionalChoice, requireBody, requireChoice, requireNumber, requireText } from '../body.ts';
import type { PatientMatching } from '../matching/index.ts';
import { isRestricted, maskPatient } from '../matching/mask.ts';
import { refuseOwnRecord, requireKeeper } from '../merge/policy.ts';
import { claimReview, decideReview, type ReviewDecision, releaseReview } from './decide.ts';
import { type Counts, countWork, selectDecided, selectReview, selectWork } from './queries.ts';
import type { Review } from './review.ts';
import { printReview, type ReviewPage, type ReviewPairView } from './view.ts';

const pageSize = 100;
const longestReason = 1000;
const bands = ['link', 'review'] as const;

interface WorkQuery {
  state?: string;
  band?: string;
  claimed?: string;
  after?: string;
}

type Numbered = { Params: { review: string } };

/** The review list, below `/review`. */
export function registerReview(app: FastifyInstance, context: FhirContext, matching: PatientMatching): void {
  app.get<{ Querystring: WorkQuery }>('/review', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    return listReviews(context, access, request.query);
  });
  app.get<Numbered>('/review/:review', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    return showPair({ ...context, matching }, access, requireNumber(request.params.review, 'review'));
  });
  app.post<Numbered>('/review/:review/claim', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    return printReview(await claimReview(context, access.actor, requireNumber(request.params.review, 'review')));
  });
  app.delete<Numbered>('/review/:review/claim', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    return printReview(await releaseReview(context, access.actor, requireNumber(request.params.review, 'review')));
  });
  app.post<Numbered>('/review/:review/decision', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    const number = requireNumber(request.params.review, 'review');
    const decision = parseDecision(requireBody(request.body));
    const known = await selectReview(context.pool, number);
    if (known) refuseOwnRecord(access, { sourceId: known.left.id, targetId: known.right.id });
    return printReview(await decideReview(context, access.actor, number, decision));
  });
}

function parseDecision(body: JsonObject): ReviewDecision {
  const as = requireChoice(body.as, 'as', ['linked', 'different', 'deferred']);
  const reason = requireText(body, 'reason', longestReason);
  if (as !== 'linked') return { as, reason };
  return { as, reason, survivor: requireChoice(body.survivor, 'survivor', ['left', 'right']) };
}

async function listReviews({ pool, now }: FhirContext, { actor }: Access, query: WorkQuery) {
  const state = optionalChoice(query.state, 'state', ['open', 'deferred', 'linked', 'different']) ?? 'open';
  const counts = await countWork(pool, now() * 1000);
  const limit = pageSize + 1;
  if (state === 'linked' || state === 'different') {
    const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : requireNumber(query.after, 'after');
    return printPage(await selectDecided(pool, { states: [state], before, limit }), counts, (last) =>
      String(last.decision?.at),
    );
  }
  const page = {
    states: [state],
    band: optionalChoice(query.band, 'band', bands),
    claimedBy: query.claimed === 'true' ? actor.reference : undefined,
    now: now() * 1000,
    after: parseAfter(query.after),
    limit,
  };
  return printPage(await selectWork(pool, page), counts, ({ score, review }) => `${score}/${review}`);
}

function parseAfter(text: string | undefined): { score: number; review: number } | undefined {
  if (text === undefined || text === '') return undefined;
  const [, score, review] = /^(-?[\d.e+-]{1,30})\/(\d{1,15})$/.exec(text) ?? [];
  if (score !== undefined && Number.isFinite(Number(score))) return { score: Number(score), review: Number(review) };
  throw new Failure('value', '"after" must come from "next" of an earlier page.');
}

function printPage(reviews: readonly Review[], counts: Counts, cursorOf: (last: Review) => string): ReviewPage {
  const page = reviews.slice(0, pageSize);
  const last = reviews.length > pageSize ? page.at(-1) : undefined;
  return { counts, reviews: page.map(printReview), next: last && cursorOf(last) };
}

/** Both Patients as they are now, beside what was compared. The look stands in the trail of both. */
async function showPair(
  { pool, store, trail, now, matching }: FhirContext & { matching: PatientMatching },
  { actor }: Access,
  number: number,
): Promise<ReviewPairView> {
  const review = await selectReview(pool, number);
  if (!review) throw new Failure('not-found', `There is no pair ${number} on the review list.`);
  const ids = [review.left.id, review.right.id];
  const [left, right] = await Promise.all(ids.map((id) => store.read(pool, 'Patient', id)));
  trail.note({
    actor,
    at: now(),
    action: 'R',
    interaction: 'patient-index.compared',
    outcome: '0',
    entities: ids.map((id) => ({ type: 'Patient', id })),
    patients: ids,
  });
  const contentOf = (content: string | null | undefined) => {
    const patient = content ? (parseJson(content) as JsonObject) : undefined;
    return patient && isRestricted(patient) ? maskPatient(patient) : patient;
  };
  const { model } = await matching.current();
  const { review: least, link } = model.thresholds;
  return {
    ...printReview(review),
    patients: [contentOf(left?.content), contentOf(right?.content)],
    thresholds: { review: least, link },
  };
}
