import type { Scope } from './code.ts';
import type { Payment, PaymentState } from './payment/queries.ts';

export interface UseView {
  readonly at: string;
  readonly place: string;
  readonly kind: string;
  readonly display: string;
  readonly organization: string | undefined;
  readonly scopes: readonly Scope[];
  readonly refusal: string | undefined;
}

export interface PaymentView {
  readonly id: string;
  /** In hundredths of a yuan. */
  readonly amount: number;
  /** `lapsed`: nobody decided in time. */
  readonly state: PaymentState | 'lapsed';
  readonly display: string;
  readonly asked: string;
}

export interface HolderView {
  readonly patient: string;
  readonly isOn: boolean;
  readonly isFrozen: boolean;
  readonly scopes: readonly Scope[];
  readonly paper?: { readonly code: string; readonly made: string };
  readonly uses: readonly UseView[];
  readonly payments: readonly PaymentView[];
}

export const paymentView = ({ id, amount, state, display, asked, ends }: Payment, now: number): PaymentView => ({
  ...{ id, amount, display },
  state: state === 'waiting' && ends <= now ? 'lapsed' : state,
  asked: new Date(asked).toISOString(),
});
