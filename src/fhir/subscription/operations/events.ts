import { Failure } from '#lib/failure.ts';
import { type Operation, type OperationInput, readOperationInput } from '../../rest/index.ts';
import type { PayloadContent } from '../definition.ts';
import { readVersions } from '../delivery/compose.ts';
import { printNotification } from '../notification.ts';
import { selectEvents, selectOldest } from '../queries.ts';
import { describe, type OperationDependencies, subscriptionOf } from './subscription-of.ts';

/** So many events are in one answer; its link `next` leads to more. */
const mostEvents = 500;

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-events.html */
export const eventsOperation = (deps: OperationDependencies): Operation => ({
  name: 'events',
  levels: ['instance'],
  types: ['Subscription'],
  affectsState: false,
  title: 'Events of a subscription',
  documentation: `Events that a subscription has had, once more: for a receiver that missed some. At most ${mostEvents} at a time; the link next leads to more.`,
  definition: 'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-events',
  parameters: [
    {
      name: 'eventsSinceNumber',
      use: 'in',
      min: 0,
      max: 1,
      type: 'string',
      documentation: 'Number of the first event that is wanted; all that are kept when it is left out.',
    },
    {
      name: 'eventsUntilNumber',
      use: 'in',
      min: 0,
      max: 1,
      type: 'string',
      documentation: 'Number of the last event that is wanted.',
    },
    {
      name: 'content',
      use: 'in',
      min: 0,
      max: 1,
      type: 'code',
      documentation: 'empty, id-only or full-resource; not more than the subscription has.',
    },
    {
      name: 'return',
      use: 'out',
      min: 1,
      max: 1,
      type: 'Bundle',
      documentation: 'A notification of the type query-event.',
    },
  ],
  run: async (_context, request) => {
    const row = await subscriptionOf(deps, request.id);
    const definition = await deps.definitionOf(row);
    const input = readOperationInput(request);
    const since = numberOf(input, 'eventsSinceNumber') ?? 1;
    const until = Math.min(numberOf(input, 'eventsUntilNumber') ?? row.issued, row.issued);
    const content = contentOf(input, definition?.content ?? 'id-only', definition?.topic === undefined);
    const found = await selectEvents(deps.pool, row.rid, since - 1, until, mostEvents + 1);
    const events = await readVersions(deps.pool, deps.owners, row.rid, found.slice(0, mostEvents));
    const oldest = await selectOldest(deps.pool, row.rid);
    const gone = goneBefore(since, until, oldest);
    const next = found[mostEvents]?.number;
    const described = describe(deps.baseUrl, 'query-event', row, definition);
    const body = printNotification({ ...described, content, events, failure: gone ?? described.failure });
    return {
      status: 200,
      body: next === undefined ? body : withNext(body, deps.baseUrl, row.id, next, until, content),
    };
  },
});

function numberOf(input: OperationInput, name: string): number | undefined {
  const text = input.text(name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Failure('value', `The parameter ${name} must be the number of an event, not "${text.slice(0, 50)}".`);
}

const amounts: readonly PayloadContent[] = ['empty', 'id-only', 'full-resource'];

/** A plain R4 subscription says nothing of content, so that whoever may read it may have all. */
function contentOf(input: OperationInput, most: PayloadContent, isPlain: boolean): PayloadContent {
  const text = input.text('content');
  if (text === undefined) return isPlain ? 'id-only' : most;
  const wanted = amounts.find((amount) => amount === text);
  if (!wanted)
    throw new Failure('value', `content=${text.slice(0, 50)} is not possible: write one of ${amounts.join(', ')}.`);
  if (isPlain || amounts.indexOf(wanted) <= amounts.indexOf(most)) return wanted;
  throw new Failure('forbidden', `The subscription has the content ${most}: ask for that, or for less.`);
}

/** No hole is left unsaid. */
function goneBefore(since: number, until: number, oldest: number | undefined): string | undefined {
  const first = oldest ?? until + 1;
  if (since >= first || until < since) return undefined;
  return `Events ${since} to ${Math.min(first - 1, until)} are too old and were deleted: search the record for what they told of.`;
}

function withNext(
  body: string,
  baseUrl: string,
  id: string,
  next: number,
  until: number,
  content: PayloadContent,
): string {
  const url = `${baseUrl}/Subscription/${id}/$events?eventsSinceNumber=${next}&eventsUntilNumber=${until}&content=${content}`;
  return `{"resourceType":"Bundle","link":${JSON.stringify([{ relation: 'next', url }])},${body.slice('{"resourceType":"Bundle",'.length)}`;
}

export { numberOf };
