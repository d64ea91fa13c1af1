import { isSameMetadata } from './metadata.ts';
import type { Observation } from './observation.ts';
import type { Decline, Order } from './order.ts';
import type { FailedCharge } from './payment.ts';
import type { OrderEvent } from './transition.ts';

/** What an observation means for an order. A decline that it knows is no news. */
export function eventsOf(order: Order, observation: Observation): readonly OrderEvent[] {
  const { payment, metadata, decline, refunds, adjustments, disputes, review } = observation;
  const isNews = decline !== null && (hasPayment(order) || !isSame(decline, order.lastDecline));
  return [
    ...newFailures(order, observation).map((failed) => ({ type: 'earlier_charge_failed', failed }) as const),
    isNews ? { type: 'payment_declined', decline, payment } : { type: 'payment_observed', payment },
    ...(isSameMetadata(metadata, order.terms.metadata)
      ? []
      : [{ type: 'metadata_observed', metadata } as const]),
    ...refunds.map((refund) => ({ type: 'refund_recorded', refund }) as const),
    ...adjustments.map((adjustment) => ({ type: 'adjustment_recorded', adjustment }) as const),
    ...disputes.map((dispute) => ({ type: 'dispute_observed', dispute }) as const),
    ...(review ? [{ type: 'review_observed', review } as const] : []),
  ];
}

function newFailures(order: Order, { failedCharges = [] }: Observation): readonly FailedCharge[] {
  return failedCharges.filter(
    ({ charge }) =>
      !order.failedCharges.some((known) => known.charge === charge && known.settlement !== null),
  );
}

function hasPayment({ payment }: Order): boolean {
  return payment.status !== 'requires_payment_method';
}

/** Except for the time, which Stripe does not report. */
function isSame(one: Decline, other: Decline | null): boolean {
  return (
    other !== null &&
    one.code === other.code &&
    one.declineCode === other.declineCode &&
    one.message === other.message
  );
}
