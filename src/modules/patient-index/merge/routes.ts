import type { FastifyInstance } from 'fastify';
import { accessOf } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { optionalNumber, requireBody, requireChoice, requireNumber, requireText } from '../body.ts';
import { decidePlacements, type PlacementDecision } from './decide-placement.ts';
import { merge } from './merge.ts';
import { refuseOwnRecord, requireKeeper } from './policy.ts';
import { previewMerge } from './preview-merge.ts';
import { selectMerge, selectMerges } from './queries.ts';
import { previewUnmerge, unmerge } from './unmerge.ts';
import { printMerge, printUnmerge } from './view.ts';

const pageSize = 50;
const longestReason = 1000;

/** Merges, and their undoing, below `/merge`. */
export function registerMerge(app: FastifyInstance, context: FhirContext): void {
  app.post('/merge', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    const body = requireBody(request.body);
    const pair = { source: requireText(body, 'source'), target: requireText(body, 'target') };
    refuseOwnRecord(access, { sourceId: pair.source, targetId: pair.target });
    if (body.preview === true) return previewMerge(context, pair);
    const reason = requireText(body, 'reason', longestReason);
    const { record, isRepeated } = await merge(context, access.actor, { ...pair, reason });
    return { ...printMerge(record), isRepeated };
  });
  app.get<{ Querystring: { patient?: string; before?: string } }>('/merge', async (request) => {
    requireKeeper(accessOf(request));
    const { patient, before } = request.query;
    const from = { patient, before: optionalNumber(before, 'before') ?? Number.MAX_SAFE_INTEGER, limit: pageSize + 1 };
    const records = await selectMerges(context.pool, from);
    const page = records.slice(0, pageSize);
    return { merges: page.map(printMerge), next: records.length > pageSize ? page.at(-1)?.merge : undefined };
  });
  app.get<{ Params: { merge: string } }>('/merge/:merge', async (request) => {
    requireKeeper(accessOf(request));
    const number = requireNumber(request.params.merge, 'merge');
    const record = await selectMerge(context.pool, number);
    if (!record) throw new Failure('not-found', `There is no merge ${number}.`);
    return printMerge(record);
  });
  registerUnmerge(app, context);
}

function registerUnmerge(app: FastifyInstance, context: FhirContext): void {
  app.get<{ Params: { merge: string } }>('/merge/:merge/unmerge', async (request) => {
    requireKeeper(accessOf(request));
    return printUnmerge(await previewUnmerge(context, requireNumber(request.params.merge, 'merge')));
  });
  app.post<{ Params: { merge: string } }>('/merge/:merge/placements', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    const number = requireNumber(request.params.merge, 'merge');
    await decidePlacements(context, access.actor, number, parsePlacements(requireBody(request.body)));
    return printUnmerge(await previewUnmerge(context, number));
  });
  app.post<{ Params: { merge: string } }>('/merge/:merge/unmerge', async (request) => {
    const access = accessOf(request);
    requireKeeper(access);
    const number = requireNumber(request.params.merge, 'merge');
    const reason = requireText(requireBody(request.body), 'reason', longestReason);
    const known = await selectMerge(context.pool, number);
    if (known) refuseOwnRecord(access, known);
    const { record, isRepeated } = await unmerge(context, access.actor, { merge: number, reason });
    return { ...printMerge(record), isRepeated };
  });
}

function parsePlacements({ placements }: JsonObject): PlacementDecision[] {
  if (!Array.isArray(placements)) throw new Failure('required', 'Send "placements": a list of {resource, to}.');
  return placements.map((one) => {
    if (!isJsonObject(one)) throw new Failure('structure', 'Each placement is an object {resource, to}.');
    return { resource: requireText(one, 'resource', 130), to: requireChoice(one.to, 'to', ['source', 'survivor']) };
  });
}
