import type { Balances } from './money.ts';
import { sumBalances } from './money.ts';
import type { Order } from './order.ts';
import { capturedPartOf } from './payment.ts';

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
 * back to the platform, its reversal does not: each tells what it came to in all. So does a charge that failed after it had
 * succeeded. A dispute takes amount and fee from the platform.
 */
export function fundsOf(order: Order): Funds {
  const { payment, terms } = order;
  const captured = capturedPartOf(payment);
  const gross = captured?.amountCaptured ?? 0;
  const settlements = [
    ...(captured ? [captured.settlement] : []),
    ...order.failedCharges
      .filter(({ charge }) => charge !== captured?.latestCharge)
      .map(({ settlement }) => settlement),
  ];
  const known = settlements.filter((settlement) => settlement !== null);
  if (known.length < settlements.length) return { ...UNKNOWN, gross };
  const [first] = known;
  if (!first) return { gross, stripeFee: 0, platform: {}, connected: {}, settlementCurrency: null };
  const inCurrency = known.filter(({ currency }) => currency === first.currency);
  const paidToConnected = order.transfers.filter(({ destination }) => destination === terms.connectedAccount);
  return {
    gross,
    stripeFee: inCurrency.reduce((sum, { stripeFee }) => sum + stripeFee, 0),
    platform: sumKnown([
      ...known.map(({ platform }) => platform),
      ...order.refunds.map(({ platform }) => platform),
      ...order.transfers.map(({ platform }) => platform),
      ...order.adjustments.map(({ platform }) => platform),
      ...order.disputes.map(({ platform }) => platform),
    ]),
    connected: sumKnown([
      ...known.map(({ connected }) => connected),
      ...order.refunds.map(({ connected }) => connected),
      ...paidToConnected.map(({ connected }) => connected),
      ...order.adjustments.map(({ connected }) => connected),
    ]),
    settlementCurrency: first.currency,
  };
}

function sumKnown(parts: readonly (Balances | null)[]): Balances | null {
  const known = parts.filter((part) => part !== null);
  return known.length === parts.length ? sumBalances(known) : null;
}
