import type { Context } from '../core/context.ts';
import { postEntry } from '../core/ledger.ts';
import type { BalanceTransaction, FeeDetail } from '../objects/connect.ts';
import type { LedgerLine } from '../objects/ledger.ts';
import { schedulePayout } from './payout-schedule.ts';

type NewBalanceTransaction = Omit<
  BalanceTransaction,
  'created' | 'exchange_rate' | 'fee' | 'fee_details' | 'net' | 'description' | 'payout'
> &
  Partial<Pick<BalanceTransaction, 'description' | 'exchange_rate' | 'fee_details'>>;

/**
 * A line of an account's balance history, and the ledger line that goes with it. The caller posts that line together
 * with its other sides; until then nothing has moved.
 */
export function balanceTransaction(
  ctx: Context,
  fields: NewBalanceTransaction,
): { row: BalanceTransaction; line: LedgerLine } {
  const { description = null, exchange_rate = null, fee_details = [], ...rest } = fields;
  const fee = fee_details.reduce((sum, { amount }) => sum + amount, 0);
  const row = ctx.tx.put('balance_transaction', {
    ...rest,
    created: ctx.now,
    description,
    exchange_rate,
    fee,
    fee_details,
    net: rest.amount - fee,
    payout: null,
  });
  const pending = row.available_on > ctx.now;
  if (pending) settleLater(ctx, row);
  const bucket = row.balance_type ? 'reserved' : pending ? 'pending' : 'available';
  return {
    row,
    line: {
      account: `${row.owner}:${bucket}`,
      currency: row.currency,
      amount: row.net,
    },
  };
}

/** Money of one account that waits for the same midnight moves in one step. */
function settleLater(ctx: Context, { owner, currency, available_on, net }: BalanceTransaction): void {
  const id = `${owner} ${currency} ${available_on}`;
  const waiting = ctx.tx.get('settlement', id);
  ctx.tx.put('settlement', { id, account: owner, currency, amount: (waiting?.amount ?? 0) + net });
  if (!waiting) {
    ctx.tx.put('job', {
      id: `settle ${id}`,
      dueMs: available_on * 1000,
      kind: 'settle_balance',
      subject: id,
    });
  }
}

export function makeAvailable(ctx: Context, settlementId: string): void {
  const { account, currency, amount } = ctx.tx.must('settlement', settlementId);
  ctx.tx.delete('settlement', settlementId);
  post(ctx, 'funds available', settlementId, [
    { account: `${account}:pending`, currency, amount: -amount },
    { account: `${account}:available`, currency, amount },
  ]);
}

const AVAILABLE = ':available';

/** Moves money. Whatever an account may now send to its bank waits for its next payout. */
export function post(ctx: Context, description: string, source: string, lines: LedgerLine[]): void {
  postEntry(ctx.tx, { id: ctx.ids.plain('le'), created: ctx.now, description, source, lines });
  for (const { account, amount } of lines) {
    if (amount > 0 && account.endsWith(AVAILABLE)) schedulePayout(ctx, account.slice(0, -AVAILABLE.length));
    if (amount > 0) wakeRefunds(ctx, account.slice(0, account.indexOf(':')));
  }
}

function wakeRefunds(ctx: Context, owner: string): void {
  for (const _ of ctx.tx.where('waiting_refund', 'owner', owner)) {
    ctx.tx.put('job', {
      id: `fund refunds ${owner}`,
      dueMs: ctx.nowMs,
      kind: 'fund_refunds',
      subject: owner,
    });
    return;
  }
}

export function stripeFeeDetail(amount: number, currency: string): FeeDetail {
  return { amount, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' };
}
