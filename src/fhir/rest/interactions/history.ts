import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import { resourceTypeOfNumber } from '../../definitions/index.ts';
import { searchDateBounds } from '../../indexing/index.ts';
import {
  type HistoryPage,
  type HistoryRequest,
  instantOf,
  method,
  nameOf,
  parseLiteralReference,
  type StoredRow,
} from '../../store/index.ts';
import { type Answer, type Interaction, printETag } from '../answer.ts';
import { printBundle } from '../bundle.ts';
import type { FhirContext, ReadContext } from '../context.ts';
import { noteLook } from '../looks.ts';
import { requireId, requireType } from '../require.ts';

type HistoryContext = ReadContext & Pick<FhirContext, 'baseUrl' | 'access' | 'trail' | 'now'>;

const defaultCount = 50;
const greatestCount = 1000;

/** https://hl7.org/fhir/R4/http.html#history: of a resource, a type, or the whole system; newest first. */
export async function history(context: HistoryContext, interaction: Interaction): Promise<Answer> {
  const { request, list } = parseRequest(interaction);
  const page = await readPage(context, interaction, request, list);
  await noteLook(
    context,
    'history',
    page.rows.map((row) => ({ ...row, type: resourceTypeOfNumber(row.type) ?? '', content: row.content ?? '' })),
  );
  const body = printBundle({
    type: 'history',
    total: await totalOf(context, interaction),
    links: printLinks(context, interaction, page),
    entries: page.rows.map((row) => printEntry(context, row)),
  });
  return { status: 200, body };
}

async function readPage(
  context: HistoryContext,
  interaction: Interaction,
  request: HistoryRequest,
  list: string | undefined,
): Promise<HistoryPage> {
  const { store, pool } = context;
  const type = interaction.type === undefined ? undefined : requireType(interaction);
  if (type !== undefined && interaction.id !== undefined) {
    if (list !== undefined) throw new Failure('value', '_list is for the history of a type or of the whole system.');
    return store.history.ofResource(pool, type, requireId(interaction), request);
  }
  if (list !== undefined) return store.history.ofResources(pool, await readList(context, list, type), request);
  return type === undefined ? store.history.ofSystem(pool, request) : store.history.ofType(pool, type, request);
}

/** What the entries of a List refer to, of one type if that is asked. */
async function readList({ store, pool, baseUrl }: HistoryContext, id: string, type: string | undefined) {
  const row = await store.read(pool, 'List', requireId({ id }));
  if (!row?.content) throw new Failure('not-found', `There is no List/${id}, of which _list could be.`);
  const { entry } = parseJson(row.content) as JsonObject;
  const named = new Map<string, { type: string; id: string }>();
  for (const item of Array.isArray(entry) ? entry : []) {
    const reference = isJsonObject(item) && isJsonObject(item.item) ? item.item.reference : undefined;
    const target = typeof reference === 'string' ? parseLiteralReference(reference, baseUrl) : undefined;
    if (target && (type === undefined || target.type === type)) named.set(nameOf(target.type, target.id), target);
  }
  return [...named.values()];
}

/** Versions have no gap unless some were expunged, so they are counted by the database. */
async function totalOf({ store, pool, access }: HistoryContext, interaction: Interaction): Promise<number | undefined> {
  const { type, id, parameters } = interaction;
  if (type === undefined || id === undefined) return undefined;
  const row = await store.read(pool, type, id);
  if (!row) throw new Failure('not-found', `There is no ${type}/${id}.`);
  if (parameters.some(([name]) => name === '_since' || name === '_at')) return undefined;
  // Which versions may not be seen is known once all have been read.
  if (access.conditionOf('read', type) !== undefined) return undefined;
  return store.history.countVersions(pool, row.rid);
}

interface ParsedHistory {
  request: HistoryRequest;
  list: string | undefined;
}

function parseRequest({ parameters }: Interaction): ParsedHistory {
  const request: HistoryRequest = { count: defaultCount };
  let list: string | undefined;
  for (const [name, value] of parameters) {
    if (name === '_count') request.count = parseCount(value);
    else if (name === '_since') request.since = Math.ceil(searchDateBounds(value).low);
    else if (name === '_at') request.at = parseAt(value);
    else if (name === '_list') list = value;
    else if (name === '_cursor') request.after = parseCursor(value);
    else if (name !== '_format' && name !== '_pretty') {
      throw new Failure('value', `A history knows _count, _since, _at, _list and _cursor, not ${name.slice(0, 64)}.`);
    }
  }
  return { request, list };
}

/** A day means whatever was current at some moment of it. */
function parseAt(value: string): { low: number; high: number } {
  const { low, high } = searchDateBounds(value);
  return { low: Math.floor(low), high: Math.ceil(high) };
}

function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new Failure('value', '_count must be a whole number.');
  return Math.min(Number(value), greatestCount);
}

function parseCursor(value: string): NonNullable<HistoryRequest['after']> {
  const match = /^(\d{1,16})-(\d{1,16})-(\d{1,9})$/.exec(value);
  if (!match) throw new Failure('value', '_cursor must come from the link of an earlier page.');
  return { updated: Number(match[1]), rid: Number(match[2]), version: Number(match[3]) };
}

function printLinks({ baseUrl }: HistoryContext, interaction: Interaction, page: HistoryPage) {
  const path = [interaction.type, interaction.id, '_history'].filter((part) => part !== undefined).join('/');
  const parameters = new URLSearchParams(interaction.parameters.map(([name, value]) => [name, value]));
  const query = parameters.size > 0 ? `?${parameters}` : '';
  const self = { relation: 'self' as const, url: `${baseUrl}/${path}${query}` };
  if (!page.next) return [self];
  parameters.set('_cursor', `${page.next.updated}-${page.next.rid}-${page.next.version}`);
  return [self, { relation: 'next' as const, url: `${baseUrl}/${path}?${parameters}` }];
}

const verbs: Record<number, 'POST' | 'PUT' | 'DELETE' | 'PATCH'> = {
  [method.post]: 'POST',
  [method.put]: 'PUT',
  [method.delete]: 'DELETE',
  [method.patch]: 'PATCH',
};

function statusOf(row: StoredRow): string {
  if (row.method === method.delete) return '204';
  return row.version === 1 ? '201' : '200';
}

function printEntry({ baseUrl }: HistoryContext, row: StoredRow): string {
  const name = `${resourceTypeOfNumber(row.type)}/${row.id}`;
  const verb = verbs[row.method] ?? 'PUT';
  const rest = JSON.stringify({
    request: { method: verb, url: verb === 'POST' ? resourceTypeOfNumber(row.type) : name },
    response: { status: statusOf(row), etag: printETag(row.version), lastModified: instantOf(row.updated) },
  });
  const resource = row.content === null ? '' : `"resource":${row.content},`;
  return `{"fullUrl":${JSON.stringify(`${baseUrl}/${name}`)},${resource}${rest.slice(1)}`;
}
