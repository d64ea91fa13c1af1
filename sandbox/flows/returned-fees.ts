import type { Context } from '../core/context.ts';
import { fixedPart } from '../core/fees.ts';
import type { FeeDetail } from '../objects/connect.ts';
import type { Charge } from '../objects/payments.ts';
import { capturesOf } from './captured-parts.ts';
import { givenBack, refundable } from './refundable.ts';
import { stepOf } from './reversals.ts';

/**
 * What Stripe gives back of its own fee with a refund of so much, where it does that at all. As recorded: a share of the percentage,
 * and with the refund that completes the charge all that is left.
 */
export function returnedFee(ctx: Context, charge: Charge, amount: number): FeeDetail[] {
  if (!ctx.settings.refunds_return_fee) return [];
  const captures = capturesOf(ctx, charge);
  const currency = captures[0]?.currency ?? charge.currency;
  const own = captures.flatMap(({ fee_details }) => fee_details).filter(({ type }) => type === 'stripe_fee');
  const total = own.reduce((sum, fee) => sum + fee.amount, 0);
  const before = givenBack(charge);
  const share = stepOf(
    total - captures.length * fixedPart(currency),
    before,
    before + amount,
    charge.amount_captured,
  );
  const returned = refundable(charge) === amount ? total - returnedBefore(ctx, charge) : share;
  if (returned === 0) return [];
  const description = 'Stripe processing fee refund';
  return [{ amount: -returned, application: null, currency, description, type: 'stripe_fee' }];
}

function returnedBefore(ctx: Context, charge: Charge): number {
  let returned = 0;
  for (const { balance_transaction: id, status } of ctx.tx.where('refund', 'charge', charge.id)) {
    if (id !== null && status !== 'failed') returned -= ctx.tx.must('balance_transaction', id).fee;
  }
  return returned;
}
