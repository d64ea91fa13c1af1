import type { AccountNotice, AccountRestriction } from './account-notice.ts';
import { restrictionBy } from './account-notice.ts';
import type { Operation } from './ids.ts';
import type { Balances } from './money.ts';
import type { PaymentFacts, PaymentState } from './payment.ts';
import { applyPayment } from './payment.ts';
import type { SettlementMerchant } from './settlement-merchant.ts';

/** What the caller asked for. Amounts in minor units of `currency`. Never changes once the order exists. */
export interface OrderTerms {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  /** How the customer pays. With `customer` and no `method`: the customer's default payment method. */
  readonly source: PaymentSource;
  readonly connectedAccount: string;
  /** Capped at the amount (destination-charges: "The amount collected as an application fee is capped"). */
  readonly applicationFeeAmount: number | null;
  /** Capped at the amount; excludes `applicationFeeAmount` (Stripe: "They are mutually exclusive"). */
  readonly transferAmount: number | null;
  /** The connected account is the settlement merchant. */
  readonly onBehalfOf: boolean;
  readonly captureMethod: CaptureMethod;
  readonly onCaptureExpiry: 'cancel' | 'reauthorize';
  /** The customer is not there to authenticate (Stripe's `off_session`). */
  readonly offSession: boolean;
  /** Where the customer returns to after authenticating on another page. */
  readonly returnUrl: string | null;
  readonly statementDescriptorSuffix: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** As the accounts were when the order was created; null where Stripe could not be asked then. */
  readonly settlementMerchant: SettlementMerchant | null;
}

export type CaptureMethod = 'manual' | 'automatic' | 'automatic_async';

export interface PaymentSource {
  readonly customer: string | null;
  readonly method: PaymentMethodRef | null;
}

/** A payment method, or a one-off token that becomes one. Never card data. */
export interface PaymentMethodRef {
  readonly type: 'payment_method' | 'token';
  readonly id: string;
}

/**
 * A refund as Stripe knows it. `amount` in the order's currency. `platform` and `connected`: what it did to the two
 * balances; null while unknown.
 */
export interface Refund {
  readonly id: string;
  /** The command that made it; null: made outside Waybill, as in the Dashboard. */
  readonly operationId: string | null;
  readonly amount: number;
  readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
  readonly reason: string | null;
  readonly createdAt: number;
  /** The transfer reversal that came with it, in the transfer's currency. */
  readonly reversal: { readonly id: string; readonly amount: number; readonly currency: string } | null;
  /** In the order's currency, as the application fee is. */
  readonly applicationFeeRefunded: number;
  readonly platform: Balances | null;
  readonly connected: Balances | null;
}

/** A special-case transfer out of this order's charge. Amount in minor units of `currency`. */
export interface SpecialCaseTransfer {
  readonly id: string;
  readonly operationId: string;
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly description: string | null;
  readonly createdAt: number;
  /** What it did to the platform's balance; null while unknown. */
  readonly platform: Balances | null;
  /** What it did to its destination's balance, perhaps in another currency. */
  readonly connected: Balances;
}

/** Why the issuer said no, last time. */
export interface Decline {
  readonly code: string;
  readonly declineCode: string | null;
  readonly message: string;
  readonly param: string | null;
  readonly at: number;
}

export type ResolveAction = 'retry' | 'retry_with_new_key' | 'mark_done' | 'abandon';

/** An operation that only a human can bring to an end; the order waits for `resolve` and keeps probing by itself. */
export interface Attention {
  readonly operation: Operation;
  readonly operationId: string;
  readonly code: string;
  readonly message: string;
  readonly stripeRequestId: string | null;
  readonly since: number;
  readonly generation: number;
  readonly allowedActions: readonly ResolveAction[];
}

/** An order's payment. Everything in it is a fact that Stripe told, or what a caller asked for. */
export interface Order {
  readonly terms: OrderTerms;
  readonly livemode: boolean;
  readonly createdAt: number;
  readonly payment: PaymentState;
  readonly refunds: readonly Refund[];
  readonly transfers: readonly SpecialCaseTransfer[];
  readonly lastDecline: Decline | null;
  readonly attention: Attention | null;
  /** Its account became unable to take the money after the order was created. */
  readonly accountRestriction: AccountRestriction | null;
}

