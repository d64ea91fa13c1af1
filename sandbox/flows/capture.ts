import { type Context, versionBefore } from '../core/context.ts';
import { invalid } from '../http/errors.ts';
import type { Charge, Refund } from '../objects/payments.ts';
import { RELEASES_SINCE } from '../views/payments.ts';
import { emit } from './events.ts';
import { refundable } from './refundable.ts';
import { settleCapture } from './settle.ts';

/**
 * Until then Stripe showed what never moved as a refund of its own; of several captures it never did
 * (docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow).
 */
function showsAsRefund({ version }: Context, { sandbox }: Charge): boolean {
  return versionBefore(version, RELEASES_SINCE) && !sandbox.features.multicapture;
}

/**
 * Takes `amount` more of an authorization, and lets what is left over go back to the card without having moved. Of several
 * captures the last may be of nothing.
 */
export function captureCharge(ctx: Context, charge: Charge, amount: number, change: Partial<Charge>): Charge {
  const taken = charge.amount_captured + amount;
  const released = showsAsRefund(ctx, charge) ? charge.amount - taken : 0;
  if (released > 0) recordRelease(ctx, charge, released, null);
  ctx.tx.delete('job', `expire ${charge.id}`);
  const ended = ctx.tx.update('charge', charge.id, {
    ...change,
    amount_captured: taken,
    amount_refunded: charge.amount_refunded + released,
    captured: true,
    sandbox: { ...charge.sandbox, releasedAsRefund: released },
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
  if (charge.amount_captured > 0) return captureCharge(ctx, charge, 0, {});
  const shown = showsAsRefund(ctx, charge);
  if (shown) recordRelease(ctx, charge, charge.amount, expired ? 'expired_uncaptured_charge' : null);
  const released = letGo(ctx, charge, shown);
  if (expired) emit(ctx, 'charge.expired', 'charge', released, released.owner);
  else if (shown) emit(ctx, 'charge.refunded', 'charge', released, released.owner);
  return released;
}

/** Lets a whole authorization go. */
function letGo(ctx: Context, charge: Charge, asRefund: boolean): Charge {
  ctx.tx.delete('job', `expire ${charge.id}`);
  return ctx.tx.update('charge', charge.id, {
    ...(asRefund ? { amount_refunded: charge.amount, refunded: true } : {}),
    sandbox: { ...charge.sandbox, released: true, releasedAsRefund: asRefund ? charge.amount : 0 },
  });
}

/** A refund lets an authorization go, unless it is a PaymentIntent's, which is to be canceled. */
export function refundAuthorization(ctx: Context, charge: Charge, asked: number | undefined): Refund {
  if (charge.payment_intent !== null) {
    throw invalid(
      `This uncaptured Charge was created by a PaymentIntent (${charge.payment_intent}). You must cancel the PaymentIntent to reverse the authorization instead of refunding the Charge directly. For more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method`,
    );
  }
  if (asked !== undefined && asked < charge.amount) {
    throw invalid(
      'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount',
      'amount',
    );
  }
  const refund = recordRelease(ctx, charge, charge.amount, null);
  const released = letGo(ctx, charge, true);
  emit(ctx, 'charge.refunded', 'charge', released, released.owner);
  return refund;
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
