export { type EndpointRules, parseEndpointRules } from './delivery/endpoint-rules.ts';
export { type RetryRules, retryRules } from './delivery/retry.ts';
export { registerSubscriptionSocket } from './socket/register-socket.ts';
export { createSubscriptions, type SubscriptionOptions, type Subscriptions } from './subscriptions.ts';
