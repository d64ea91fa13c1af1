import type { Order } from './order.ts';
import { paymentIntentOf } from './order.ts';
import type { Review } from './review-state.ts';

/** What is known of the review of the order's payment; null: it has none. */
export function reviewOf(order: Order): Review | null {
  const { review } = order;
  return review !== undefined && review.paymentIntent === paymentIntentOf(order) ? review : null;
}
