import type { Context } from '../core/context.ts';
import { formatAmount, proportion } from '../core/money.ts';
import { invalid, StripeError } from '../http/errors.ts';
import type { Metadata } from '../objects/metadata.ts';
import type { Charge, Refund, RefundCost } from '../objects/payments.ts';
import { feesOf, isInParts, settledOf, transfersOf } from './captured-parts.ts';
import { chargedBack, closeInquiries } from './disputes.ts';
import { emit } from './events.ts';
import { planOutcome, startsPending } from './refund-outcomes.ts';
import { givenBack, refundable } from './refundable.ts';
import { returnedFee } from './returned-fees.ts';
import { refundFee, reverseTransfer, stepOf } from './reversals.ts';
import { checkReversible } from './reversibility.ts';
import { closeReviews } from './reviews.ts';
import { checkChargeStep } from './rules.ts';
import { settleCharge } from './settle.ts';
import { covers, payRefund } from './waiting-refunds.ts';

export interface RefundRequest {
  amount?: number | undefined;
  reason: string | null;
  metadata: Metadata;
  reverseTransfer: boolean;
  refundApplicationFee: boolean;
}

/** What a refund may take: never more than is left, and nothing of a disputed charge. */
export function checkedAmount(ctx: Context, charge: Charge, asked: number | undefined): number {
  const left = refundable(charge);
  if (left === 0) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded');
  }
  if (chargedBack(ctx, charge.id)) {
    throw invalid(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      undefined,
      'charge_disputed',
    );
  }
  const amount = asked ?? left;
  checkChargeStep(amount, charge.currency, 'amount');
  const text = (units: number): string => formatAmount(units, charge.currency);
  if (amount > charge.amount_captured) {
    throw invalid(
      `Refund amount (${text(amount)}) is greater than charge amount (${text(charge.amount_captured)})`,
      'amount',
    );
  }
  if (amount > left) {
    throw invalid(
      `Refund amount (${text(amount)}) is greater than unrefunded amount on charge (${text(left)})`,
      'amount',
    );
  }
  return amount;
}

/** Balance → card. By itself it touches neither the transfer nor the application fee. */
export function refundCharge(ctx: Context, target: Charge, request: RefundRequest): Refund {
  const amount = checkedAmount(ctx, target, request.amount);
  checkFlags(target, request);
  checkParts(ctx, target, request, amount);
  const charge = settleCharge(ctx, target.id);
  const earlier = [...ctx.tx.where('refund', 'charge', charge.id)].filter(
    (one) => one.sandbox.cardType === 'refund' && one.status !== 'failed',
  );
  const id = ctx.ids.ofPayment('re', charge.sandbox.base);
  const cost = costOf(ctx, charge, amount);
  const mayWait = ctx.settings.refunds_wait_for_funds;
  const paidAtOnce = mayWait ? null : payRefund(ctx, { id, charge, amount }, cost);
  const total = charge.amount_captured;
  const completesAfter = (own: (refund: Refund) => boolean): boolean =>
    refundable(charge) === amount && earlier.every(own);

  let reversal: string | null = null;
  for (const transfer of request.reverseTransfer ? transfersOf(ctx, charge) : []) {
    const left = transfer.amount - transfer.amount_reversed;
    // Only where every refund took its share does the last one take the rest; otherwise it takes just its own.
    const share = completesAfter((refund) => refund.sandbox.reversesTransfer)
      ? left
      : Math.min(left, proportion(transfer.amount, amount, total));
    if (share > 0) {
      checkReversible(ctx, transfer, share);
      reversal = reverseTransfer(ctx, transfer, share, { sourceRefund: id }).id;
    }
  }
  for (const fee of request.refundApplicationFee ? feesOf(ctx, charge) : []) {
    const left = fee.amount - fee.amount_refunded;
    const share = completesAfter((refund) => refund.sandbox.returnsFee)
      ? left
      : Math.min(left, proportion(fee.amount, amount, total));
    if (share > 0) refundFee(ctx, fee, share);
  }

  // What the transfer brings back counts.
  const waits = mayWait && !covers(ctx, charge.owner, cost);
  const refund = ctx.tx.put('refund', {
    id,
    owner: charge.owner,
    amount,
    balance_transaction: waits ? null : (paidAtOnce ?? payRefund(ctx, { id, charge, amount }, cost)),
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    metadata: request.metadata,
    payment_intent: charge.payment_intent,
    reason: request.reason,
    source_transfer_reversal: null,
    status: waits || startsPending(charge) ? 'pending' : 'succeeded',
    transfer_reversal: reversal,
    sandbox: {
      cardType: 'refund',
      reversesTransfer: request.reverseTransfer,
      returnsFee: request.refundApplicationFee,
    },
  });
  const changed = ctx.tx.update('charge', charge.id, {
    amount_refunded: charge.amount_refunded + amount,
    refunded: charge.captured && refundable(charge) === amount,
  });
  if (waits) ctx.tx.put('waiting_refund', { ...cost, id, owner: charge.owner });
  else planOutcome(ctx, charge, refund);
  emit(ctx, 'refund.created', 'refund', refund, charge.owner);
  emit(ctx, 'charge.refunded', 'charge', changed, charge.owner);
  if (changed.refunded) {
    closeInquiries(ctx, charge.id);
    closeReviews(ctx, charge.id, request.reason === 'fraudulent' ? 'refunded_as_fraud' : 'refunded');
  }
  return refund;
}

