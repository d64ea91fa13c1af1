import type { OperationOutcome } from '../../contract/operations.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';

/** What the timeline says of a call to Stripe. */
export function summaryOf(outcome: OperationOutcome) {
  const { stripeRequestId } = outcome;
  switch (outcome.type) {
    case 'payment':
      return {
        detail: statusIn(outcome.payment),
        stripeId: outcome.payment.paymentIntent,
        stripeRequestId,
      };
    case 'declined': {
      const { declineCode, code } = outcome.decline;
      return {
        detail: declineCode ?? code,
        stripeId: outcome.payment?.paymentIntent ?? null,
        stripeRequestId,
      };
    }
    case 'refund':
      return { detail: outcome.refund.status, stripeId: outcome.refund.id, stripeRequestId };
    case 'transfer':
      return { stripeId: outcome.transfer.id, stripeRequestId };
    case 'adjustment':
      return { stripeId: outcome.adjustment.id, stripeRequestId };
    case 'adopted': {
      const { status, paymentIntent } = outcome.adopted.payment;
      return { detail: status, stripeId: paymentIntent, stripeRequestId };
    }
    case 'reversal':
      return { stripeId: outcome.reversal.id, stripeRequestId };
    case 'dispute':
      return { detail: outcome.dispute.status, stripeId: outcome.dispute.id, stripeRequestId };
    case 'account':
      return { stripeId: outcome.account.id, stripeRequestId };
    case 'payout':
      return { stripeId: outcome.payout.id, stripeRequestId };
    case 'funds_missing':
    case 'refused':
      return { detail: outcome.problem.detail, stripeRequestId };
    default:
      return { stripeRequestId };
  }
}

/** Stripe cancels an authorization as readily as what nobody has paid: whoever meant the one learns that it was the other. */
function statusIn({ status, authorizedAt, chargeFailure, amountReceived }: PaymentFacts): string {
  const wasAuthorized = authorizedAt !== null && chargeFailure === null && amountReceived === 0;
  return status === 'canceled' && wasAuthorized
    ? 'canceled: what the customer had authorized is released'
    : status;
}
