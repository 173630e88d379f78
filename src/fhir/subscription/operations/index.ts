import { Failure } from '#lib/failure.ts';
import { type Operation, type OperationRequest, readOperationInput } from '../../rest/index.ts';
import { deadLettersOperation } from './dead-letters.ts';
import { eventsOperation } from './events.ts';
import { bindingTokenOperation } from './get-ws-binding-token.ts';
import { resendOperation } from './resend.ts';
import { statusOperation } from './status.ts';
import type { OperationDependencies } from './subscription-of.ts';

export const createSubscriptionOperations = (deps: OperationDependencies): Operation[] =>
  [statusOperation, eventsOperation, bindingTokenOperation, resendOperation, deadLettersOperation].map((create) =>
    heldToReaders(create(deps)),
  );

/** Only of subscriptions that whoever asks may read, and never of all without a right to all. */
const heldToReaders = (operation: Operation): Operation => ({
  ...operation,
  run: async (context, request) => {
    const { access, store, pool } = context;
    const ids = request.id === undefined ? namedIds(request) : [request.id];
    if (ids.length === 0 && access.conditionOf('read', 'Subscription') !== undefined) {
      throw new Failure('required', 'Name the subscriptions that you mean with the parameter id.');
    }
    for (const id of ids) await store.read(pool, 'Subscription', id);
    return operation.run(context, request);
  },
});

const namedIds = (request: OperationRequest): string[] =>
  readOperationInput(request)
    .texts('id')
    .flatMap((text) => text.split(',').filter((id) => id !== ''));
