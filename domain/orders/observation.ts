import type { Adjustment } from './adjustment.ts';
import type { Dispute } from './dispute.ts';
import type { Decline, Order, OrderTerms, Refund, SpecialCaseTransfer } from './order.ts';
import { applicationFeeRefunded } from './order.ts';
import type { FailedCharge, PaymentFacts } from './payment.ts';
import { digestOf, isReferenceNews } from './refund-reference.ts';
import { reviewOf } from './review.ts';
import type { Review } from './review-state.ts';

/** An order's payment as Stripe shows it now, whoever moved it. */
export interface Observation {
  readonly payment: PaymentFacts;
  /** The caller's part of it. */
  readonly metadata: OrderTerms['metadata'];
  /** Why it waits for another payment method. */
  readonly decline: Decline | null;
  /** Refunds of its charge that were not known, or not like this. */
  readonly refunds: readonly Refund[];
  /** The same for what moved with no refund. */
  readonly adjustments: readonly Adjustment[];
  readonly disputes: readonly Dispute[];
  /** Charges that failed after money had moved, before the latest one; absent in an older worker's answer. */
  readonly failedCharges?: readonly FailedCharge[];
  /** Absent: the payment has none, or it is known to be closed. */
  readonly review?: Review;
}

/** A payment that is read for the first time: all that happened to it so far. */
export interface Adopted extends Observation {
  readonly transfers: readonly SpecialCaseTransfer[];
  /** When the PaymentIntent was created; milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What an observation has to be compared with: enough to tell what is new. */
export interface KnownRefund
  extends Pick<
    Refund,
    'id' | 'status' | 'waitsForFunds' | 'nextAction' | 'applicationFeeRefunded' | 'feeRefunds'
  > {
  readonly settled: boolean;
  /** Of its reference: the value, or the status while there is none. */
  readonly reference?: string;
}

/** What moved after the capture, as far as it is known. */
export interface KnownMovements {
  readonly refunds: readonly KnownRefund[];
  /** Ids. */
  readonly adjustments: readonly string[];
  /** How much of the application fee both of them gave back; minor units of the fee's currency. */
  readonly applicationFeeRefunded: number;
  /** Special-case transfers. */
  readonly transfers: readonly KnownTransfer[];
}

export interface KnownTransfer {
  readonly id: string;
  /** Not to the order's own account: what of it is reversed is not taken from that one. */
  readonly isOtherAccount: boolean;
}

/** Whose payment to look at, and what is known of it. */
export interface ObservationRequest extends KnownMovements {
  readonly paymentIntent: string;
  /** The charge whose money the order has. With another, or none, an earlier one may have failed; absent from an older workflow. */
  readonly charge?: string | null;
  /** Absent: no review of it is known. */
  readonly review?: Pick<Review, 'id' | 'isOpen'>;
}

export function knownMovements(order: Order): KnownMovements {
  const { refunds } = order;
  const adjustments = order.adjustments.filter(({ platform }) => platform !== null);
  return {
    refunds: refunds.map(knownRefund),
    adjustments: adjustments.map(({ id }) => id),
    applicationFeeRefunded: applicationFeeRefunded({ refunds, adjustments }),
    transfers: [...knownTransfers(order.transfers, order.terms), ...transfersOfFailed(order)],
  };
}

export function knownReview(order: Order): Pick<ObservationRequest, 'review'> {
  const review = reviewOf(order);
  return review === null ? {} : { review: { id: review.id, isOpen: review.isOpen } };
}

export function heldCharge({ payment }: Order): string | null {
  return payment.status === 'authorized' || payment.status === 'captured' ? payment.latestCharge : null;
}

/** The connected account still has its share of a charge that failed, until somebody reverses that. */
function transfersOfFailed({ failedCharges }: Order): readonly KnownTransfer[] {
  return failedCharges.flatMap(({ transfer }) =>
    transfer === null ? [] : [{ id: transfer, isOtherAccount: false }],
  );
}

export function knownTransfers(
  transfers: readonly SpecialCaseTransfer[],
  { connectedAccount }: Pick<OrderTerms, 'connectedAccount'>,
): readonly KnownTransfer[] {
  return transfers.map(({ id, destination }) => ({ id, isOtherAccount: destination !== connectedAccount }));
}

function knownRefund(refund: Refund): KnownRefund {
  const { id, status, waitsForFunds, nextAction, applicationFeeRefunded, feeRefunds, platform, reference } =
    refund;
  return {
    id,
    status,
    ...(waitsForFunds ? { waitsForFunds } : {}),
    ...(nextAction ? { nextAction } : {}),
    applicationFeeRefunded,
    feeRefunds,
    settled: platform !== null,
    ...(reference ? { reference: digestOf(reference) } : {}),
  };
}

/** Whether a refund is not known yet, or known otherwise. */
export function isNewRefund(refund: Refund, known: readonly KnownRefund[]): boolean {
  const before = known.find(({ id }) => id === refund.id);
  if (before?.status !== refund.status || before.waitsForFunds !== refund.waitsForFunds) return true;
  if (isAskedAnew(before, refund)) return true;
  return before.settled !== (refund.platform !== null) || isReferenceNews(before.reference, refund.reference);
}

/** Stripe wrote to the customer again, or gives them another time. What an older worker reads says nothing of it. */
function isAskedAnew({ nextAction: before }: KnownRefund, { nextAction: now }: Refund): boolean {
  return now !== undefined && (before?.emailSentAt !== now.emailSentAt || before.expiresAt !== now.expiresAt);
}
