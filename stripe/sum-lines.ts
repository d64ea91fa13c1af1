import type Stripe from 'stripe';
import type { Balances } from '../domain/money/money.ts';
import { sumBalances } from '../domain/money/money.ts';
import { isOfPayments } from './own-money.ts';
import { netOf } from './settlement.ts';

export interface SummedLines {
  readonly moved: Balances;
  /** Seconds since the epoch: when the newest was made; 0: there is none. */
  readonly newest: number;
}

/** What lines of a balance came to. Summed while they are read: a history may be longer than memory. */
export async function sumLines(
  lines: AsyncIterable<Stripe.BalanceTransaction>,
  isCounted: (line: Stripe.BalanceTransaction) => boolean = () => true,
): Promise<SummedLines> {
  let moved: Balances = {};
  let newest = 0;
  for await (const line of lines) {
    newest = Math.max(newest, line.created);
    if (isOfPayments(line) && isCounted(line)) moved = sumBalances([moved, netOf(line)]);
  }
  return { moved, newest };
}
