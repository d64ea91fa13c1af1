import type { Balances } from '../money/money.ts';
import { presentBalances } from '../money/present-balances.ts';
import type { Funds } from './funds.ts';

/** Who holds what, as callers and subscribers see it. A net is null where several currencies are held: then only the lists have the amounts. */
export function presentFunds({ gross, stripeFee, platform, connected, settlementCurrency }: Funds) {
  return {
    gross,
    stripe_fee: stripeFee,
    platform_net: platform && inOneCurrency(platform, settlementCurrency),
    connected_net: connected && inOneCurrency(connected, settlementCurrency),
    settlement_currency: settlementCurrency,
    platform: platform && presentBalances(platform),
    connected: connected && presentBalances(connected),
  };
}

function inOneCurrency(balances: Balances, currency: string | null): number | null {
  const others = Object.keys(balances).filter((held) => held !== currency);
  return others.length === 0 ? (balances[currency ?? ''] ?? 0) : null;
}
