import { transferTransferGroup } from '../commands/transfer-groups.ts';
import { isOurIdempotencyKey, ORDER_ID_PATTERN } from '../ids.ts';
import type { OrderStatus } from '../orders/order.ts';
import type { Fields } from './event-fields.ts';
import { fieldsOf, text } from './event-fields.ts';
import { testMarkOf } from './webhook-test.ts';

/** What is read of one of Stripe's events. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** Seconds since the epoch, by Stripe's clock. */
  readonly created: number;
  /** The connected account on which it happened; none: on the platform. */
  readonly account?: string | undefined;
  readonly request?: { readonly id: string | null; readonly idempotency_key: string | null } | null;
  readonly data: { readonly object: unknown };
}

/**
 * An event reduced to whom it may concern. Nothing in it is taken for the truth: whoever gets it asks Stripe how
 * things are.
 */
export interface StripeEventRef {
  readonly eventId: string;
  readonly eventType: string;
  /** Done by a request under one of our idempotency keys: whoever made it gets the answer. */
  readonly own: boolean;
  readonly subject: EventSubject;
}

/** Whom an event concerns, as far as it says so itself. */
export type EventSubject =
  /** The order that its metadata names. */
  | { readonly kind: 'order'; readonly orderId: string }
  /**
   * The order with this PaymentIntent, if there is one. `wouldNameOrder`: the object would name its order if Waybill had
   * made the payment, so that only a payment taken over later can still be an order's.
   */
  | { readonly kind: 'payment'; readonly paymentIntent: string; readonly wouldNameOrder: boolean }
  /** The order with this charge, if there is one. */
  | { readonly kind: 'charge'; readonly charge: string }
  /** A special-case transfer with no order. `at`: when it happened, in milliseconds since the epoch. */
  | { readonly kind: 'transfer'; readonly transferId: string; readonly at: number }
  | { readonly kind: 'account'; readonly account: string }
  /** `account`: whose balance it leaves. */
  | { readonly kind: 'payout'; readonly payout: string; readonly account: string }
  | { readonly kind: 'nobody' };

/** What became of an event that was kept, once it is known whose it is. */
export type ParkedDelivery = 'signaled' | 'known' | 'ended' | 'reopened' | 'foreign';

/** A card network reports a payment as fraudulent: mostly a dispute follows, unless the payment is refunded before. */
export const EARLY_FRAUD_WARNING = 'radar.early_fraud_warning.created';

/** Somebody should look whether a payment is fraud. */
const REVIEW_OPENED = 'review.opened';

/**
 * The events of the platform after which an order may be in another state than it knows, and no others: each costs the
 * order a reading. A new type comes last: then the feed's lists of those that are there go on where they were.
 */
export const ORDER_EVENT_TYPES = [
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.succeeded',
  'charge.updated',
  'charge.refunded',
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'transfer.reversed',
  'application_fee.refunded',
  EARLY_FRAUD_WARNING,
  REVIEW_OPENED,
  'review.closed',
] as const;

/** The same of connected accounts: an account or a payout may be in another state. */
export const CONNECT_EVENT_TYPES = [
  'account.updated',
  'account.application.authorized',
  'account.application.deauthorized',
  'account.external_account.created',
  'account.external_account.updated',
  'account.external_account.deleted',
  'capability.updated',
  'person.created',
  'person.updated',
  'person.deleted',
  'payout.created',
  'payout.updated',
  'payout.paid',
  'payout.failed',
  'payout.canceled',
] as const;

export const PAYOUT_FAILED = 'payout.failed' satisfies (typeof CONNECT_EVENT_TYPES)[number];

/** The first part of a type that concerns a connected account. */
const ACCOUNT_FAMILIES: ReadonlySet<string> = new Set(['account', 'capability', 'person']);
const ORDER_TYPES: ReadonlySet<string> = new Set(ORDER_EVENT_TYPES);

const NOBODY: EventSubject = { kind: 'nobody' };

export function eventRefOf(event: StripeEvent): StripeEventRef {
  return {
    eventId: event.id,
    eventType: event.type,
    own: isAnswered(event),
    subject: subjectOf(event),
  };
}

/**
 * What Stripe does later in consequence of a request (a settlement, a debit that arrives) may bear that request's key,
 * but no request's id: no answer reported it. Nor does an answer report what a bank or Radar says and decides, though Stripe may name
 * the request in whose course that came: the charge to a test card, the evidence that wins, the refund that closes a review.
 */
function isAnswered({ type, request }: StripeEvent): boolean {
  const isOfOthers = isOfDispute(type) || type === EARLY_FRAUD_WARNING || isOfReview(type);
  return request?.id != null && isOurIdempotencyKey(request.idempotency_key) && !isOfOthers;
}

/**
 * Whether an order in that status already shows what an event of our own request would have it look at. Only the
 * payment's own events can be news then: every other command is durable before Stripe is asked.
 */
export function isKnownToOrder(eventType: string, status: OrderStatus | undefined): boolean {
  const shown = SHOWN_BY[eventType];
  return shown === undefined || (status !== undefined && shown.includes(status));
}

