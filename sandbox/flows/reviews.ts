import type { Context } from '../core/context.ts';
import type { ClosedReason, Review } from '../objects/disputes.ts';
import type { Charge } from '../objects/payments.ts';
import { emit } from './events.ts';

export function openReview(
  ctx: Context,
  { id, owner, payment_intent }: Charge,
  reason: Review['opened_reason'],
): Review {
  const review = ctx.tx.put('review', {
    id: ctx.ids.owned('prv', owner),
    owner,
    charge: id,
    closed_reason: null,
    created: ctx.now,
    opened_reason: reason,
    payment_intent,
  });
  emit(ctx, 'review.opened', 'review', review, owner);
  return review;
}

export function isInReview(ctx: Context, charge: string): boolean {
  return [...ctx.tx.where('review', 'charge', charge)].some(isOpen);
}

export function isOpen({ closed_reason: reason }: Review): boolean {
  return reason === null;
}

export function closeReview(ctx: Context, { id, owner }: Review, reason: ClosedReason): Review {
  const closed = ctx.tx.update('review', id, { closed_reason: reason });
  emit(ctx, 'review.closed', 'review', closed, owner);
  return closed;
}

/** What becomes of the payment decides it. */
export function closeReviews(ctx: Context, charge: string, reason: ClosedReason): void {
  for (const review of [...ctx.tx.where('review', 'charge', charge)]) {
    if (isOpen(review)) closeReview(ctx, review, reason);
  }
}
