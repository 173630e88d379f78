import type { Access } from '#fhir/access/index.ts';
import { searchDateBounds } from '#fhir/indexing/index.ts';
import {
  type BundleLink,
  type FhirContext,
  inParameter,
  type Operation,
  type OperationInput,
  type OperationRequest,
  outParameter,
  printBundle,
  readOperationInput,
  requireId,
} from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { requirePrivacyOfficer, requireTrailOf } from '../policy.ts';
import { printAuditEvent } from './audit-event.ts';
import { type EventQuery, parsePlace, printPlace, readEvents } from './events.ts';

const defaultCount = 50;
const greatestCount = 500;

const common = [
  inParameter('date', 'date', 'When: `ge2026-11-01`, `lt2026-12-01`, `2026-11-25`; twice for a range.', { max: '*' }),
  inParameter('agent', 'string', 'Who acted, such as `Practitioner/1`.'),
  inParameter('interaction', 'code', 'What was done: `read`, `search-type`, `$everything` ...'),
  inParameter('outcome', 'code', '`0` done, `4` refused, `8` failed.'),
  inParameter('_count', 'integer', `Events on a page; ${defaultCount} when absent, ${greatestCount} at most.`),
  inParameter('_cursor', 'string', 'From the link to the next page.'),
  outParameter('return', 'Bundle', 'AuditEvents, the newest first.', { min: 1 }),
];

/** Who looked at a record. */
const accesses: Operation = {
  name: 'accesses',
  levels: ['instance'],
  types: ['Patient'],
  affectsState: false,
  methods: ['GET'],
  title: 'Who looked at a record',
  documentation:
    'Everything that was done with the record of a patient, or refused, as AuditEvents. For the resident, those who act for them, and the privacy officer.',
  parameters: [...common],
  run: async (context, request) => {
    const patient = requireId(request);
    await requireTrailOf(context, context.access, patient);
    return answer(context, request, `Patient/${patient}/$accesses`, { patient });
  },
};

/** All that was done. */
const trail: Operation = {
  name: 'trail',
  levels: ['type'],
  types: ['AuditEvent'],
  affectsState: false,
  methods: ['GET'],
  title: 'The trail',
  documentation:
    'Searches the trail of what was done and refused. For the privacy officer. Without an agent or a patient, at most 31 days at once.',
  parameters: [inParameter('patient', 'id', 'Whose record, by its id.'), ...common],
  run: async (context, request) => {
    requirePrivacyOfficer(context.access);
    const patient = readOperationInput(request)
      .text('patient')
      ?.replace(/^Patient\//, '');
    return answer(context, request, 'AuditEvent/$trail', { patient });
  },
};

export const auditOperations: readonly Operation[] = [accesses, trail];

async function answer(
  context: FhirContext,
  request: OperationRequest,
  path: string,
  { patient }: { patient?: string | undefined },
) {
  const input = readOperationInput(request);
  const query = { ...parseQuery(input), patient };
  noteReading(context, path, patient);
  const { events, next } = await readEvents(context.pool, query, context.now() * 1000);
  const links: BundleLink[] = [{ relation: 'self', url: address(context, path, request) }];
  if (next) links.push({ relation: 'next', url: address(context, path, request, printPlace(next)) });
  const entries = events.map((event) => `{"resource":${printAuditEvent(event)},"search":{"mode":"match"}}`);
  return { status: 200, body: printBundle({ type: 'searchset', links, entries }) };
}

/** Who reads the trail is put down as well. */
export function noteReading(
  { access, trail, now }: Pick<FhirContext, 'trail' | 'now'> & { access: Access },
  path: string,
  patient: string | undefined,
): void {
  trail.note({
    actor: access.actor,
    at: now(),
    action: 'E',
    interaction: path.slice(path.indexOf('$')),
    outcome: '0',
    entities: [],
    patients: patient === undefined ? [] : [patient],
  });
}

function address({ baseUrl }: FhirContext, path: string, { parameters }: OperationRequest, cursor?: string): string {
  const kept = parameters.filter(([name]) => name !== '_cursor');
  const query = new URLSearchParams([...kept, ...(cursor === undefined ? [] : [['_cursor', cursor]])] as [
    string,
    string,
  ][]);
  return `${baseUrl}/${path}${query.size > 0 ? `?${query}` : ''}`;
}

function parseQuery(input: OperationInput): EventQuery {
  const count = input.integer('_count') ?? defaultCount;
  const cursor = input.text('_cursor');
  const outcome = input.text('outcome');
  if (outcome !== undefined && !['0', '4', '8'].includes(outcome)) {
    throw new Failure('value', 'outcome must be 0 (done), 4 (refused) or 8 (failed).');
  }
  return {
    ...parseDates(input.texts('date')),
    agent: input.text('agent'),
    interaction: input.text('interaction'),
    outcome,
    cursor: cursor === undefined ? undefined : parsePlace(cursor),
    count: Math.min(Math.max(count, 1), greatestCount),
  };
}

/** `ge`, `gt`, `le`, `lt` or nothing before a date of any precision. https://hl7.org/fhir/R4/search.html#date */
export function parseDates(texts: readonly string[]): { low?: number; high?: number } {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const [, prefix = 'eq', date = ''] = /^(eq|ge|gt|le|lt)?(\d.*)$/.exec(text) ?? [];
    const bounds = searchDateBounds(date);
    if (prefix === 'ge' || prefix === 'eq') low = Math.max(low, bounds.low);
    if (prefix === 'gt') low = Math.max(low, bounds.high);
    if (prefix === 'le' || prefix === 'eq') high = Math.min(high, bounds.high);
    if (prefix === 'lt') high = Math.min(high, bounds.low);
  }
  return {
    ...(Number.isFinite(low) && { low: Math.ceil(low) }),
    ...(Number.isFinite(high) && { high: Math.ceil(high) }),
  };
}
