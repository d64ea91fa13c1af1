import type { Balances } from './money.ts';
import { sumBalances } from './money.ts';
import type { Order } from './order.ts';

/** Who holds what of an order. Null parts are not known yet. */
export interface Funds {
  /** What the customer paid, in minor units of the order's currency. */
  readonly gross: number;
  /** Minor units of `settlementCurrency`. */
  readonly stripeFee: number | null;
  readonly platform: Balances | null;
  readonly connected: Balances | null;
  readonly settlementCurrency: string | null;
}

/** Stripe has not settled it yet. */
const UNKNOWN = { stripeFee: null, platform: null, connected: null, settlementCurrency: null };

/**
 * Sums what the balance transactions said. Stripe keeps its fee on a refund; a refund without reversal is borne by
 * the platform; a reversal takes back from the connected account, a fee refund gives back to it. A failed refund comes
 * back to the platform, its reversal does not: each tells what it came to in all. A dispute takes amount and fee from the platform.
 */
export function fundsOf(order: Order): Funds {
  const { payment, terms } = order;
  if (payment.status === 'authorized' && payment.amountCaptured > 0) {
    return { ...UNKNOWN, gross: payment.amountCaptured };
  }
  if (payment.status !== 'captured') {
    return { gross: 0, stripeFee: 0, platform: {}, connected: {}, settlementCurrency: null };
  }
  const gross = payment.amountCaptured;
  const { settlement } = payment;
  if (settlement === null) {
    return { ...UNKNOWN, gross };
  }
  const paidToConnected = order.transfers.filter(({ destination }) => destination === terms.connectedAccount);
  return {
    gross,
    stripeFee: settlement.stripeFee,
    platform: sumKnown([
      settlement.platform,
      ...order.refunds.map(({ platform }) => platform),
      ...order.transfers.map(({ platform }) => platform),
      ...order.adjustments.map(({ platform }) => platform),
      ...order.disputes.map(({ platform }) => platform),
    ]),
    connected: sumKnown([
      settlement.connected,
      ...order.refunds.map(({ connected }) => connected),
      ...paidToConnected.map(({ connected }) => connected),
      ...order.adjustments.map(({ connected }) => connected),
    ]),
    settlementCurrency: settlement.currency,
  };
}

function sumKnown(parts: readonly (Balances | null)[]): Balances | null {
  const known = parts.filter((part) => part !== null);
  return known.length === parts.length ? sumBalances(known) : null;
}
