import { Failure } from '#lib/failure.ts';
import { type Operation, readOperationInput } from '../../rest/index.ts';
import { resendEvents, resendLetters } from '../queries.ts';
import { numberOf } from './events.ts';
import { type OperationDependencies, subscriptionOf } from './subscription-of.ts';

/** More at a time would keep new events waiting for long. */
const mostEvents = 10_000;

export const resendOperation = (deps: OperationDependencies): Operation => ({
  name: 'resend',
  levels: ['instance'],
  types: ['Subscription'],
  affectsState: true,
  title: 'Send events once more',
  documentation:
    'Sends events over the channel once more: those from one number to another, or all that the receiver refused.',
  parameters: [
    {
      name: 'eventsSinceNumber',
      use: 'in',
      min: 0,
      max: 1,
      type: 'string',
      documentation: 'Number of the first event; without it, the dead letters are sent.',
    },
    {
      name: 'eventsUntilNumber',
      use: 'in',
      min: 0,
      max: 1,
      type: 'string',
      documentation: 'Number of the last event.',
    },
    { name: 'events', use: 'out', min: 1, max: 1, type: 'integer', documentation: 'How many will be sent.' },
  ],
  run: async (_context, request) => {
    const row = await subscriptionOf(deps, request.id);
    if (row.channel !== 'rest-hook') {
      throw new Failure('business-rule', 'A websocket is sent nothing twice: ask $events for what was missed.');
    }
    const input = readOperationInput(request);
    const since = numberOf(input, 'eventsSinceNumber');
    const until = Math.min(numberOf(input, 'eventsUntilNumber') ?? row.sent, row.sent);
    if (since !== undefined && until - since >= mostEvents) {
      throw new Failure('too-costly', `Send ${mostEvents} events at a time, not more: give eventsUntilNumber.`);
    }
    const count =
      since === undefined
        ? await resendLetters(deps.pool, row.rid)
        : await resendEvents(deps.pool, row.rid, since, until);
    const parameter = [{ name: 'events', valueInteger: count }];
    return { status: 202, body: JSON.stringify({ resourceType: 'Parameters', parameter }) };
  },
});
