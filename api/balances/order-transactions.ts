import pMap from 'p-map';
import type Stripe from 'stripe';
import type { Balances } from '../../domain/money/money.ts';
import { sumBalances } from '../../domain/money/money.ts';
import { presentBalances } from '../../domain/money/present-balances.ts';
import type { Order } from '../../domain/orders/order.ts';
import { capturedPartOf } from '../../domain/orders/payment.ts';
import { type ActingAs, asAccount, asPlatform } from '../../stripe/acting-as.ts';
import { capturePartsOf } from '../../stripe/capture-parts.ts';
import { balanceOf } from '../../stripe/own-money.ts';
import { readAll } from '../../stripe/read-all.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { reversalsOf } from '../../stripe/reversals.ts';
import type { OrderTransaction, OrderTransactionsResource } from './balance-schema.ts';
import { presentBalanceTransaction } from './present-balance.ts';

/** Calls to Stripe at once for one order. */
const READS_AT_ONCE = 5;

/** An object that moved money of the order, and whose balance was moved. */
interface Source {
  readonly id: string;
  readonly side: OrderTransaction['side'];
  readonly special: boolean;
  readonly isDispute?: true;
}

/** Every balance transaction that explains this order, on the platform and on its connected account. */
export async function transactionsOf(stripe: Stripe, order: Order): Promise<OrderTransactionsResource> {
  const data = await linesOf(stripe, order, await sourcesOf(stripe, order));
  const net = (side: OrderTransaction['side']) =>
    presentBalances(sumBalances(data.filter((entry) => entry.side === side).map(netOf)));
  return {
    object: 'list',
    url: `/v1/orders/${order.terms.id}/balance_transactions`,
    has_more: false,
    data,
    totals: {
      platform: net('platform'),
      connected: net('connected'),
      stripe_fee: presentBalances(sumBalances(data.map(stripeFeeOf))),
    },
  };
}

/** Those of its connected account alone. */
export async function connectedTransactionsOf(stripe: Stripe, order: Order): Promise<OrderTransaction[]> {
  const sources = await sourcesOf(stripe, order);
  return linesOf(
    stripe,
    order,
    sources.filter(({ side }) => side === 'connected'),
  );
}

/** Oldest first. */
async function linesOf(
  stripe: Stripe,
  { terms: { connectedAccount: account } }: Order,
  sources: readonly Source[],
): Promise<OrderTransaction[]> {
  const found = await pMap(
    sources,
    async (source) => {
      const as = source.side === 'platform' ? asPlatform : asAccount(account);
      const entries = await entriesOf(stripe, source, as);
      return entries.map(
        (entry): OrderTransaction => ({
          ...presentBalanceTransaction(entry),
          side: source.side,
          account: source.side === 'platform' ? null : account,
          reason: reasonOf(entry, source),
        }),
      );
    },
    { concurrency: READS_AT_ONCE },
  );
  // Another object may list the same transactions.
  const lines = [...new Map(found.flat().map((entry) => [entry.id, entry])).values()];
  return lines.sort((a, b) => a.created.localeCompare(b.created));
}

/** Stripe finds none by a dispute, which carries its own. */
async function entriesOf(
  stripe: Stripe,
  { id, isDispute }: Source,
  as: ActingAs,
): Promise<readonly Stripe.BalanceTransaction[]> {
  if (isDispute) return (await stripe.disputes.retrieve(id, {}, STRIPE_READ)).balance_transactions;
  return readAll(balanceOf(stripe, as).transactions({ ...PAGE, source: id }, STRIPE_READ));
}