const OVER: readonly OrderStatus[] = ['captured', 'refunded', 'canceled', 'expired'];
const SHOWN_BY: Readonly<Record<string, readonly OrderStatus[]>> = {
  'payment_intent.requires_action': ['requires_action', 'authorized', ...OVER],
  'payment_intent.processing': ['processing', 'authorized', ...OVER],
  'payment_intent.payment_failed': ['requires_payment_method', 'authorized', ...OVER],
  'payment_intent.amount_capturable_updated': ['authorized', ...OVER],
  'payment_intent.succeeded': ['captured', 'refunded'],
  'payment_intent.canceled': ['canceled', 'expired'],
};

/** What still happens to money that was captured, whoever does it, long after an order was closed. */
const AFTER_CAPTURE: ReadonlySet<string> = new Set([
  'payment_intent.payment_failed',
  'charge.refunded',
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'transfer.reversed',
  'application_fee.refunded',
  EARLY_FRAUD_WARNING,
  REVIEW_OPENED,
] satisfies (typeof ORDER_EVENT_TYPES)[number][]);

/** Of a payment that was canceled only the connected account's share can move: it kept that when a bank took a debit back. */
const AFTER_CANCELLATION: ReadonlySet<string> = new Set([
  'transfer.reversed',
  'application_fee.refunded',
] satisfies (typeof ORDER_EVENT_TYPES)[number][]);

/** Whether a closed order that was left in that status may be in another one, or have other funds, after it. */
export function movesClosedOrder(eventType: string, status: OrderStatus | undefined): boolean {
  if (status === 'canceled') return AFTER_CANCELLATION.has(eventType);
  return AFTER_CAPTURE.has(eventType) && (status === 'captured' || status === 'refunded');
}

/** Of those that run out of time, or leave a seller without money: nobody may overlook it, also where it finds nobody. */
export function isUrgent({ eventType }: Pick<StripeEventRef, 'eventType'>): boolean {
  return isOfDispute(eventType) || eventType === PAYOUT_FAILED;
}

function isOfDispute(eventType: string): boolean {
  return eventType.startsWith('charge.dispute.');
}

function isOfReview(eventType: string): boolean {
  return eventType.startsWith('review.');
}

function subjectOf({ type, account, data, created }: StripeEvent): EventSubject {
  const object = fieldsOf(data.object);
  const family = type.replace(/\..*/s, '');
  if (ACCOUNT_FAMILIES.has(family)) {
    const named = account ?? text(object[family === 'account' ? 'id' : 'account']);
    return named === null ? NOBODY : { kind: 'account', account: named };
  }
  if (family === 'payout') {
    // Those of the platform, or that Stripe makes by an account's schedule, have no workflow.
    const payout = payoutNamedIn(object.metadata);
    return payout === null || account === undefined ? NOBODY : { kind: 'payout', payout, account };
  }
  // Orders are paid on the platform: what happens on a connected account is its own business.
  if (account !== undefined || !ORDER_TYPES.has(type) || testMarkOf(object) !== null) return NOBODY;
  // One out of no charge is no order's, and bears its own id where others name theirs.
  return family === 'transfer' && text(object.source_transaction) === null
    ? transferSubjectOf(object, created)
    : orderSubjectOf(family, object);
}

/** Its group too, by which it is found at Stripe, says that Waybill made it. */
function transferSubjectOf({ metadata, transfer_group: group }: Fields, created: number): EventSubject {
  const transferId = orderNamedIn(metadata);
  if (transferId === null || group !== transferTransferGroup(transferId)) return NOBODY;
  return { kind: 'transfer', transferId, at: created * 1_000 };
}

function orderSubjectOf(family: string, object: Fields): EventSubject {
  const orderId = orderNamedIn(object.metadata);
  if (orderId !== null) return { kind: 'order', orderId };
  const wouldNameOrder = family === 'payment_intent' || object.object === 'charge';
  const paymentIntent = family === 'payment_intent' ? text(object.id) : text(object.payment_intent);
  if (paymentIntent !== null) return { kind: 'payment', paymentIntent, wouldNameOrder };
  // A fee names the charge on the platform as `originating_transaction`, a transfer as `source_transaction`.
  const charge =
    text(object.originating_transaction) ?? text(object.source_transaction) ?? text(object.charge);
  return charge === null ? NOBODY : { kind: 'charge', charge };
}

/** The order that a Stripe object says it belongs to; null: none of Waybill's. */
export function orderNamedIn(metadata: unknown): string | null {
  return named(metadata, 'waybill_order');
}

/** The same of Waybill's payouts. */
export function payoutNamedIn(metadata: unknown): string | null {
  return named(metadata, 'waybill_payout');
}

/** An id of ours; others may use the same metadata, and in other ways. */
function named(metadata: unknown, name: string): string | null {
  const id = text(fieldsOf(metadata)[name]);
  return id !== null && ORDER_ID_PATTERN.test(id) ? id : null;
}
