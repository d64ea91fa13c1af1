import type { Problem } from '../domain/errors.ts';
import { problem } from '../domain/errors.ts';
import type { OperationOutcome } from '../domain/operations.ts';
import type { Order } from '../domain/order.ts';
import { IllegalTransition } from '../domain/payment.ts';
import type { OrderEvent } from '../domain/transition.ts';

/** What an outcome tells the order; null: nothing. */
export function eventOf(outcome: OperationOutcome): OrderEvent | null {
  switch (outcome.type) {
    case 'payment':
      return { type: 'payment_observed', payment: outcome.payment };
    case 'declined':
      return { type: 'payment_declined', decline: outcome.decline, payment: outcome.payment };
    case 'refund':
      return { type: 'refund_recorded', refund: outcome.refund };
    case 'transfer':
      return { type: 'transfer_recorded', transfer: outcome.transfer };
    case 'adopted':
      return { type: 'adopted', adopted: outcome.adopted };
    case 'refused':
      return outcome.payment ? { type: 'payment_observed', payment: outcome.payment } : null;
    default:
      throw new IllegalTransition(`an order's operation cannot end as ${outcome.type}`);
  }
}

/** What the timeline says of a call to Stripe. */
export function summaryOf(outcome: OperationOutcome) {
  const { stripeRequestId } = outcome;
  switch (outcome.type) {
    case 'payment':
      return { detail: outcome.payment.status, stripeId: outcome.payment.paymentIntent, stripeRequestId };
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
    case 'adopted': {
      const { status, paymentIntent } = outcome.adopted.payment;
      return { detail: status, stripeId: paymentIntent, stripeRequestId };
    }
    case 'refused':
      return { detail: outcome.problem.detail, stripeRequestId };
    default:
      return { stripeRequestId };
  }
}

export function problemOfDecline({
  code,
  declineCode,
  message,
  param,
}: NonNullable<Order['lastDecline']>): Problem {
  return problem('card_declined', message, {
    stripeCode: code,
    ...(declineCode ? { declineCode } : {}),
    ...(param ? { param } : {}),
  });
}
