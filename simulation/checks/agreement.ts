import type { Balances } from '../../domain/money/money.ts';
import { fundsOf } from '../../domain/orders/funds.ts';
import type { Order } from '../../domain/orders/order.ts';
import { amountRefunded, orderStatus, paymentIntentOf } from '../../domain/orders/order.ts';
import { capturedPartOf } from '../../domain/orders/payment.ts';
import type { Store } from '../../sandbox/core/store.ts';
import type { TableName, Tables } from '../../sandbox/objects/tables.ts';
import type { World } from '../world/world.ts';

const STATUS: Readonly<Record<string, string>> = {
  succeeded: 'captured',
  requires_capture: 'authorized',
  requires_payment_method: 'requires_payment_method',
  requires_action: 'requires_action',
  processing: 'processing',
};

/** With something received; after a failure of the bank the money has come back. */
const MOVED: ReadonlySet<string> = new Set(['succeeded', 'requires_capture', 'canceled']);

/** Where an order differs from what Stripe has; null: nowhere. */
export function differenceOf({ platform }: World, order: Order): string | null {
  const { store } = platform.world;
  const id = paymentIntentOf(order);
  const intent = id === null ? undefined : store.get('payment_intent', id);
  if (!intent) return order.payment.status === 'pending' ? 'its payment is unknown' : null;
  if (intent.metadata.waybill_order !== order.terms.id) return `${intent.id} does not name it`;
  const stripe = stripeHas(store, intent.id, platform.settings.platform, order);
  const waybill = orderShows(order);
  const [was, is] = [JSON.stringify(stripe), JSON.stringify(waybill)];
  return was === is ? null : `Stripe has ${was}, the order shows ${is}`;
}

function orderShows(order: Order) {
  const { platform, connected, stripeFee } = fundsOf(order);
  const captured = capturedPartOf(order.payment);
  const isMoved = captured !== null;
  const status = orderStatus(order);
  return {
    status: status === 'expired' ? 'canceled' : status,
    captured: captured?.amountCaptured ?? 0,
    refunded: isMoved ? amountRefunded(order) : 0,
    refunds: isMoved ? stated(order.refunds) : [],
    disputes: stated(order.disputes),
    transfers: stated(order.transfers.map(({ id }) => ({ id, status: 'paid' }))),
    platform: sorted(platform ?? {}),
    connected: sorted(connected ?? {}),
    stripeFee: stripeFee ?? 0,
  };
}

/** While more may be captured, and is converted, only the last capture shows that there are no more. */
function areFundsKnown(order: Order): boolean {
  return order.payment.status !== 'authorized' || fundsOf(order).settlementCurrency !== null;
}