export type OrderEvent =
  | { readonly type: 'payment_observed'; readonly payment: PaymentFacts }
  | { readonly type: 'payment_declined'; readonly decline: Decline; readonly payment: PaymentFacts | null }
  | { readonly type: 'refund_recorded'; readonly refund: Refund }
  | { readonly type: 'transfer_recorded'; readonly transfer: SpecialCaseTransfer }
  | { readonly type: 'attention_raised'; readonly attention: Attention }
  | { readonly type: 'attention_cleared' }
  | { readonly type: 'account_noticed'; readonly notice: AccountNotice; readonly at: number }
  | { readonly type: 'given_up' };

/** What callers see as `status`: the payment's status, and `refunded` once nothing captured is left. */
export type OrderStatus = PaymentState['status'] | 'refunded';

/** A new order, before anything was asked of Stripe. `createdAt`: milliseconds since the epoch. */
export function newOrder(terms: OrderTerms, createdAt: number, livemode: boolean): Order {
  return {
    terms,
    livemode,
    createdAt,
    payment: { status: 'pending' },
    refunds: [],
    transfers: [],
    lastDecline: null,
    attention: null,
    accountRestriction: null,
  };
}

/** The order after an event. Pure: a stale or repeated event gives back an equal order, an impossible one throws. */
export function transition(order: Order, event: OrderEvent): Order {
  switch (event.type) {
    case 'payment_observed':
      return {
        ...order,
        payment: applyPayment(order.payment, event.payment),
        livemode: event.payment.livemode,
      };
    case 'payment_declined':
      return {
        ...order,
        lastDecline: event.decline,
        payment: event.payment ? applyPayment(order.payment, event.payment) : order.payment,
      };
    case 'refund_recorded':
      return { ...order, refunds: recordRefund(order.refunds, event.refund) };
    case 'transfer_recorded':
      return { ...order, transfers: upsertById(order.transfers, event.transfer) };
    case 'attention_raised':
      return { ...order, attention: event.attention };
    case 'attention_cleared':
      return { ...order, attention: null };
    case 'account_noticed':
      return { ...order, accountRestriction: restrictionBy(order, event.notice, event.at) };
    case 'given_up':
      return order.payment.status === 'pending'
        ? { ...order, payment: { status: 'canceled', paymentIntent: null, reason: 'abandoned' } }
        : order;
  }
}

export function orderStatus(order: Order): OrderStatus {
  const { payment } = order;
  if (payment.status !== 'captured') return payment.status;
  return payment.amountCaptured > 0 && amountRefunded(order) >= payment.amountCaptured
    ? 'refunded'
    : 'captured';
}

/** Minor units given back to the customer, refunds on their way included. */
export function amountRefunded(order: Order): number {
  return order.refunds.filter(isEffective).reduce((sum, refund) => sum + refund.amount, 0);
}

/** Minor units that a refund may still give back. */
export function amountRefundable(order: Order): number {
  return order.payment.status === 'captured' ? order.payment.amountCaptured - amountRefunded(order) : 0;
}

/** Nothing more can happen to the money of such an order. */
export function isClosed(order: Order): boolean {
  return order.payment.status === 'canceled' || order.payment.status === 'expired';
}

export function paymentIntentOf(order: Order): string | null {
  return order.payment.status === 'pending' ? null : order.payment.paymentIntent;
}

export function isEffective(refund: Refund): boolean {
  return refund.status !== 'failed' && refund.status !== 'canceled';
}

/** How far a refund has come. It may fail after it succeeded, and never goes back. */
const REFUND_STAGE: Readonly<Record<Refund['status'], number>> = {
  pending: 0,
  requires_action: 0,
  succeeded: 1,
  failed: 2,
  canceled: 2,
};

/** Stripe's answers may arrive late or twice: an earlier stage never replaces a later one, and what is known stays known. */
function recordRefund(refunds: readonly Refund[], told: Refund): readonly Refund[] {
  const known = refunds.find(({ id }) => id === told.id);
  if (!known) return [...refunds, told];
  if (REFUND_STAGE[told.status] < REFUND_STAGE[known.status]) return refunds;
  return upsertById(refunds, { ...told, platform: told.platform ?? known.platform });
}

function upsertById<T extends { readonly id: string }>(items: readonly T[], item: T): readonly T[] {
  return items.some(({ id }) => id === item.id)
    ? items.map((known) => (known.id === item.id ? item : known))
    : [...items, item];
}
