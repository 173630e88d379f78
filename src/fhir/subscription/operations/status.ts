import { Failure } from '#lib/failure.ts';
import { type Answer, type Operation, type OperationInput, readOperationInput } from '../../rest/index.ts';
import { printStatus } from '../notification.ts';
import { type SubscriptionRow, selectPage, selectSubscriptions } from '../queries.ts';
import { describe, type OperationDependencies, subscriptionOf } from './subscription-of.ts';

const mostIds = 1000;
const statuses = ['requested', 'active', 'error', 'off'];

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-status.html */
export const statusOperation = (deps: OperationDependencies): Operation => ({
  name: 'status',
  levels: ['type', 'instance'],
  types: ['Subscription'],
  affectsState: false,
  title: 'Status of subscriptions',
  documentation:
    'How a subscription is doing: its status, how many events it has had, and what went wrong with its receiver last.',
  definition: 'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-status',
  parameters: [
    {
      name: 'id',
      use: 'in',
      min: 0,
      max: '*',
      type: 'id',
      documentation: 'Of the type: the subscriptions that are meant.',
    },
    {
      name: 'status',
      use: 'in',
      min: 0,
      max: '*',
      type: 'code',
      documentation: 'Only those in one of these statuses.',
    },
    { name: 'return', use: 'out', min: 1, max: 1, type: 'Bundle', documentation: 'A searchset of SubscriptionStatus.' },
  ],
  run: async (_context, request) => {
    const input = readOperationInput(request);
    const rows = request.id === undefined ? await findRows(deps, input) : [await subscriptionOf(deps, request.id)];
    return answerRows(deps, rows, wantedStatuses(input));
  },
});

/** Repeated, or in one value with commas. */
const listOf = (input: OperationInput, name: string): string[] =>
  input.texts(name).flatMap((text) => text.split(',').filter((part) => part !== ''));

function wantedStatuses(input: OperationInput): string[] {
  const wanted = listOf(input, 'status');
  const odd = wanted.find((status) => !statuses.includes(status));
  if (odd)
    throw new Failure('value', `status=${odd.slice(0, 50)} is not possible: write one of ${statuses.join(', ')}.`);
  return wanted;
}

async function findRows({ pool }: OperationDependencies, input: OperationInput): Promise<SubscriptionRow[]> {
  const ids = listOf(input, 'id');
  if (ids.length > mostIds)
    throw new Failure('too-costly', `Ask for ${mostIds} subscriptions at a time, not for more.`);
  if (ids.length > 0) return selectSubscriptions(pool, ids);
  const rows = await selectPage(pool, '', mostIds + 1);
  if (rows.length <= mostIds) return rows;
  throw new Failure('too-costly', `There are more than ${mostIds} subscriptions: name those that are meant with id.`);
}

async function answerRows(
  { baseUrl, definitionOf }: OperationDependencies,
  rows: readonly SubscriptionRow[],
  wanted: readonly string[],
): Promise<Answer> {
  const entries: string[] = [];
  for (const row of rows) {
    if (wanted.length > 0 && !wanted.includes(row.status)) continue;
    const status = printStatus(describe(baseUrl, 'query-status', row, await definitionOf(row)));
    const fullUrl = JSON.stringify(`${baseUrl}/Subscription/${row.id}/$status`);
    entries.push(`{"fullUrl":${fullUrl},"resource":${status},"search":{"mode":"match"}}`);
  }
  const head = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', total: entries.length });
  return { status: 200, body: entries.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entries.join(',')}]}` };
}