function checkFlags(charge: Charge, request: RefundRequest): void {
  const destination = charge.transfer_data !== null;
  if (request.reverseTransfer && !destination) {
    throw invalid(
      `Cannot reverse transfer on charge ${charge.id} because it does not have an associated transfer.`,
      'reverse_transfer',
    );
  }
  if (
    request.refundApplicationFee &&
    destination &&
    charge.application_fee_amount !== null &&
    !request.reverseTransfer
  ) {
    throw new StripeError(400, {
      message:
        'You must also set `reverse_transfer` to true when you set `refund_application_fee` to true for a charge that was created with a destination.',
      param: 'refund_application_fee',
      type: 'invalid_request_error',
    });
  }
}

/**
 * Stripe takes a share of each capture's transfer and fee back only with all that is left, and only as long as nobody has taken a
 * part of them back automatically.
 */
function checkParts(ctx: Context, charge: Charge, request: RefundRequest, amount: number): void {
  const { reverseTransfer: reverses, refundApplicationFee: returnsFee } = request;
  if ((!reverses && !returnsFee) || !isInParts(ctx, charge)) return;
  const param = reverses ? 'reverse_transfer' : 'refund_application_fee';
  if (amount < refundable(charge)) {
    throw invalid(
      `Partial refunds with \`${param}\` are not supported on payments that were captured multiple times. Refund the remaining amount, or create transfer reversals and application fee refunds instead.`,
      param,
    );
  }
  const touched =
    (reverses && transfersOf(ctx, charge).some(({ amount_reversed: taken }) => taken > 0)) ||
    (returnsFee && feesOf(ctx, charge).some(({ amount_refunded: taken }) => taken > 0));
  if (touched) {
    throw invalid(
      `You cannot use \`${param}\` on this payment: its transfers or application fees have been reversed or refunded separately.`,
      param,
    );
  }
}

/** Mostly Stripe keeps its fee: the whole amount leaves the balance it had come to. */
function costOf(ctx: Context, charge: Charge, amount: number): RefundCost {
  const { amount: settled, currency, exchange_rate } = settledOf(ctx, charge);
  const before = givenBack(charge);
  const taken = stepOf(settled, before, before + amount, charge.amount_captured);
  return { amount: taken, currency, exchange_rate, fee_details: returnedFee(ctx, charge, amount) };
}
