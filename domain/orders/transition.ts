import type { Attention } from '../attention/attention.ts';
import type { NoticeAction } from '../attention/notice.ts';
import type { ReadingFailure } from '../attention/reading.ts';
import type { Approval } from '../commands/approval.ts';
import type { AccountNotice } from './account-notice.ts';
import { restrictionBy } from './account-notice.ts';
import type { Adjustment } from './adjustment.ts';
import type { ReauthorizationFailure } from './capture-window-state.ts';
import { UNTOUCHED_WINDOW } from './capture-window-state.ts';
import type { Dispute } from './dispute.ts';
import { applyDispute } from './dispute.ts';
import { withEarlierFailure, withFailure } from './failed-charges.ts';
import { noticesFor } from './notices.ts';
import type { Adopted } from './observation.ts';
import type { Decline, Order, OrderTerms, Refund, SpecialCaseTransfer } from './order.ts';
import { paymentIntentOf } from './order.ts';
import type { OrderCommand } from './order-command-table.ts';
import type { FailedCharge, PaymentFacts } from './payment.ts';
import { applyPayment, replaceAuthorization, restoreSuperseded } from './payment-transition.ts';
import { recoveriesAfter, recoveriesSeen } from './recovery.ts';
import type { Recovery } from './recovery-state.ts';
import { laterReference } from './refund-reference.ts';
import type { Review } from './review-state.ts';

export type OrderEvent =
  | {
      readonly type: 'adopted';
      readonly adopted: Adopted;
      /** An order of this payment was closed, and what it remembers is here. */
      readonly isReopened: boolean;
    }
  | { readonly type: 'payment_observed'; readonly payment: PaymentFacts }
  | { readonly type: 'payment_declined'; readonly decline: Decline; readonly payment: PaymentFacts | null }
  | { readonly type: 'earlier_charge_failed'; readonly failed: FailedCharge }
  | { readonly type: 'metadata_observed'; readonly metadata: OrderTerms['metadata'] }
  | { readonly type: 'refund_recorded'; readonly refund: Refund }
  | { readonly type: 'transfer_recorded'; readonly transfer: SpecialCaseTransfer }
  | { readonly type: 'adjustment_recorded'; readonly adjustment: Adjustment }
  | { readonly type: 'dispute_observed'; readonly dispute: Dispute }
  | { readonly type: 'review_observed'; readonly review: Review }
  | { readonly type: 'recovery_changed'; readonly recovery: Recovery }
  | { readonly type: 'settlement_overdue'; readonly charge: string }
  | { readonly type: 'processing_overdue'; readonly paymentIntent: string }
  | { readonly type: 'reported_as_fraud' }
  /** Null: it was read again. */
  | { readonly type: 'reading_failed'; readonly failure: ReadingFailure | null }
  | { readonly type: 'capture_warned'; readonly captureBefore: number }
  | { readonly type: 'authorization_replaced'; readonly payment: PaymentFacts; readonly cycle: number }
  | {
      readonly type: 'reauthorization_failed';
      readonly cycle: number;
      readonly failure: ReauthorizationFailure;
      /** The PaymentIntent that the try left behind. */
      readonly leftover: string | null;
    }
  /** The payment was captured or canceled meanwhile. `leftover`: what was authorized needlessly. */
  | { readonly type: 'reauthorization_needless'; readonly cycle: number; readonly leftover: string | null }
  | { readonly type: 'superseded_released' }
  /** Somebody captured it, or a part of it, before it could be released. */
  | { readonly type: 'superseded_captured'; readonly payment: PaymentFacts }
  /** Somebody canceled it before the order knew of the new one. */
  | { readonly type: 'superseded_canceled'; readonly payment: PaymentFacts }
  | { readonly type: 'attention_raised'; readonly attention: Attention }
  | { readonly type: 'attention_cleared' }
  | { readonly type: 'account_noticed'; readonly notice: AccountNotice; readonly at: number }
  | {
      readonly type: 'notices_acknowledged';
      readonly action: NoticeAction;
      readonly subject: string | null;
      /** None that began later, in milliseconds since the epoch; absent: all. */
      readonly until?: number;
      readonly by: string;
    }
  | { readonly type: 'approval_asked'; readonly approval: Approval<OrderCommand> }
  | { readonly type: 'approval_ended'; readonly id: string }
  | { readonly type: 'given_up' };

