import type Stripe from 'stripe';
import type { AccountFunds } from '../../domain/payouts/payout.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { balanceOf } from '../../stripe/own-money.ts';

/** How many of the newest balance transactions are looked through for what is pending: the rest is older than any delay. */
const LOOKED_THROUGH_MAX = 1_000;
/** How many days of arrivals are kept. */
const ARRIVALS_MAX = 10;

/** What a connected account has of one currency, what is pending, and when it becomes available. */
export async function readFunds(stripe: Stripe, account: string, currency: string): Promise<AccountFunds> {
  const own = balanceOf(stripe, asAccount(account));
  const { available, instant_available: instant, pending } = await own.retrieve();
  const amountIn = (parts: readonly { amount: number; currency: string }[] | undefined) =>
    parts?.find((part) => part.currency === currency)?.amount ?? null;
  return {
    available: amountIn(available) ?? 0,
    instantAvailable: amountIn(instant),
    pending: amountIn(pending) ? await arrivals(own, currency) : [],
  };
}

async function arrivals(
  own: ReturnType<typeof balanceOf>,
  currency: string,
): Promise<AccountFunds['pending']> {
  const byTime = new Map<number, number>();
  let seen = 0;
  for await (const entry of own.transactions({ currency, limit: 100 })) {
    if (entry.status === 'pending') {
      byTime.set(entry.available_on, (byTime.get(entry.available_on) ?? 0) + entry.net);
    }
    seen += 1;
    if (seen === LOOKED_THROUGH_MAX) break;
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .slice(0, ARRIVALS_MAX)
    .map(([availableOn, amount]) => ({ availableOn: availableOn * 1000, amount }));
}
