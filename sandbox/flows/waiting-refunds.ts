import type { Context } from '../core/context.ts';
import { balanceOf, exchangeLines } from '../core/ledger.ts';
import type { Charge, Refund, RefundCost } from '../objects/payments.ts';
import { balanceTransaction, post } from './balance.ts';
import { settledOf } from './captured-parts.ts';
import { planOutcome, startsPending, tellRefund } from './refund-outcomes.ts';
import { spendable } from './reserves.ts';

/** Whether a balance, with what is on its way to it, stays above zero (support.stripe.com/questions/pending-refunds-due-to-insufficient-funds-or-stripe-balance). */
export function covers(ctx: Context, owner: string, { amount, currency, fee_details }: RefundCost): boolean {
  const fee = fee_details.reduce((sum, one) => sum + one.amount, 0);
  const held =
    spendable({ ...ctx, account: owner }, currency) + balanceOf(ctx.tx, `${owner}:pending`, currency);
  return held >= amount + fee;
}

/** Balance → card. */
export function payRefund(
  ctx: Context,
  { id, charge, amount }: { id: string; charge: Charge; amount: number },
  { amount: taken, ...cost }: RefundCost,
): string {
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.ofPayment('txn', charge.sandbox.base),
    owner: charge.owner,
    amount: -taken,
    available_on: Math.max(ctx.now, settledOf(ctx, charge).available_on),
    currency: cost.currency,
    description: charge.description ? `REFUND FOR CHARGE (${charge.description})` : 'REFUND FOR CHARGE',
    exchange_rate: cost.exchange_rate,
    fee_details: cost.fee_details,
    reporting_category: 'refund',
    source: id,
    type: 'refund',
  });
  post(ctx, 'refund', id, [
    line,
    { account: 'card_network', currency: charge.currency, amount },
    ...exchangeLines(-amount, charge.currency, -taken, cost.currency),
    { account: 'stripe:fees', currency: cost.currency, amount: row.fee },
  ]);
  return row.id;
}

/** Money has come to an account: what has waited longest goes out first, whole. */
export function fundRefunds(ctx: Context, owner: string): void {
  for (const { id, owner: _, ...cost } of [...ctx.tx.where('waiting_refund', 'owner', owner)].reverse()) {
    if (!covers(ctx, owner, cost)) return;
    ctx.tx.delete('waiting_refund', id);
    sendOut(ctx, ctx.tx.must('refund', id), cost);
  }
}

function sendOut(ctx: Context, { id, amount, charge: chargeId }: Refund, cost: RefundCost): void {
  const charge = ctx.tx.must('charge', chargeId);
  const sent = ctx.tx.update('refund', id, {
    balance_transaction: payRefund(ctx, { id, charge, amount }, cost),
    status: startsPending(charge) ? 'pending' : 'succeeded',
  });
  planOutcome(ctx, charge, sent);
  tellRefund(ctx, sent);
}
