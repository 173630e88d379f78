export { type ConsentClock, createConsentClock } from './clock.ts';
export type { ConsentKind, ConsentState, Named, Scope } from './consent.ts';
export type { ProxyView } from './proxies.ts';
export type { Receipt, ReceiptLine } from './receipt.ts';
export { registerConsent, type Vocabulary } from './routes.ts';
export type { ConsentView } from './view.ts';