function stripeHas(store: Store, paymentIntent: string, platform: string, order: Order) {
  const intent = store.get('payment_intent', paymentIntent);
  if (!intent) throw new Error(`no ${paymentIntent}`);
  // Of a debit that its bank took back, and what was paid after it, both have moved money.
  const charges = where(store, 'charge', 'payment_intent', intent.id);
  const ofCharges = <T extends 'refund' | 'dispute' | 'transfer'>(table: T, field: string) =>
    charges.flatMap(({ id }) => where(store, table, field, id));
  const isMoved = MOVED.has(intent.status) && intent.amount_received > 0 && intent.latest_charge !== null;
  // Of several captures some were made, and the rest was let go.
  const isEnded = isMoved && intent.status === 'canceled';
  // What was let go of an authorization was never taken.
  const refunds = ofCharges('refund', 'charge').filter((one) => one.sandbox.cardType !== 'reversal');
  const given = refunds.filter(({ status }) => status !== 'failed' && status !== 'canceled');
  const refunded = given.reduce((sum, { amount }) => sum + amount, 0);
  const isRefunded = isMoved && intent.status !== 'requires_capture' && refunded >= intent.amount_received;
  const disputes = ofCharges('dispute', 'charge');
  const transfers = ofCharges('transfer', 'source_transaction');
  const own = new Set(charges.map(({ transfer }) => transfer));
  const special = transfers.filter(
    ({ id, metadata }) =>
      !own.has(id) && !(order.terms.requestMulticapture && Object.keys(metadata).length === 0),
  );
  const isCounted = areFundsKnown(order);
  const isWaiting = refunds.some(({ id }) => store.get('waiting_refund', id) !== undefined);
  const transferIds = transfers.map(({ id }) => id);
  const moved = new Set(charges.flatMap(({ id }) => [...movedBy(store, id, transferIds)]));
  return {
    status: isRefunded ? 'refunded' : isEnded ? 'captured' : (STATUS[intent.status] ?? intent.status),
    captured: isMoved ? intent.amount_received : 0,
    refunded: isMoved ? refunded : 0,
    refunds: isMoved ? stated(refunds) : [],
    disputes: stated(disputes),
    transfers: stated(special.map(({ id }) => ({ id, status: 'paid' }))),
    // What the platform has not sent yet it may still have to.
    platform: isCounted && !isWaiting ? sorted(netOf(store, moved, (owner) => owner === platform)) : [],
    connected: isCounted
      ? sorted(netOf(store, moved, (owner) => owner === order.terms.connectedAccount))
      : [],
    stripeFee: isCounted
      ? feeOf(store, new Set([...charges, ...refunds, ...disputes].map(({ id }) => id)), order)
      : 0,
  };
}

/** What Stripe took for charges and disputes, and gave back with refunds, in the currency in which it settles. */
function feeOf(store: Store, sources: ReadonlySet<string>, order: Order): number {
  const { settlementCurrency } = fundsOf(order);
  const entries = [...sources].flatMap((source) => where(store, 'balance_transaction', 'source', source));
  return entries
    .filter(({ currency }) => currency === settlementCurrency)
    .reduce((sum, { fee }) => sum + fee, 0);
}

/** All of Stripe's objects by which money of a charge moved. */
function movedBy(store: Store, charge: string, transfers: readonly string[]): Set<string> {
  const sources = new Set([charge, ...transfers]);
  for (const { id } of where(store, 'refund', 'charge', charge)) sources.add(id);
  for (const { id } of where(store, 'dispute', 'charge', charge)) sources.add(id);
  for (const id of transfers) {
    const payment = store.get('transfer', id)?.destination_payment;
    if (payment) sources.add(payment);
    for (const reversal of where(store, 'transfer_reversal', 'transfer', id)) {
      sources.add(reversal.id);
      sources.add(reversal.destination_payment_refund);
    }
  }
  const fees = [...sources].flatMap((source) => where(store, 'application_fee', 'charge', source));
  for (const fee of fees) {
    sources.add(fee.id);
    for (const { id } of where(store, 'fee_refund', 'fee', fee.id)) sources.add(id);
  }
  return sources;
}

function netOf(store: Store, sources: ReadonlySet<string>, isOwner: (owner: string) => boolean): Balances {
  const net: Record<string, number> = {};
  for (const source of sources) {
    for (const entry of where(store, 'balance_transaction', 'source', source)) {
      if (isOwner(entry.owner)) net[entry.currency] = (net[entry.currency] ?? 0) + entry.net;
    }
  }
  return net;
}

function where<T extends TableName>(store: Store, table: T, field: string, value: string): Tables[T][] {
  return [...store.ids(table, field, value)].flatMap((id) => store.get(table, id) ?? []);
}

function stated(all: readonly { readonly id: string; readonly status: string }[]): string[] {
  return all.map(({ id, status }) => `${id} ${status}`).sort();
}

function sorted(balances: Balances): string[] {
  return Object.entries(balances)
    .filter(([, amount]) => amount !== 0)
    .map(([currency, amount]) => `${amount} ${currency}`)
    .sort();
}
