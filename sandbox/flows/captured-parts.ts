import type { Context } from '../core/context.ts';
import type { ApplicationFee, BalanceTransaction, Transfer } from '../objects/connect.ts';
import type { Charge } from '../objects/payments.ts';

/** What a charge's captures brought: of most charges there is one. */
export function capturesOf(ctx: Context, charge: Charge): BalanceTransaction[] {
  return [...ctx.tx.where('balance_transaction', 'source', charge.id)].filter(
    ({ type }) => type === 'charge',
  );
}

export function isInParts(ctx: Context, charge: Charge): boolean {
  return capturesOf(ctx, charge).length > 1;
}

/** All that a charge brought, in the currency that it settled in. */
export function settledOf(
  ctx: Context,
  charge: Charge,
): Pick<BalanceTransaction, 'amount' | 'available_on' | 'currency' | 'exchange_rate'> {
  const captures = capturesOf(ctx, charge);
  const { currency, exchange_rate } = ctx.tx.must('balance_transaction', charge.balance_transaction ?? '');
  return {
    amount: captures.reduce((sum, { amount }) => sum + amount, 0),
    available_on: Math.max(...captures.map(({ available_on }) => available_on)),
    currency,
    exchange_rate,
  };
}

/** The transfer that a charge was split by, or one for each of its captures. */
export function transfersOf(ctx: Context, charge: Charge): Transfer[] {
  if (charge.transfer === null) return [];
  // The charge names only the last one, and nobody else makes transfers out of a charge that can have several.
  return charge.sandbox.features.multicapture
    ? [...ctx.tx.where('transfer', 'source_transaction', charge.id)]
    : [ctx.tx.must('transfer', charge.transfer)];
}

/** Likewise the application fees: of a destination charge they hang on what arrived. */
export function feesOf(ctx: Context, charge: Charge): ApplicationFee[] {
  const paid =
    charge.transfer === null ? [charge.id] : transfersOf(ctx, charge).map((one) => one.destination_payment);
  return paid.flatMap((id) => [...ctx.tx.where('application_fee', 'charge', id)]);
}
