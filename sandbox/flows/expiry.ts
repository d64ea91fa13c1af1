import type { Context } from '../core/context.ts';
import { releaseRest } from './capture.ts';
import { emit } from './events.ts';
import { closeReviews } from './reviews.ts';

/** Nobody captured in the window: the card network lets the money go and Stripe cancels the payment. */
export function expireAuthorization(ctx: Context, chargeId: string): void {
  const charge = ctx.tx.must('charge', chargeId);
  if (charge.captured || charge.sandbox.released) return;
  releaseRest(ctx, charge, true);
  if (charge.payment_intent === null) return;
  if (charge.amount_captured > 0) {
    const done = ctx.tx.update('payment_intent', charge.payment_intent, {
      amount_capturable: 0,
      status: 'succeeded',
    });
    emit(ctx, 'payment_intent.succeeded', 'payment_intent', done, done.owner);
    return;
  }
  const intent = ctx.tx.update('payment_intent', charge.payment_intent, {
    amount_capturable: 0,
    canceled_at: ctx.now,
    cancellation_reason: 'expired',
    status: 'canceled',
  });
  closeReviews(ctx, chargeId, 'canceled');
  emit(ctx, 'payment_intent.canceled', 'payment_intent', intent, intent.owner);
}
