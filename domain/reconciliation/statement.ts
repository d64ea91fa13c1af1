import type { Balances } from '../money/money.ts';
import { negated, sumBalances } from '../money/money.ts';

/** What an accountant books a line of a balance under. */
export const BOOKED_AS = [
  'charges',
  'transfers',
  'application_fees',
  'refunds',
  'disputes',
  'payouts',
  'other',
] as const;
type BookedAs = (typeof BOOKED_AS)[number];

/** A line of a balance, in minor units of `currency`. */
export interface StatementEntry {
  /** Stripe's own grouping for reports. */
  readonly category: string;
  /** A transfer of the platform brought it, or took it back. */
  readonly isTransferred: boolean;
  readonly orderId: string | null;
  readonly currency: string;
  /** Gross; negative: it left the balance. */
  readonly amount: number;
  /** What Stripe, or the platform, took of it. */
  readonly fee: number;
}

/** What moved for one order, or for none, in one currency. They add up to `net`. */
export type StatementLine = Readonly<Record<BookedAs | 'fees' | 'net', number>> & {
  readonly orderId: string | null;
  readonly currency: string;
};

/** Of one account and currency: `opening` and the `net` of all lines are `closing`. */
export interface CurrencyStatement {
  readonly currency: string;
  readonly opening: number;
  readonly lines: readonly StatementLine[];
  readonly closing: number;
}

/** By Stripe's reporting category (docs.stripe.com/reports/reporting-categories). */
const CATEGORIES: Readonly<Record<string, BookedAs>> = {
  charge: 'charges',
  charge_failure: 'charges',
  partial_capture_reversal: 'refunds',
  refund: 'refunds',
  refund_failure: 'refunds',
  transfer: 'transfers',
  transfer_reversal: 'transfers',
  platform_earning: 'application_fees',
  platform_earning_refund: 'application_fees',
  dispute: 'disputes',
  dispute_reversal: 'disputes',
  payout: 'payouts',
  payout_reversal: 'payouts',
};

/** The lines of each order, and of what has none, by currency: each entry is added to its own, however many there are. */
export class StatementLines {
  readonly #lines = new Map<string, StatementLine>();

  add(entries: readonly StatementEntry[]): void {
    for (const entry of entries) {
      const { orderId, currency } = entry;
      const key = JSON.stringify([currency, orderId]);
      this.#lines.set(key, plus(this.#lines.get(key) ?? nothing(orderId, currency), entry));
    }
  }

  all(): readonly StatementLine[] {
    return [...this.#lines.values()];
  }
}

/** `closing`: what the account held at the end, by currency. */
export function statementsOf(
  lines: readonly StatementLine[],
  closing: Balances,
): readonly CurrencyStatement[] {
  const moved = sumBalances(lines.map(({ currency, net }) => ({ [currency]: net })));
  const opening = sumBalances([closing, negated(moved)]);
  const currencies = new Set([...Object.keys(closing), ...lines.map(({ currency }) => currency)]);
  return [...currencies].sort().map((currency) => ({
    currency,
    opening: opening[currency] ?? 0,
    lines: lines.filter((line) => line.currency === currency),
    closing: closing[currency] ?? 0,
  }));
}

function nothing(orderId: string | null, currency: string): StatementLine {
  const zeros = Object.fromEntries(BOOKED_AS.map((column) => [column, 0])) as Record<BookedAs, number>;
  return { ...zeros, fees: 0, net: 0, orderId, currency };
}

function plus(line: StatementLine, { category, isTransferred, amount, fee }: StatementEntry): StatementLine {
  const booked = CATEGORIES[category] ?? 'other';
  // An account sees a transfer of the platform as somebody's payment.
  const column = isTransferred && booked === 'charges' ? 'transfers' : booked;
  return {
    ...line,
    [column]: line[column] + amount,
    fees: line.fees - fee,
    net: line.net + amount - fee,
  };
}
