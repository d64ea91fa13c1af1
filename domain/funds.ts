import type { Order } from './order.ts';
import { isEffective } from './order.ts';

/**
 * Who holds what of an order, in minor units: `gross` in the order's currency, the other parts in
 * `settlementCurrency`, in which they add up. Null parts are not known yet.
 */
export interface Funds {
  readonly gross: number;
  readonly stripeFee: number | null;
  readonly platformNet: number | null;
  readonly connectedNet: number | null;
  readonly settlementCurrency: string | null;
}

/**
 * Sums what the balance transactions said. Stripe keeps its fee on a refund; a refund without reversal is borne by
 * the platform; a reversal takes back from the connected account, a fee refund gives back to it.
 */
export function fundsOf(order: Order): Funds {
  const { payment, terms } = order;
  if (payment.status !== 'captured') {
    return { gross: 0, stripeFee: 0, platformNet: 0, connectedNet: 0, settlementCurrency: null };
  }
  const gross = payment.amountCaptured;
  const { settlement } = payment;
  if (settlement === null) {
    return { gross, stripeFee: null, platformNet: null, connectedNet: null, settlementCurrency: null };
  }
  const refunds = order.refunds.filter(isEffective);
  const paidToConnected = order.transfers.filter(({ destination }) => destination === terms.connectedAccount);
  return {
    gross,
    stripeFee: settlement.stripeFee,
    platformNet: sumKnown([
      settlement.platformNet,
      ...refunds.map(({ platformNet }) => platformNet),
      ...order.transfers.map(({ platformNet }) => platformNet),
    ]),
    connectedNet: sumKnown([
      settlement.connectedNet,
      ...refunds.map(({ connectedNet }) => connectedNet),
      ...paidToConnected.map(({ amount }) => amount),
    ]),
    settlementCurrency: settlement.currency,
  };
}

function sumKnown(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>(
    (total, amount) => (total === null || amount === null ? null : total + amount),
    0,
  );
}
