import type { Order } from './order.ts';
import { isEffective } from './order.ts';

/**
 * Who holds what of an order. `gross` and `connectedNet` in the order's currency, `stripeFee` and `platformNet` in
 * `settlementCurrency`; all in minor units. Null parts are not known yet.
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
  const { payment } = order;
  if (payment.status !== 'captured') {
    return { gross: 0, stripeFee: 0, platformNet: 0, connectedNet: 0, settlementCurrency: null };
  }
  const { settlement } = payment;
  if (settlement === null) {
    return {
      gross: payment.amountCaptured,
      stripeFee: null,
      platformNet: null,
      connectedNet: null,
      settlementCurrency: null,
    };
  }
  const refunds = order.refunds.filter(isEffective);
  const toConnectedAccount = order.transfers.filter(
    ({ destination }) => destination === order.terms.connectedAccount,
  );
  return {
    gross: payment.amountCaptured,
    stripeFee: settlement.stripeFee,
    platformNet: sumKnown(settlement.platformNet, [
      ...refunds.map(({ platformNet }) => platformNet),
      ...order.transfers.map(({ platformNet }) => platformNet),
    ]),
    connectedNet:
      settlement.transferAmount -
      settlement.applicationFeeAmount -
      sum(refunds.map(({ reversal }) => reversal?.amount ?? 0)) +
      sum(refunds.map(({ applicationFeeRefunded }) => applicationFeeRefunded)) +
      sum(toConnectedAccount.map(({ amount }) => amount)),
    settlementCurrency: settlement.currency,
  };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function sumKnown(start: number, amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>(
    (total, amount) => (total === null || amount === null ? null : total + amount),
    start,
  );
}
