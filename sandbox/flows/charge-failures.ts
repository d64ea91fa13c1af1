import type { Context } from '../core/context.ts';
import { exchangeLines } from '../core/ledger.ts';
import type { Charge } from '../objects/payments.ts';
import { balanceTransaction, post } from './balance.ts';
import { DEBIT_FAILURES, debitFailure } from './bank-debits.ts';
import { reportFailure } from './debits.ts';
import { refundAvailableOn } from './reversals.ts';

export const CHARGE_FAILURES = Object.keys(DEBIT_FAILURES);

/** Whether its bank can still send it back: all of it, as long as nobody else took a part. */
export function canFailLate({ status, amount_refunded, disputed, sandbox }: Charge): boolean {
  return sandbox.bank !== null && status === 'succeeded' && amount_refunded === 0 && !disputed;
}

/**
 * The customer's bank takes a debit back that had succeeded: the money leaves the balance of the account that charged, Stripe keeps
 * its fee, and what was transferred stays with the connected account.
 */
export function failCharge(ctx: Context, id: string, code: string): Charge {
  const charge = ctx.tx.must('charge', id);
  const intent = ctx.tx.must('payment_intent', charge.payment_intent ?? '');
  const method = ctx.tx.must('payment_method', charge.payment_method ?? '');
  const failure = debitFailure(code);
  if (!failure) throw new Error(`no failure ${code}`);
  const taken = { failure_balance_transaction: takeBack(ctx, charge), paid: false };
  reportFailure(ctx, ctx.tx.update('charge', id, taken), intent, method, failure);
  return ctx.tx.must('charge', id);
}

function takeBack(ctx: Context, charge: Charge): string {
  const received = ctx.tx.must('balance_transaction', charge.balance_transaction ?? '');
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.ofPayment('txn', charge.sandbox.base),
    owner: charge.owner,
    amount: -received.amount,
    available_on: refundAvailableOn(ctx, received.id),
    currency: received.currency,
    description: 'PAYMENT FAILURE',
    exchange_rate: received.exchange_rate,
    reporting_category: 'charge_failure',
    source: charge.id,
    type: 'payment_failure_refund',
  });
  post(ctx, 'charge failure', charge.id, [
    line,
    { account: 'card_network', currency: charge.currency, amount: charge.amount_captured },
    ...exchangeLines(-charge.amount_captured, charge.currency, -received.amount, received.currency),
  ]);
  return row.id;
}
