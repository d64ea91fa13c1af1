import type { Attention } from '../attention/attention.ts';
import type { Notice } from '../attention/notice.ts';
import type { ReadingFailure } from '../attention/reading.ts';
import type { Approval } from '../commands/approval.ts';
import type { PaymentMethodRef } from '../commands/payment-method-ref.ts';
import type { PendingOperation } from '../commands/pending.ts';
import type { Balances } from '../money/money.ts';
import type { AccountRestriction } from './account-restriction.ts';
import type { Adjustment } from './adjustment.ts';
import type { CaptureWindow } from './capture-window-state.ts';
import { UNTOUCHED_WINDOW } from './capture-window-state.ts';
import type { Dispute } from './dispute.ts';
import type { SettlementMerchant } from './merchant.ts';
import type { OrderCommand } from './order-command-table.ts';
import type { FailedCharge, PaymentState } from './payment.ts';
import type { LostDisputePolicy, Recovery } from './recovery-state.ts';
import type { RefundReference } from './refund-reference.ts';
import type { Review } from './review-state.ts';

/** What the caller asked for. Amounts in minor units of `currency`. Once the order exists only its metadata changes. */
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
  readonly onDisputeLost: LostDisputePolicy;
  /** Several captures, and a higher amount later, where card and account allow it. */
  readonly requestMulticapture: boolean;
  readonly requestIncrementalAuthorization: boolean;
  /** The customer is not there to authenticate (Stripe's `off_session`). */
  readonly offSession: boolean;
  /** Where the customer returns to after authenticating on another page. */
  readonly returnUrl: string | null;
  readonly statementDescriptorSuffix: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** As the accounts were when the order was created; null where Stripe could not be asked then, or of a payment taken over. */
  readonly settlementMerchant: SettlementMerchant | null;
}

type CaptureMethod = 'manual' | 'automatic' | 'automatic_async';

export interface PaymentSource {
  readonly customer: string | null;
  readonly method: PaymentMethodRef | null;
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
  /** It is pending because the platform's balance does not cover it: Stripe has not sent it. Absent: it has what it needs. */
  readonly waitsForFunds?: true;
  /** What its customer has to do while it is requires_action. */
  readonly nextAction?: RefundNextAction;
  readonly reason: string | null;
  /** Stripe's reason why the customer did not get it. Absent: it did, or Stripe does not say. */
  readonly failureReason?: string;
  /** Absent: Stripe has none for this way of paying, or it was not read yet. */
  readonly reference?: RefundReference;
  readonly createdAt: number;
  /** The transfer reversal that came with it, in the transfer's currency. */
  readonly reversal: { readonly id: string; readonly amount: number; readonly currency: string } | null;
  /** In the order's currency, as the application fee is. */
  readonly applicationFeeRefunded: number;
  /** Ids of the fee refunds that gave that back. */
  readonly feeRefunds: readonly string[];
  readonly platform: Balances | null;
  readonly connected: Balances | null;
  /** What Stripe gave back of its own fee (negative), as it does to some platforms. Absent: nothing. */
  readonly stripeFee?: Balances;
}

/**
 * Stripe has asked the customer by email for their bank details, for ways of paying that take no money back. To whom it wrote is not
 * kept: the Dashboard shows it. Milliseconds since the epoch; null: Stripe does not say.
 */
export interface RefundNextAction {
  readonly type: string;
  readonly emailSentAt: number | null;
  /** Then Stripe fails the refund. */
  readonly expiresAt: number | null;
}

