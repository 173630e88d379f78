import { Failure } from '#lib/failure.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import type { Definition } from '../definition.ts';
import type { Notification, NotificationType } from '../notification.ts';
import type { Owners } from '../owners.ts';
import { type SubscriptionRow, selectSubscriptions } from '../queries.ts';

export interface OperationDependencies {
  owners: Owners;
  pool: Pool;
  baseUrl: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  definitionOf: (row: SubscriptionRow) => Promise<Definition | undefined>;
}

/** A subscription by its id; fails with `not-found`. */
export async function subscriptionOf(
  { pool }: OperationDependencies,
  id: string | undefined,
): Promise<SubscriptionRow> {
  const [row] = await selectSubscriptions(pool, [id ?? '']);
  if (row) return row;
  throw new Failure('not-found', `There is no Subscription/${id}, or it was stored just now: ask again in a second.`);
}

/** What is said of a subscription in every answer. */
export function describe(
  baseUrl: string,
  type: NotificationType,
  row: SubscriptionRow,
  definition: Definition | undefined,
): Notification {
  const { id: subscriptionId, status, issued, failure } = row;
  return {
    type,
    baseUrl,
    subscriptionId,
    criteria: definition?.topic?.url ?? '',
    status,
    issued,
    content: definition?.content ?? 'empty',
    ...(failure !== null && { failure }),
  };
}
