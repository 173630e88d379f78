export { createIdempotency, type Idempotency, type Once } from './idempotency.ts';