/** The order after an event. Pure: a stale or repeated event gives back an equal order, an impossible one throws. */
export function transition(order: Order, event: OrderEvent): Order {
  switch (event.type) {
    case 'adopted': {
      const { payment, metadata, decline, refunds, transfers, adjustments, disputes, createdAt, review } =
        event.adopted;
      const before = (event.adopted.failedCharges ?? []).reduce(
        withEarlierFailure,
        withMetadata(order, metadata),
      );
      return {
        ...transition(before, { type: 'payment_observed', payment }),
        createdAt,
        lastDecline: decline,
        refunds,
        transfers,
        adjustments,
        disputes,
        ...(review ? { review } : {}),
        recoveries: event.isReopened
          ? recoveriesAfter(order, disputes)
          : recoveriesSeen(order, event.adopted),
      };
    }
    case 'payment_observed':
      return observed(order, event.payment);
    case 'payment_declined':
      return {
        ...(event.payment ? observed(order, event.payment) : order),
        lastDecline: event.decline,
      };
    case 'earlier_charge_failed':
      return withEarlierFailure(order, event.failed);
    case 'metadata_observed':
      return withMetadata(order, event.metadata);
    case 'refund_recorded':
      return { ...order, refunds: recordRefund(order.refunds, event.refund) };
    case 'transfer_recorded':
      return { ...order, transfers: upsertBy('id', order.transfers, event.transfer) };
    case 'adjustment_recorded':
      return { ...order, adjustments: recordAdjustment(order.adjustments, event.adjustment) };
    case 'dispute_observed': {
      const disputes = applyDispute(order.disputes, event.dispute);
      return { ...order, disputes, recoveries: recoveriesAfter(order, disputes) };
    }
    case 'review_observed':
      return { ...order, review: event.review };
    case 'recovery_changed':
      return { ...order, recoveries: upsertBy('disputeId', order.recoveries, event.recovery) };
    case 'settlement_overdue':
      return { ...order, settlementOverdueOf: event.charge };
    case 'processing_overdue':
      return { ...order, processingOverdueOf: event.paymentIntent };
    case 'reported_as_fraud':
      return { ...order, reportedAsFraud: true };
    case 'reading_failed':
      return { ...order, unreadable: event.failure };
    case 'capture_warned':
      return { ...order, captureWindow: { ...order.captureWindow, warnedOf: event.captureBefore } };
    case 'authorization_replaced':
      return replaced(order, event.payment, event.cycle);
    case 'reauthorization_failed': {
      const { cycle, failure, leftover } = event;
      const superseded = leftover ?? order.captureWindow.superseded;
      return { ...order, captureWindow: { ...order.captureWindow, cycle, failure, superseded } };
    }
    case 'reauthorization_needless': {
      const { cycle, leftover } = event;
      const superseded = leftover ?? order.captureWindow.superseded;
      return { ...order, captureWindow: { ...order.captureWindow, cycle, failure: null, superseded } };
    }
    case 'superseded_released':
      return { ...order, captureWindow: { ...order.captureWindow, superseded: null } };
    case 'superseded_captured':
    case 'superseded_canceled':
      return restored(order, event.payment);
    case 'attention_raised':
      return { ...order, attention: event.attention };
    case 'attention_cleared':
      return { ...order, attention: null };
    case 'account_noticed':
      return { ...order, accountRestriction: restrictionBy(order, event.notice, event.at) };
    case 'notices_acknowledged': {
      const seen = noticesFor(order, event.action, event.subject, event.until);
      const notices = order.notices.map((notice) =>
        seen.includes(notice) ? { ...notice, acknowledgedBy: event.by } : notice,
      );
      return { ...order, notices };
    }
    case 'approval_asked':
      return { ...order, approvals: [...order.approvals, event.approval] };
    case 'approval_ended':
      return { ...order, approvals: order.approvals.filter(({ id }) => id !== event.id) };
    case 'given_up':
      return order.payment.status === 'pending'
        ? { ...order, payment: { status: 'canceled', paymentIntent: null, reason: 'abandoned' } }
        : order;
  }
}

