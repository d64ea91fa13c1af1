import Stripe from 'stripe';
import type { ObservationRequest } from '../domain/orders/observation.ts';
import type { Review } from '../domain/orders/review-state.ts';
import { nullIfRefused } from './errors.ts';
import { expanded, idOf } from './payment-facts.ts';

/**
 * The review of a payment; null: it has none, or is known to be closed, which it stays. A payment names its review and does not say whether that
 * is open, so that only one with a review costs a call.
 */
export async function readReview(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  known: ObservationRequest['review'],
): Promise<Review | null> {
  const named = idOf(intent.review) ?? idOf(expanded(intent.latest_charge)?.review);
  const id = named ?? known?.id;
  if (id === undefined || (id === known?.id && known.isOpen === false)) return null;
  const review = await nullIfRefused(() => stripe.reviews.retrieve(id)).catch(nullIfForbidden);
  return {
    id,
    paymentIntent: intent.id,
    isOpen: review?.open ?? null,
    openedReason: review?.opened_reason ?? null,
    ...(review?.closed_reason ? { closedReason: review.closed_reason } : {}),
  };
}

/** A key without this permission still reads the payment itself. */
function nullIfForbidden(error: unknown): null {
  if (error instanceof Stripe.errors.StripePermissionError) return null;
  throw error;
}
