import type { Balances } from '../money/money.ts';
import { sumBalances } from '../money/money.ts';
import type { Order } from './order.ts';
import type { Settlement } from './payment.ts';
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
 * Sums what the balance transactions said. Stripe mostly keeps its fee on a refund; a refund without reversal is borne by
 * the platform; a reversal takes back from the connected account, a fee refund gives back to it. A failed refund comes
 * back to the platform, its reversal does not: each states its total. So does a charge that failed after it had
 * succeeded. A dispute takes amount and fee from the platform.
 */
export function fundsOf(order: Order): Funds {
  const { payment, terms } = order;
  const gross = capturedPartOf(payment)?.amountCaptured ?? 0;
  const settlements = settlementsOf(order);
  const known = settlements.filter((settlement) => settlement !== null);
  if (known.length < settlements.length) return { ...UNKNOWN, gross };
  const [first] = known;
  if (!first) return { gross, stripeFee: 0, platform: {}, connected: {}, settlementCurrency: null };
  const inCurrency = known.filter(({ currency }) => currency === first.currency);
  const paidToConnected = order.transfers.filter(({ destination }) => destination === terms.connectedAccount);
  return {
    gross,
    stripeFee: [
      ...inCurrency.map(({ stripeFee }) => stripeFee),
      ...order.refunds.map(({ stripeFee }) => stripeFee?.[first.currency] ?? 0),
      ...order.disputes.map(({ fee }) => fee[first.currency] ?? 0),
    ].reduce((sum, fee) => sum + fee, 0),
    platform: sumKnown(platformPartsOf(order)),
    connected: sumKnown([
      ...known.map(({ connected }) => connected),
      ...order.refunds.map(({ connected }) => connected),
      ...paidToConnected.map(({ connected }) => connected),
      ...order.adjustments.map(({ connected }) => connected),
    ]),
    settlementCurrency: first.currency,
  };
}

/** What each thing that moved an order's money did to the platform's balance; null: not known yet. Empty: nothing ever moved. */
export function platformPartsOf(order: Order): readonly (Balances | null)[] {
  const settled = settlementsOf(order).map((settlement) => settlement?.platform ?? null);
  const { refunds, transfers, adjustments, disputes } = order;
  return [
    ...settled,
    ...[...refunds, ...transfers, ...adjustments, ...disputes].map(({ platform }) => platform),
  ];
}

/** Those of captures, and of charges that failed after they had moved money. */
function settlementsOf({ payment, failedCharges }: Order): readonly (Settlement | null)[] {
  const captured = capturedPartOf(payment);
  const failed = failedCharges.filter(({ charge }) => charge !== captured?.latestCharge);
  return [...(captured ? [captured.settlement] : []), ...failed.map(({ settlement }) => settlement)];
}

function sumKnown(parts: readonly (Balances | null)[]): Balances | null {
  const known = parts.filter((part) => part !== null);
  return known.length === parts.length ? sumBalances(known) : null;
}
