import { fileURLToPath } from 'node:url';
import type { SubscriptionOptions } from '#fhir/subscription/index.ts';
import type { Config } from './config.ts';

const topicsFolder = fileURLToPath(new URL('../../../content/topics', import.meta.url));

/** What the subscriptions of this process are told by its configuration. */
export const subscriptionOptions = (
  { MERIDIAN_WEBHOOK_HOSTS, MERIDIAN_CHANGE_DAYS, MERIDIAN_EVENT_DAYS }: Config,
  log: SubscriptionOptions['log'],
): SubscriptionOptions => ({
  topicsFolder,
  rules: { hosts: MERIDIAN_WEBHOOK_HOSTS },
  changeDays: MERIDIAN_CHANGE_DAYS,
  eventDays: MERIDIAN_EVENT_DAYS,
  ...(log && { log }),
});
