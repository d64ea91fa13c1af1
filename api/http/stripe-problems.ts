import Stripe from 'stripe';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { classify } from '../../stripe/errors.ts';

/** What an error of Stripe's is to the caller of a read; null: not Stripe's doing. */
export function problemOfStripe(error: unknown): Problem | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  const stripe = {
    ...(error.code === undefined ? {} : { stripeCode: error.code }),
    ...(error.requestId === undefined ? {} : { stripeRequestId: error.requestId }),
  };
  const { retryClass, problemCode, param } = classify(error);
  if (error.statusCode === 404 || problemCode === 'not_found') {
    return problem('not_found', 'This platform has no such object at Stripe.', stripe);
  }
  const refusal = { ...stripe, ...(param === null ? {} : { param }) };
  switch (retryClass) {
    case 'refused':
    case 'account_restricted':
    case 'unexpected_state':
      return problem(problemCode, error.message, refusal);
    case 'declined':
      return problem('card_declined', error.message, {
        ...refusal,
        ...(error.decline_code === undefined ? {} : { declineCode: error.decline_code }),
      });
    default:
      return problem('unavailable', 'Stripe is not answering. Try again.', stripe);
  }
}
