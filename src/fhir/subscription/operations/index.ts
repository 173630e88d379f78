import type { Operation } from '../../rest/index.ts';
import { deadLettersOperation } from './dead-letters.ts';
import { eventsOperation } from './events.ts';
import { bindingTokenOperation } from './get-ws-binding-token.ts';
import { resendOperation } from './resend.ts';
import { statusOperation } from './status.ts';
import type { OperationDependencies } from './subscription-of.ts';

export const createSubscriptionOperations = (deps: OperationDependencies): Operation[] =>
  [statusOperation, eventsOperation, bindingTokenOperation, resendOperation, deadLettersOperation].map((create) =>
    create(deps),
  );
