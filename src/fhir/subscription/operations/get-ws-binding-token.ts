import { Failure } from '#lib/failure.ts';
import { type Operation, readOperationInput } from '../../rest/index.ts';
import { type SubscriptionRow, selectSubscriptions } from '../queries.ts';
import { createBindingToken } from '../socket/binding.ts';
import { type OperationDependencies, subscriptionOf } from './subscription-of.ts';

const mostIds = 100;

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-get-ws-binding-token.html */
export const bindingTokenOperation = (deps: OperationDependencies): Operation => ({
  name: 'get-ws-binding-token',
  levels: ['type', 'instance'],
  types: ['Subscription'],
  affectsState: false,
  title: 'Token for a websocket',
  documentation: 'A token that binds a websocket to subscriptions, and where the websocket is.',
  definition:
    'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-get-ws-binding-token',
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
      name: 'token',
      use: 'out',
      min: 1,
      max: 1,
      type: 'string',
      documentation: 'To be sent as: bind-with-token [token].',
    },
    { name: 'expiration', use: 'out', min: 1, max: 1, type: 'dateTime', documentation: 'Until when it can be used.' },
    { name: 'subscription', use: 'out', min: 0, max: '*', type: 'string', documentation: 'What it is good for.' },
    { name: 'websocket-url', use: 'out', min: 1, max: 1, type: 'url', documentation: 'Where to connect.' },
  ],
  run: async (_context, request) => {
    const ids = request.id === undefined ? readOperationInput(request).texts('id') : [request.id];
    const rows = request.id === undefined ? await findRows(deps, ids) : [await subscriptionOf(deps, request.id)];
    const other = rows.find(({ channel }) => channel !== 'websocket');
    if (other) throw new Failure('business-rule', `Subscription/${other.id} has no websocket channel.`);
    const { pool, baseUrl, now } = deps;
    const { token, expires } = await createBindingToken(
      pool,
      rows.map(({ rid }) => rid),
      now(),
    );
    const parameter = [
      { name: 'token', valueString: token },
      { name: 'expiration', valueDateTime: expires.toISOString() },
      ...rows.map(({ id }) => ({ name: 'subscription', valueString: id })),
      { name: 'websocket-url', valueUrl: `${baseUrl.replace(/^http/, 'ws')}/websocket` },
    ];
    return { status: 200, body: JSON.stringify({ resourceType: 'Parameters', parameter }) };
  },
});

async function findRows({ pool }: OperationDependencies, ids: readonly string[]): Promise<SubscriptionRow[]> {
  if (ids.length === 0 || ids.length > mostIds) {
    throw new Failure('required', `Name 1 to ${mostIds} subscriptions with the parameter id.`);
  }
  const rows = await selectSubscriptions(pool, ids);
  const missing = ids.find((id) => !rows.some((row) => row.id === id));
  if (missing === undefined) return rows;
  throw new Failure('not-found', `There is no Subscription/${missing.slice(0, 64)}, or it was stored just now.`);
}