async function sourcesOf(stripe: Stripe, order: Order): Promise<Source[]> {
  const { payment, failedCharges, disputes, refunds, transfers, terms } = order;
  const captured = capturedPartOf(payment);
  const charged = [
    ...(payment.status === 'captured' ? [{ ...payment, charge: payment.latestCharge }] : []),
    ...(captured && terms.requestMulticapture ? await partsOf(stripe, captured.latestCharge) : []),
    ...failedCharges,
  ];
  const special = transfers.map(({ id, destination }) => ({ id, destination, special: true }));
  const own = charged.flatMap(({ transfer: id }) =>
    id === null ? [] : [{ id, destination: terms.connectedAccount, special: false }],
  );
  const moved = await pMap(
    [...own, ...special],
    (transfer) => sourcesOfTransfer(stripe, transfer, terms.connectedAccount),
    { concurrency: READS_AT_ONCE },
  );
  const fees = charged.flatMap(({ applicationFee }) => applicationFee ?? []);
  const feeRefunds = await pMap(
    fees,
    (fee) => readAll(stripe.applicationFees.listRefunds(fee, PAGE, STRIPE_READ)),
    { concurrency: READS_AT_ONCE },
  );
  const platform = [...charged.map(({ charge }) => charge), ...fees, ...refunds.map(({ id }) => id)];
  return [
    ...platform.map((id): Source => ({ id, side: 'platform', special: false })),
    ...disputes.map(({ id }): Source => ({ id, side: 'platform', special: false, isDispute: true })),
    ...moved.flat(),
    ...feeRefunds.flat().map(({ id }): Source => ({ id, side: 'connected', special: false })),
  ];
}

/** Of a charge that was captured in parts: it names but the last one's transfer and fee. */
async function partsOf(stripe: Stripe, charge: string) {
  const { transfers, fees } = await capturePartsOf(
    stripe,
    await stripe.charges.retrieve(charge, {}, STRIPE_READ),
  );
  return [
    ...transfers.map(({ id }) => ({ charge, transfer: id, applicationFee: null })),
    ...fees.map(({ id }) => ({ charge, transfer: null, applicationFee: id })),
  ];
}

/** The transfer, what arrived on the connected account, and what was taken back from there. */
async function sourcesOfTransfer(
  stripe: Stripe,
  { id, destination, special }: { id: string; destination: string; special: boolean },
  connectedAccount: string,
): Promise<Source[]> {
  const source: Source = { id, side: 'platform', special };
  if (destination !== connectedAccount) return [source];
  const transfer = await stripe.transfers.retrieve(id, {}, STRIPE_READ);
  const reversals = await reversalsOf(stripe, transfer, STRIPE_READ);
  const arrived = [transfer.destination_payment, ...reversals.map((one) => one.destination_payment_refund)];
  return [
    source,
    ...arrived.flatMap((one): Source[] => {
      const arrivedId = typeof one === 'string' ? one : one?.id;
      return arrivedId ? [{ id: arrivedId, side: 'connected', special }] : [];
    }),
  ];
}

const PAGE = { limit: 100 } as const;

function reasonOf({ type, reporting_category: category }: Stripe.BalanceTransaction, source: Source) {
  switch (type) {
    case 'charge':
      return 'charge';
    case 'payment_failure_refund':
      return 'charge_failure';
    case 'refund':
    case 'refund_failure':
      return 'refund';
    case 'transfer':
      return source.special ? 'special_case_transfer' : 'transfer';
    case 'payment':
      if (source.side === 'platform') return 'charge';
      return source.special ? 'special_case_transfer' : 'transfer';
    case 'transfer_refund':
      return 'transfer_reversal';
    case 'payment_refund':
      return source.side === 'platform' ? 'refund' : 'transfer_reversal';
    case 'application_fee':
      return 'application_fee';
    case 'application_fee_refund':
      return 'application_fee_refund';
    default:
      if (category === 'dispute' || category === 'dispute_reversal') return category;
      return source.id.startsWith('fr_') ? 'application_fee_refund' : 'other';
  }
}

function netOf({ currency, net }: OrderTransaction): Balances {
  return { [currency]: net };
}

/** Its taxes and what it passes on of a bank's are in the line's `fee` too; the platform's own fee has a line of its own. */
function stripeFeeOf({ fee_details: details }: OrderTransaction): Balances {
  const own = details.filter(({ type }) => type !== 'application_fee');
  return sumBalances(own.map(({ amount, currency }) => ({ [currency]: amount })));
}