function withMetadata(order: Order, metadata: OrderTerms['metadata']): Order {
  return { ...order, terms: { ...order.terms, metadata } };
}

/** How far a refund has come. It may fail after it succeeded, and goes back only to ask its customer again. */
const REFUND_STAGE: Readonly<Record<Refund['status'], number>> = {
  pending: 0,
  requires_action: 0,
  succeeded: 1,
  failed: 2,
  canceled: 2,
};

/**
 * Stripe's answers may arrive late or twice: an earlier stage never replaces a later one, and what is known stays known. Of a
 * refund that has ended, what it took is no longer what it came to: the money comes back. Of one that was made by hand only the order
 * knows for which command.
 */
function recordRefund(refunds: readonly Refund[], observed: Refund): readonly Refund[] {
  const known = refunds.find(({ id }) => id === observed.id);
  if (!known) return [...refunds, observed];
  const [was, is] = [REFUND_STAGE[known.status], REFUND_STAGE[observed.status]];
  if (is < was && !isAskedAgain(known, observed)) return refunds;
  const comesBack = is > was && is === REFUND_STAGE.failed;
  const platform = observed.platform ?? (comesBack ? null : known.platform);
  const operationId = observed.operationId ?? known.operationId;
  const reference = laterReference(known.reference, observed.reference);
  const now = { ...observed, operationId, platform, ...(reference ? { reference } : {}) };
  return upsertBy('id', refunds, now);
}

/**
 * A bank sends back what it cannot assign to the details that the customer gave, also after the refund had succeeded: Stripe then asks
 * them again. Its first answer could be sent once more and look the same, and is put right by the next read.
 */
function isAskedAgain(known: Refund, observed: Refund): boolean {
  return known.status === 'succeeded' && observed.status === 'requires_action';
}

function recordAdjustment(adjustments: readonly Adjustment[], observed: Adjustment): readonly Adjustment[] {
  const known = adjustments.find(({ id }) => id === observed.id);
  const platform = observed.platform ?? known?.platform ?? null;
  const operationId = observed.operationId ?? known?.operationId ?? null;
  return upsertBy('id', adjustments, { ...observed, operationId, platform });
}

function observed(order: Order, facts: PaymentFacts): Order {
  const { payment: before } = order;
  const payment = applyPayment(before, facts);
  return {
    ...order,
    payment,
    // The next debit of the same PaymentIntent has its own time.
    processingOverdueOf: payment.status === 'processing' ? order.processingOverdueOf : null,
    failedCharges: withFailure(order, facts),
    livemode: facts.livemode,
  };
}

function replaced(order: Order, facts: PaymentFacts, cycle: number): Order {
  const superseded = paymentIntentOf(order);
  const payment = replaceAuthorization(order.payment, facts);
  if (payment === order.payment) return order;
  return { ...order, payment, captureWindow: { ...UNTOUCHED_WINDOW, cycle, superseded } };
}

/** The authorization that was to take its place is the needless one now. */
function restored(order: Order, facts: PaymentFacts): Order {
  const { payment: before, captureWindow, livemode } = order;
  const payment = restoreSuperseded(before, facts);
  const superseded = before.status === 'authorized' ? before.paymentIntent : null;
  return { ...order, payment, livemode, captureWindow: { ...captureWindow, superseded } };
}

function upsertBy<Key extends string, T extends Readonly<Record<Key, string>>>(
  key: Key,
  items: readonly T[],
  item: T,
): readonly T[] {
  return items.some((known) => known[key] === item[key])
    ? items.map((known) => (known[key] === item[key] ? item : known))
    : [...items, item];
}