/** A special-case transfer out of this order's charge. Amount in minor units of `currency`. */
export interface SpecialCaseTransfer {
  readonly id: string;
  /** The command that made it; null: made outside Waybill. */
  readonly operationId: string | null;
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

/** An order's payment. Everything in it comes from Stripe or from a caller's request. */
export interface Order {
  readonly terms: OrderTerms;
  readonly livemode: boolean;
  readonly createdAt: number;
  readonly payment: PaymentState;
  readonly refunds: readonly Refund[];
  readonly transfers: readonly SpecialCaseTransfer[];
  readonly adjustments: readonly Adjustment[];
  readonly disputes: readonly Dispute[];
  readonly recoveries: readonly Recovery[];
  readonly captureWindow: CaptureWindow;
  readonly failedCharges: readonly FailedCharge[];
  /** The charge that Stripe should have settled by now. */
  readonly settlementOverdueOf: string | null;
  /** The PaymentIntent on which a bank should have decided by now. */
  readonly processingOverdueOf: string | null;
  /** A card network has reported the payment as fraudulent. Absent: none has. */
  readonly reportedAsFraud?: true;
  /** Absent: no payment of it was ever in review. */
  readonly review?: Review;
  /** Why its payment cannot be read: what is known of it may no longer be so. */
  readonly unreadable: ReadingFailure | null;
  readonly lastDecline: Decline | null;
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  /** Its account became unable to take the money after the order was created. */
  readonly accountRestriction: AccountRestriction | null;
  readonly notices: readonly Notice[];
  /** Commands that wait for another person. */
  readonly approvals: readonly Approval<OrderCommand>[];
}

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
    adjustments: [],
    disputes: [],
    recoveries: [],
    captureWindow: UNTOUCHED_WINDOW,
    failedCharges: [],
    settlementOverdueOf: null,
    processingOverdueOf: null,
    unreadable: null,
    lastDecline: null,
    pending: null,
    attention: null,
    accountRestriction: null,
    notices: [],
    approvals: [],
  };
}

export function orderStatus(order: Order): OrderStatus {
  const { payment } = order;
  if (payment.status !== 'captured') return payment.status;
  return payment.amountCaptured > 0 && amountRefunded(order) >= payment.amountCaptured
    ? 'refunded'
    : 'captured';
}

/** Minor units captured, refunds not deducted. */
export function amountCaptured({ payment }: Order): number {
  return isCharged(payment) ? payment.amountCaptured : 0;
}

/** When Stripe releases what is not captured, in milliseconds since the epoch; null: nothing was authorized, or it has no deadline. */
export function captureDeadline({ payment }: Order): number | null {
  return isCharged(payment) ? payment.captureBefore : null;
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
export function isCanceledOrExpired(order: Order): boolean {
  return order.payment.status === 'canceled' || order.payment.status === 'expired';
}

/** Stripe refused its creation or its adoption, or an operator gave it up: what its workflow knows is nothing. */
export function wasNeverMade({ payment }: Order): boolean {
  return payment.status === 'canceled' && payment.paymentIntent === null;
}

/** It takes a payment over, and has not read it from Stripe yet. */
export function isUnread({ payment, pending }: Order): boolean {
  return payment.status === 'pending' && pending?.operation === 'adopt' && pending.failure === null;
}

/** What is authorized, captured or asked for: what was agreed, and increments since. */
export function orderAmount({ payment, terms }: Order): number {
  return isCharged(payment) ? payment.amount : terms.amount;
}

export function paymentIntentOf(order: Order): string | null {
  return order.payment.status === 'pending' ? null : order.payment.paymentIntent;
}

/** Minor units of the application fee that went back to the connected account. */
export function applicationFeeRefunded({
  refunds,
  adjustments,
}: Pick<Order, 'refunds' | 'adjustments'>): number {
  const alone = adjustments.filter(({ type }) => type === 'application_fee_refund');
  const amounts = [
    ...refunds.map((refund) => refund.applicationFeeRefunded),
    ...alone.map(({ amount }) => amount),
  ];
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** Ids of the refunds that returned it. */
export function applicationFeeRefunds({
  refunds,
  adjustments,
}: Pick<Order, 'refunds' | 'adjustments'>): readonly string[] {
  const alone = adjustments.filter(({ type }) => type === 'application_fee_refund');
  return [...refunds.flatMap(({ feeRefunds }) => feeRefunds), ...alone.map(({ id }) => id)];
}

function isCharged(
  payment: PaymentState,
): payment is Extract<PaymentState, { status: 'authorized' | 'captured' }> {
  return payment.status === 'authorized' || payment.status === 'captured';
}

/** The customer has its money, or gets it. */
export function isEffective(refund: Refund): boolean {
  return refund.status !== 'failed' && refund.status !== 'canceled';
}
