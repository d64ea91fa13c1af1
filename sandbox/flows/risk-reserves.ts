import type { Context } from '../core/context.ts';
import { balanceTransaction, post } from './balance.ts';

/**
 * Stripe holds back a part of what an account has available, or, where `amount` is negative, lets it go again: a line of the balance
 * of payments, and one of what is reserved
 * (docs.stripe.com/changelog/clover/2026-01-28/monitor-reserve-activity-on-balance-transactions).
 */
export function holdBack(ctx: Context, owner: string, amount: number, currency: string): void {
  const common = {
    owner,
    available_on: ctx.now,
    currency,
    reporting_category: 'risk_reserved_funds',
    source: null,
    type: amount > 0 ? ('reserve_hold' as const) : ('reserve_release' as const),
  };
  const newId = (): string => ctx.ids.owned('txn', owner);
  const paid = balanceTransaction(ctx, { ...common, id: newId(), amount: -amount });
  const held = balanceTransaction(ctx, { ...common, id: newId(), amount, balance_type: 'risk_reserved' });
  post(ctx, common.type, paid.row.id, [paid.line, held.line]);
}
