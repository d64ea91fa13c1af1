import type { Context } from '../core/context.ts';
import { exchangeLines } from '../core/ledger.ts';
import { proportion } from '../core/money.ts';
import type { ApplicationFee, FeeRefund, Transfer, TransferReversal } from '../objects/connect.ts';
import type { Metadata } from '../objects/metadata.ts';
import { balanceTransaction, post } from './balance.ts';
import { emit } from './events.ts';

/** Money that is still pending comes back out of pending; what was available leaves at once. */
export function refundAvailableOn(ctx: Context, originalTransaction: string): number {
  return Math.max(ctx.now, ctx.tx.must('balance_transaction', originalTransaction).available_on);
}

/** The part of `total` that belongs to the step from `before` to `after` out of `whole`; steps add up exactly. */
export function stepOf(total: number, before: number, after: number, whole: number): number {
  return proportion(total, after, whole) - proportion(total, before, whole);
}

/** Connected balance → platform balance, in the transfer's currency. */
export function reverseTransfer(
  ctx: Context,
  original: Transfer,
  amount: number,
  extra: { sourceRefund?: string; metadata?: Metadata } = {},
): TransferReversal {
  const { tx, ids } = ctx;
  const acting: Context = { ...ctx, account: original.owner };
  const reversedAfter = original.amount_reversed + amount;
  const payment = tx.must('charge', original.destination_payment);
  const received = tx.must('balance_transaction', payment.balance_transaction ?? '');
  const returned = stepOf(received.amount, original.amount_reversed, reversedAfter, original.amount);
  const reversalId = ids.owned('trr', original.owner);
  const refundId = ids.owned('pyr', original.destination);
  const out = balanceTransaction(acting, {
    id: ids.owned('txn', original.destination),
    owner: original.destination,
    amount: -returned,
    available_on: refundAvailableOn(ctx, received.id),
    currency: received.currency,
    description: 'REFUND FOR PAYMENT',
    exchange_rate: received.exchange_rate,
    reporting_category: 'refund',
    source: refundId,
    type: 'payment_refund',
  });
  const back = balanceTransaction(acting, {
    id: ids.owned('txn', original.owner),
    owner: original.owner,
    amount,
    available_on: refundAvailableOn(ctx, original.balance_transaction),
    currency: original.currency,
    description: 'REFUND FOR TRANSFER',
    reporting_category: 'transfer_reversal',
    source: original.id,
    type: 'transfer_refund',
  });
  post(ctx, 'transfer reversal', reversalId, [
    out.line,
    back.line,
    ...exchangeLines(returned, received.currency, amount, original.currency),
  ]);
  tx.put('refund', {
    id: refundId,
    owner: original.destination,
    amount,
    balance_transaction: out.row.id,
    charge: payment.id,
    created: ctx.now,
    currency: original.currency,
    metadata: {},
    payment_intent: null,
    reason: null,
    source_transfer_reversal: reversalId,
    status: 'succeeded',
    transfer_reversal: reversalId,
    sandbox: { cardType: null, reversesTransfer: false, returnsFee: false },
  });
  const reversal = tx.put('transfer_reversal', {
    id: reversalId,
    owner: original.owner,
    amount,
    balance_transaction: back.row.id,
    created: ctx.now,
    currency: original.currency,
    destination_payment_refund: refundId,
    metadata: extra.metadata ?? {},
    source_refund: extra.sourceRefund ?? null,
    transfer: original.id,
  });
  tx.update('charge', payment.id, {
    amount_refunded: payment.amount_refunded + amount,
    refunded: reversedAfter === original.amount,
  });
  const changed = tx.update('transfer', original.id, {
    amount_reversed: reversedAfter,
    reversed: reversedAfter === original.amount,
  });
  emit(ctx, 'transfer.reversed', 'transfer', changed, original.owner);
  return reversal;
}

/** Platform balance → connected balance: a fee given back, in the fee's currency. */
export function refundFee(
  ctx: Context,
  fee: ApplicationFee,
  amount: number,
  metadata: Metadata = {},
): FeeRefund {
  const { tx, ids } = ctx;
  const refundedAfter = fee.amount_refunded + amount;
  const earned = tx.must('balance_transaction', fee.balance_transaction);
  const given = stepOf(earned.amount, fee.amount_refunded, refundedAfter, fee.amount);
  const { connectedAmount, connectedCurrency, connectedRefunded } = fee.sandbox;
  const received = proportion(connectedAmount, refundedAfter, fee.amount) - connectedRefunded;
  const id = ids.owned('fr', fee.account);
  const available = refundAvailableOn(ctx, fee.balance_transaction);
  const out = balanceTransaction(ctx, {
    id: ids.owned('txn', fee.owner),
    owner: fee.owner,
    amount: -given,
    available_on: available,
    currency: earned.currency,
    description: 'REFUND FOR APPLICATION FEE',
    exchange_rate: earned.exchange_rate,
    reporting_category: 'platform_earning_refund',
    source: fee.id,
    type: 'application_fee_refund',
  });
  const into = balanceTransaction(ctx, {
    id: ids.owned('txn', fee.account),
    owner: fee.account,
    amount: received,
    available_on: available,
    currency: connectedCurrency,
    description: 'Application fee refund',
    reporting_category: 'other_adjustment',
    source: id,
    type: 'adjustment',
  });
  post(ctx, 'application fee refund', id, [
    out.line,
    into.line,
    ...exchangeLines(given, earned.currency, received, connectedCurrency),
  ]);
  const refund = tx.put('fee_refund', {
    id,
    owner: fee.owner,
    amount: received,
    balance_transaction: out.row.id,
    created: ctx.now,
    currency: connectedCurrency,
    fee: fee.id,
    metadata,
  });
  const changed = tx.update('application_fee', fee.id, {
    amount_refunded: refundedAfter,
    refunded: refundedAfter === fee.amount,
    sandbox: { ...fee.sandbox, connectedRefunded: connectedRefunded + received },
  });
  emit(ctx, 'application_fee.refunded', 'application_fee', changed, fee.owner);
  return refund;
}
