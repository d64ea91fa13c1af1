import type { Context } from '../core/context.ts';
import { balanceOf } from '../core/ledger.ts';
import { proportion } from '../core/money.ts';
import { invalid } from '../http/errors.ts';
import type { Transfer } from '../objects/connect.ts';

/**
 * Where Stripe and not the platform is liable for losses, or where the settings say so, an account cannot be pulled
 * below zero.
 */
export function checkReversible(ctx: Context, transfer: Transfer, amount: number): void {
  const account = ctx.tx.must('account', transfer.destination);
  if (account.controller.losses.payments === 'application' && ctx.settings.negative_balances) return;
  const payment = ctx.tx.must('charge', transfer.destination_payment);
  const { currency, amount: received } = ctx.tx.must(
    'balance_transaction',
    payment.balance_transaction ?? '',
  );
  const needed = proportion(received, amount, transfer.amount);
  const held =
    balanceOf(ctx.tx, `${account.id}:available`, currency) +
    balanceOf(ctx.tx, `${account.id}:pending`, currency);
  if (held >= needed) return;
  throw invalid(
    'The connected account does not have a sufficient balance to cover the reversal.',
    undefined,
    'balance_insufficient',
  );
}
