import type { Context } from '../core/context.ts';
import type { Charge } from '../objects/payments.ts';
import { emit } from './events.ts';
import { settleCharge } from './settle.ts';

/** Takes `amount` of an authorization; what is left over goes back to the card without having moved. */
export function captureCharge(ctx: Context, charge: Charge, amount: number, change: Partial<Charge>): Charge {
  const remainder = charge.amount - amount;
  if (remainder > 0) recordRelease(ctx, charge, remainder, null);
  ctx.tx.delete('job', `expire ${charge.id}`);
  ctx.tx.update('charge', charge.id, {
    ...change,
    amount_captured: amount,
    amount_refunded: remainder,
    captured: true,
  });
  const captured = settleCharge(ctx, charge.id);
  emit(ctx, 'charge.captured', 'charge', captured, captured.owner);
  return captured;
}

/**
 * Takes a part and goes on holding the rest. What was captured so becomes money with the last capture, in one step:
 * Stripe settles each capture by itself.
 */
export function capturePart(ctx: Context, charge: Charge, amount: number): Charge {
  const changed = ctx.tx.update('charge', charge.id, { amount_captured: charge.amount_captured + amount });
  emit(ctx, 'charge.updated', 'charge', changed, changed.owner);
  return changed;
}

/** Ends an authorization with what was captured of it so far, be it nothing. */
export function releaseRest(ctx: Context, charge: Charge, expired: boolean): Charge {
  if (charge.amount_captured === 0) return releaseAuthorization(ctx, charge, expired);
  return captureCharge(ctx, charge, charge.amount_captured, {});
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

/** Stripe shows released money as a refund of its own, of the kind `reversal`, without a balance transaction. */
function recordRelease(ctx: Context, charge: Charge, amount: number, reason: string | null): void {
  ctx.tx.put('refund', {
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
