import type { Context } from '../core/context.ts';
import { digitsOf } from '../core/ids.ts';
import { exchangeLines } from '../core/ledger.ts';
import type { Charge, Refund } from '../objects/payments.ts';
import { balanceTransaction, post } from './balance.ts';
import { emit } from './events.ts';
import { refundAvailableOn } from './reversals.ts';

/** Cards whose bank answers a refund later: with a no, or with a yes that was long in coming. */
export function startsPending(charge: Charge): boolean {
  return charge.sandbox.card?.behaviour === 'refund_pending';
}

export function planOutcome(ctx: Context, charge: Charge, refund: Refund): void {
  planReference(ctx, charge, refund);
  const fails = charge.sandbox.card?.behaviour === 'refund_fail';
  if (!fails && refund.status !== 'pending') return;
  ctx.tx.put('job', {
    id: `refund ${refund.id}`,
    dueMs: ctx.nowMs + ctx.settings.async_refund_seconds * 1000,
    kind: fails ? 'fail_refund' : 'complete_refund',
    subject: refund.id,
  });
}

function planReference(ctx: Context, charge: Charge, { id, status, sandbox }: Refund): void {
  if (status !== 'succeeded' || sandbox.cardType !== 'refund' || charge.sandbox.bank) return;
  const dueMs = ctx.nowMs + ctx.settings.refund_reference_seconds * 1000;
  ctx.tx.put('job', { id: `refund reference ${id}`, dueMs, kind: 'refer_refund', subject: id });
}

/** The card's bank has a number for the refund; one that failed before gets none. */
export function referRefund(ctx: Context, id: string): void {
  const refund = ctx.tx.get('refund', id);
  if (refund?.status !== 'succeeded') return;
  const { sandbox } = refund;
  const reference = `${digitsOf(id, 8)}${digitsOf(`${id} 2`, 8)}`;
  tellRefund(ctx, ctx.tx.update('refund', id, { sandbox: { ...sandbox, reference } }));
}

export function completeRefund(ctx: Context, id: string): void {
  if (ctx.tx.must('refund', id).status !== 'pending') return;
  const completed = ctx.tx.update('refund', id, { status: 'succeeded' });
  tellRefund(ctx, completed);
  planReference(ctx, ctx.tx.must('charge', completed.charge), completed);
}

export function canFail({ status, sandbox }: Refund): boolean {
  return sandbox.cardType === 'refund' && status !== 'failed' && status !== 'canceled';
}

/** The bank sent the money back: it returns to the balance. What was reversed for the refund stays reversed. */
export function failRefund(ctx: Context, id: string, reason = 'expired_or_canceled_card'): Refund {
  return endRefund(ctx, id, 'failed', reason);
}

export function endRefund(ctx: Context, id: string, status: 'failed' | 'canceled', reason: string): Refund {
  const before = ctx.tx.must('refund', id);
  if (!canFail(before)) return before;
  const charge = ctx.tx.must('charge', before.charge);
  ctx.tx.delete('waiting_refund', id);
  const returnsAfterMs = ctx.settings.failed_refund_returns_seconds * 1000;
  // What still waited for funds has not left.
  const hasLeft = before.balance_transaction !== null;
  if (hasLeft && returnsAfterMs > 0) {
    const dueMs = ctx.nowMs + returnsAfterMs;
    ctx.tx.put('job', { id: `refund returns ${id}`, dueMs, kind: 'return_refund', subject: id });
  }
  const ended = ctx.tx.update('refund', id, {
    ...(!hasLeft || returnsAfterMs > 0 ? {} : { failure_balance_transaction: takeBack(ctx, charge, before) }),
    failure_reason: reason,
    status,
  });
  ctx.tx.update('charge', charge.id, {
    amount_refunded: charge.amount_refunded - before.amount,
    refunded: false,
  });
  if (status === 'failed') emit(ctx, 'refund.failed', 'refund', ended, ended.owner);
  tellRefund(ctx, ended);
  return ended;
}

/** The money of a refund that failed is back. */
export function returnRefund(ctx: Context, id: string): void {
  const failed = ctx.tx.must('refund', id);
  const charge = ctx.tx.must('charge', failed.charge);
  const failure_balance_transaction = takeBack(ctx, charge, failed);
  tellRefund(ctx, ctx.tx.update('refund', id, { failure_balance_transaction }));
}

export function tellRefund(ctx: Context, refund: Refund): void {
  emit(ctx, 'refund.updated', 'refund', refund, refund.owner);
  emit(ctx, 'charge.refund.updated', 'refund', refund, refund.owner);
}

function takeBack(ctx: Context, charge: Charge, refund: Refund): string {
  const paid = ctx.tx.must('balance_transaction', refund.balance_transaction ?? '');
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.ofPayment('txn', charge.sandbox.base),
    owner: refund.owner,
    amount: -paid.amount,
    available_on: refundAvailableOn(ctx, paid.id),
    currency: paid.currency,
    description: 'REFUND FAILURE',
    exchange_rate: paid.exchange_rate,
    fee_details: paid.fee_details.map((fee) => ({ ...fee, amount: -fee.amount })),
    reporting_category: 'refund_failure',
    source: refund.id,
    type: 'refund_failure',
  });
  post(ctx, 'refund failure', refund.id, [
    line,
    { account: 'card_network', currency: refund.currency, amount: -refund.amount },
    ...exchangeLines(refund.amount, refund.currency, -paid.amount, paid.currency),
    { account: 'stripe:fees', currency: paid.currency, amount: row.fee },
  ]);
  return row.id;
}
