import type { Context } from '../core/context.ts';
import { invalid } from '../http/errors.ts';
import type { Charge, Refund } from '../objects/payments.ts';
import { emit } from './events.ts';
import { refundable } from './refundable.ts';
import { settleCapture } from './settle.ts';

/**
 * Takes `amount` more of an authorization, and lets what is left over go back to the card without having moved. Of several
 * captures the last may be of nothing.
 */
export function captureCharge(ctx: Context, charge: Charge, amount: number, change: Partial<Charge>): Charge {
  const taken = charge.amount_captured + amount;
  // Where several captures are possible Stripe counts only what went back to the customer as refunded.
  const released = charge.sandbox.features.multicapture ? 0 : charge.amount - taken;
  if (released > 0) recordRelease(ctx, charge, released, null);
  ctx.tx.delete('job', `expire ${charge.id}`);
  const ended = ctx.tx.update('charge', charge.id, {
    ...change,
    amount_captured: taken,
    amount_refunded: charge.amount_refunded + released,
    captured: true,
  });
  if (amount > 0) settleCapture(ctx, ended, amount);
  const captured = ctx.tx.update('charge', charge.id, { refunded: refundable(ended) === 0 });
  if (charge.sandbox.features.multicapture && amount > 0) {
    emit(ctx, 'charge.updated', 'charge', captured, captured.owner);
  }
  emit(ctx, 'charge.captured', 'charge', captured, captured.owner);
  return captured;
}

/** Takes a part, which becomes money at once, and goes on holding the rest. */
export function capturePart(ctx: Context, charge: Charge, amount: number): Charge {
  const taken = ctx.tx.update('charge', charge.id, { amount_captured: charge.amount_captured + amount });
  const changed = settleCapture(ctx, taken, amount);
  emit(ctx, 'charge.updated', 'charge', changed, changed.owner);
  return changed;
}

/** Ends an authorization with what was captured of it so far, be it nothing. */
export function releaseRest(ctx: Context, charge: Charge, expired: boolean): Charge {
  if (charge.amount_captured === 0) return releaseAuthorization(ctx, charge, expired);
  return captureCharge(ctx, charge, 0, {});
}

/** Lets a whole authorization go: canceled, or not captured in time. */
function releaseAuthorization(ctx: Context, charge: Charge, expired: boolean): Charge {
  ctx.tx.delete('job', `expire ${charge.id}`);
  recordRelease(ctx, charge, charge.amount, expired ? 'expired_uncaptured_charge' : null);
  const released = ctx.tx.update('charge', charge.id, {
    amount_refunded: charge.amount,
    refunded: true,
  });
  emit(ctx, expired ? 'charge.expired' : 'charge.refunded', 'charge', released, released.owner);
  return released;
}

/** A refund of a charge that was never captured lets its authorization go; its PaymentIntent is canceled with it. */
export function refundAuthorization(ctx: Context, charge: Charge, asked: number | undefined): Refund {
  if (asked !== undefined && asked < charge.amount) {
    throw invalid(
      'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount',
      'amount',
    );
  }
  releaseAuthorization(ctx, charge, false);
  if (charge.payment_intent !== null) {
    const intent = ctx.tx.update('payment_intent', charge.payment_intent, {
      amount_capturable: 0,
      canceled_at: ctx.now,
      status: 'canceled',
    });
    emit(ctx, 'payment_intent.canceled', 'payment_intent', intent, intent.owner);
  }
  const [released] = ctx.tx.where('refund', 'charge', charge.id);
  return released ?? recordRelease(ctx, charge, charge.amount, null);
}

/** Stripe shows released money as a refund of its own, of the kind `reversal`, without a balance transaction. */
function recordRelease(ctx: Context, charge: Charge, amount: number, reason: string | null): Refund {
  return ctx.tx.put('refund', {
    id: ctx.ids.ofPayment('re', charge.sandbox.base),
    owner: charge.owner,
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
    sandbox: { cardType: 'reversal', reversesTransfer: false, returnsFee: false },
  });
}
