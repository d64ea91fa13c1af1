import type { Context } from '../core/context.ts';
import { balanceOf } from '../core/ledger.ts';
import { supportedCurrencies } from '../core/money.ts';

/** What the platform has to hold back, by currency, for connected accounts below zero whose losses it bears. */
export function reservedFor(
  ctx: Context,
  currencies: readonly string[] = supportedCurrencies,
): Map<string, number> {
  const reserved = new Map<string, number>();
  if (ctx.account !== ctx.settings.platform) return reserved;
  const { tx } = ctx;
  for (const account of tx.all('account')) {
    if (account.id === ctx.account || account.controller.requirement_collection !== 'application') continue;
    for (const code of currencies) {
      const total =
        balanceOf(tx, `${account.id}:available`, code) + balanceOf(tx, `${account.id}:pending`, code);
      if (total < 0) reserved.set(code, (reserved.get(code) ?? 0) - total);
    }
  }
  return reserved;
}

/** What may leave: of the platform, without what is held back. */
export function spendable(ctx: Context, currency: string): number {
  const available = balanceOf(ctx.tx, `${ctx.account}:available`, currency);
  return available - (reservedFor(ctx, [currency]).get(currency) ?? 0);
}
