import type { Context } from '../core/context.ts';
import { balanceOf } from '../core/ledger.ts';
import { payoutStep } from '../core/money.ts';
import type { Account, ExternalAccount } from '../objects/accounts.ts';
import { schedulePayout } from './payout-schedule.ts';
import { sendPayout } from './payouts.ts';

/** Where money in a currency goes: the default for it, unless the bank has sent something back from there. */
export function payoutDestination(account: Account, currency: string): ExternalAccount | undefined {
  const fitting = account.external_accounts.filter((one) => one.currency === currency);
  return fitting.find((one) => one.default_for_currency) ?? fitting[0];
}

/** What the schedule owes an account: all that is available, in whole units where the currency wants them, to its bank. */
export function payOut(ctx: Context, accountId: string): void {
  const account = ctx.tx.must('account', accountId);
  if (account.deleted || account.settings.schedule.interval === 'manual' || !account.payouts_enabled) return;
  const acting: Context = { ...ctx, account: accountId };
  for (const currency of new Set(account.external_accounts.map((one) => one.currency))) {
    const destination = payoutDestination(account, currency);
    const available = balanceOf(ctx.tx, `${accountId}:available`, currency);
    const amount = available - (available % payoutStep(currency));
    if (!destination || destination.status === 'errored' || amount <= 0) continue;
    const { id, balance_transaction } = sendPayout(acting, {
      amount,
      currency,
      destination,
      automatic: true,
      method: 'standard',
      description: null,
      statementDescriptor: account.settings.payout_statement_descriptor,
      metadata: {},
      sourceType: 'card',
    });
    claimTransactions(acting, currency, id, balance_transaction);
  }
  if (hasMoney(ctx, account)) schedulePayout(ctx, accountId);
}

function hasMoney(ctx: Context, { id, external_accounts }: Account): boolean {
  return external_accounts.some(
    ({ currency, status }) =>
      status !== 'errored' && balanceOf(ctx.tx, `${id}:available`, currency) >= payoutStep(currency),
  );
}

/** An automatic payout is the sum of what became available since the one before: its transactions name it. */
function claimTransactions(ctx: Context, currency: string, payout: string, own: string): void {
  for (const row of ctx.tx.where('balance_transaction', 'owner', ctx.account)) {
    const isOfPayments = row.balance_type === undefined && row.currency === currency;
    const free = row.payout === null && isOfPayments && row.available_on <= ctx.now;
    if (free || row.id === own) ctx.tx.update('balance_transaction', row.id, { payout });
  }
}
