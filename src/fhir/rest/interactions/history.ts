import { Failure } from '#lib/failure.ts';
import { resourceTypeOfNumber } from '../../definitions/index.ts';
import { searchDateBounds } from '../../indexing/index.ts';
import { type HistoryPage, type HistoryRequest, instantOf, method, type StoredRow } from '../../store/index.ts';
import { type Answer, type Interaction, printETag } from '../answer.ts';
import { printBundle } from '../bundle.ts';
import type { FhirContext } from '../context.ts';
import { requireId, requireType } from '../require.ts';

const defaultCount = 50;
const greatestCount = 1000;

/** https://hl7.org/fhir/R4/http.html#history: of a resource, a type, or the whole system; newest first. */
export async function history(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const request = parseRequest(interaction);
  const page = await readPage(context, interaction, request);
  const body = printBundle({
    type: 'history',
    total: await totalOf(context, interaction),
    links: printLinks(context, interaction, page),
    entries: page.rows.map((row) => printEntry(context, row)),
  });
  return { status: 200, body };
}

async function readPage({ store, pool }: FhirContext, interaction: Interaction, request: HistoryRequest) {
  if (interaction.type === undefined) return store.history.ofSystem(pool, request);
  const type = requireType(interaction);
  if (interaction.id === undefined) return store.history.ofType(pool, type, request);
  return store.history.ofResource(pool, type, requireId(interaction), request);
}

/** Versions have no gap, so the number of the current one is the number of versions. */
async function totalOf({ store, pool }: FhirContext, interaction: Interaction): Promise<number | undefined> {
  const { type, id, parameters } = interaction;
  if (type === undefined || id === undefined) return undefined;
  const row = await store.read(pool, type, id);
  if (!row) throw new Failure('not-found', `There is no ${type}/${id}.`);
  return parameters.some(([name]) => name === '_since') ? undefined : row.version;
}

function parseRequest({ parameters }: Interaction): HistoryRequest {
  const request: HistoryRequest = { count: defaultCount };
  for (const [name, value] of parameters) {
    if (name === '_count') request.count = parseCount(value);
    else if (name === '_since') request.since = Math.ceil(searchDateBounds(value).low);
    else if (name === '_cursor') request.after = parseCursor(value);
    else if (name !== '_format' && name !== '_pretty') {
      throw new Failure('value', `A history knows _count, _since and _cursor, not ${name.slice(0, 64)}.`);
    }
  }
  return request;
}

function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new Failure('value', '_count must be a whole number.');
  return Math.min(Number(value), greatestCount);
}

function parseCursor(value: string): { updated: number; rid: number } {
  const match = /^(\d{1,16})-(\d{1,16})$/.exec(value);
  if (!match) throw new Failure('value', '_cursor must come from the link of an earlier page.');
  return { updated: Number(match[1]), rid: Number(match[2]) };
}

function printLinks({ baseUrl }: FhirContext, interaction: Interaction, page: HistoryPage) {
  const path = [interaction.type, interaction.id, '_history'].filter((part) => part !== undefined).join('/');
  const parameters = new URLSearchParams(interaction.parameters.map(([name, value]) => [name, value]));
  const query = parameters.size > 0 ? `?${parameters}` : '';
  const self = { relation: 'self' as const, url: `${baseUrl}/${path}${query}` };
  if (!page.next) return [self];
  parameters.set('_cursor', `${page.next.updated}-${page.next.rid}`);
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

function printEntry({ baseUrl }: FhirContext, row: StoredRow): string {
  const name = `${resourceTypeOfNumber(row.type)}/${row.id}`;
  const verb = verbs[row.method] ?? 'PUT';
  const rest = JSON.stringify({
    request: { method: verb, url: verb === 'POST' ? resourceTypeOfNumber(row.type) : name },
    response: { status: statusOf(row), etag: printETag(row.version), lastModified: instantOf(row.updated) },
  });
  const resource = row.content === null ? '' : `"resource":${row.content},`;
  return `{"fullUrl":${JSON.stringify(`${baseUrl}/${name}`)},${resource}${rest.slice(1)}`;
}
