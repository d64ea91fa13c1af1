import type { Balances } from '../money/money.ts';

/** What Stripe says of a PaymentIntent and its latest charge: ids, amounts and states, never whole objects. */
export interface PaymentFacts {
  readonly paymentIntent: string;
  readonly status: PaymentIntentStatus;
  readonly livemode: boolean;
  /** What is authorized or asked for, increments included. */
  readonly amount: number;
  readonly amountCapturable: number;
  readonly amountReceived: number;
  readonly latestCharge: string | null;
  /** Why the latest charge failed, also after it had succeeded. */
  readonly chargeFailure: ChargeFailure | null;
  /** When it was authorized; milliseconds since the epoch. */
  readonly authorizedAt: number | null;
  /** Milliseconds since the epoch; the authorization is void after it. */
  readonly captureBefore: number | null;
  readonly cancellationReason: string | null;
  readonly nextAction: NextAction | null;
  readonly transfer: string | null;
  readonly applicationFee: string | null;
  readonly settlement: Settlement | null;
  /** What the card and the account allow: several captures, a higher amount. */
  readonly multicapture: boolean;
  readonly incrementable: boolean;
  /** Whether somebody has disputed the charge. */
  readonly disputed: boolean;
}

export interface ChargeFailure {
  readonly code: string;
  readonly message: string;
}

/** Stripe's own statuses of a PaymentIntent. */
export const PAYMENT_INTENT_STATUSES = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
  'succeeded',
  'canceled',
] as const;
export type PaymentIntentStatus = (typeof PAYMENT_INTENT_STATUSES)[number];

export function isPaymentIntentStatus(status: string): status is PaymentIntentStatus {
  return (PAYMENT_INTENT_STATUSES as readonly string[]).includes(status);
}

/** A charge that failed though money had moved by it. */
export interface FailedCharge extends ChargeFailure {
  readonly charge: string;
  /** It had succeeded before, and the customer's bank took the money back. */
  readonly wasCaptured: boolean;
  readonly transfer: string | null;
  readonly applicationFee: string | null;
  /** What it came to in all: less what was taken back. Null while unknown. */
  readonly settlement: Settlement | null;
}

/** What the customer has to do next (3-D Secure). Where to, is a secret: Stripe puts the client secret into that URL. */
export interface NextAction {
  readonly type: string;
}

/**
 * Where a captured payment's money went, from the balance transactions of the charge, its failure, its transfer and its
 * application fee. With `on_behalf_of` and conversion the platform ends up with two currencies: the charge is settled in the
 * connected account's, the application fee arrives in the platform's own.
 */
export interface Settlement {
  /** In which the charge was settled and transferred. */
  readonly currency: string;
  /** Minor units of `currency`. */
  readonly stripeFee: number;
  /** Charge − Stripe's fee − transfer + application fee. */
  readonly platform: Balances;
  /** Transfer − application fee. */
  readonly connected: Balances;
}

/** The payment's state as last read from Stripe. */
export type PaymentState =
  | { readonly status: 'pending' }
  | { readonly status: 'requires_payment_method'; readonly paymentIntent: string }
  | {
      readonly status: 'requires_action';
      readonly paymentIntent: string;
      readonly nextAction: NextAction | null;
    }
  | { readonly status: 'processing'; readonly paymentIntent: string }
  | {
      readonly status: 'authorized';
      readonly paymentIntent: string;
      readonly latestCharge: string;
      readonly amount: number;
      readonly amountCapturable: number;
      /** By earlier captures, where there may be several. */
      readonly amountCaptured: number;
      /** What those came to; null: there were none, or Stripe has not settled them all. */
      readonly settlement: Settlement | null;
      readonly authorizedAt: number | null;
      readonly captureBefore: number | null;
      readonly multicapture: boolean;
      readonly incrementable: boolean;
    }
  | {
      readonly status: 'captured';
      readonly paymentIntent: string;
      readonly latestCharge: string;
      readonly amount: number;
      readonly amountCaptured: number;
      readonly captureBefore: number | null;
      readonly transfer: string | null;
      readonly applicationFee: string | null;
      /** Null while Stripe has not made the balance transaction and the transfer yet (`automatic_async`). */
      readonly settlement: Settlement | null;
    }
  | { readonly status: 'canceled'; readonly paymentIntent: string | null; readonly reason: string | null }
  | { readonly status: 'expired'; readonly paymentIntent: string };

/** The payment, if money of it was captured: all that ever will be, or by some of several captures. */
export function capturedPartOf(payment: PaymentState) {
  const isCaptured =
    payment.status === 'captured' || (payment.status === 'authorized' && payment.amountCaptured > 0);
  return isCaptured ? payment : null;
}
