import type { Refusal } from '../../../src/modules/health-code/index.ts';

/** Whether the page has words for it; a reason without words does not compile. */
const refusals: Readonly<Record<Refusal, true>> = {
  unreadable: true,
  'wrong-issuer': true,
  'unknown-key': true,
  forged: true,
  expired: true,
  'not-yet': true,
  replayed: true,
  'needs-network': true,
  revoked: true,
  frozen: true,
  'not-consented': true,
  unknown: true,
};

export const isRefusal = (code: string): code is Refusal => code in refusals;
