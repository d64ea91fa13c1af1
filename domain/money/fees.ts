import { minorUnits, proportion } from './money.ts';

/** What the platform keeps of one sale, in one currency; minor units. */
export interface FeeAmounts {
  readonly currency: string;
  readonly amount: number;
  /** What refunds gave back of it. */
  readonly refunded: number;
}

/**
 * The destination platform fee of a charge with `transfer_data[amount]`: what was captured less what was transferred. A
 * refund that reverses the transfer gives back its share of it; one that does not is borne by the platform, and is no fee
 * given back. https://docs.stripe.com/connect/destination-charges#transfer-amount
 */
export function destinationPlatformFee(sale: {
  readonly currency: string;
  readonly captured: number;
  readonly transferred: number;
  /** Amounts of the refunds that reversed their share of the transfer. */
  readonly reversing: readonly number[];
}): FeeAmounts {
  const { currency, captured } = sale;
  const transferred = Math.min(sale.transferred, captured);
  const refunded = sale.reversing.reduce(
    (sum, refund) => sum + refund - proportion(transferred, refund, captured),
    0,
  );
  return { currency, amount: captured - transferred, refunded };
}

/** Sums, currency by currency. */
export function sumFees(all: readonly FeeAmounts[]): FeeAmounts[] {
  const totals = new Map<string, FeeAmounts>();
  for (const { currency, amount, refunded } of all) {
    const before = totals.get(currency) ?? { currency, amount: 0, refunded: 0 };
    totals.set(currency, {
      currency,
      amount: minorUnits(before.amount + amount),
      refunded: minorUnits(before.refunded + refunded),
    });
  }
  return [...totals.values()];
}
