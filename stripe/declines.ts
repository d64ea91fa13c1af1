import Stripe from 'stripe';
import type { OperationOutcome } from '../contract/operations.ts';
import type { Decline } from '../domain/orders/order.ts';
import type { ClassifiedError } from './errors.ts';
import { paymentFactsOf } from './payment-facts.ts';

/** A decline as an outcome: Stripe's error carries the PaymentIntent that it left behind, unless another is what counts. */
export function declinedOutcome(
  error: unknown,
  { failure, param }: ClassifiedError,
  at: number,
  payment?: null,
): OperationOutcome {
  const details = error instanceof Stripe.errors.StripeError ? error : undefined;
  const intent = payment === null ? null : details?.payment_intent;
  return {
    type: 'declined',
    stripeRequestId: failure.stripeRequestId,
    decline: {
      code: failure.code,
      declineCode: details?.decline_code ?? null,
      message: failure.message,
      param,
      at,
    },
    payment: intent ? paymentFactsOf(intent, null) : null,
  };
}

/** The decline that a PaymentIntent remembers, where its answer was lost; null if it is not waiting for another method. */
export function lastDeclineOf(
  { status, last_payment_error: last }: Stripe.PaymentIntent,
  at: number,
): Decline | null {
  if (status !== 'requires_payment_method' || !last) return null;
  return {
    code: last.code ?? last.type,
    declineCode: last.decline_code ?? null,
    message: last.message ?? 'The payment method was declined.',
    param: last.param ?? null,
    at,
  };
}
