import type { Balances } from './money.ts';

/** Minor units by currency, as callers see them. */
export function presentBalances(balances: Balances): { amount: number; currency: string }[] {
  return Object.entries(balances).map(([currency, amount]) => ({ amount, currency }));
}
