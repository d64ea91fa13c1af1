import type Stripe from 'stripe';
import type { Order } from '../../domain/orders/order.ts';
import { STRIPE_PAYOUT_STATUSES } from '../../domain/payouts/payout.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { carriersOf, successorOf } from '../../stripe/payout-carriers.ts';
import type { OrderTransaction } from './balance-schema.ts';
import type { OrderPayout, OrderPayoutsResource } from './order-payout-schema.ts';
import { connectedTransactionsOf } from './order-transactions.ts';

/** Which payout carried what of an order's money to the account's bank. */
export async function payoutsOfOrder(stripe: Stripe, order: Order): Promise<OrderPayoutsResource> {
  const { id, connectedAccount } = order.terms;
  const moved = await connectedTransactionsOf(stripe, order);
  const available = moved.filter(({ status }) => status === 'available').map(lineOf);
  const carriers = await carriersOf(stripe, connectedAccount, available);
  const shares = new Map<string, OrderPayout>();
  for (const entry of moved) {
    const carrier = carriers.get(entry.id);
    const key = JSON.stringify([carrier?.id, entry.currency]);
    const share = shares.get(key) ?? {
      object: 'order_payout',
      connected_account: connectedAccount,
      payout: carrier ? await payoutOf(stripe, connectedAccount, carrier) : null,
      amount: 0,
      currency: entry.currency,
      available_on: entry.available_on,
      balance_transactions: [],
    };
    shares.set(key, plus(share, entry));
  }
  return { object: 'list', url: `/v1/orders/${id}/payouts`, has_more: false, data: [...shares.values()] };
}

async function payoutOf(
  stripe: Stripe,
  account: string,
  payout: Stripe.Payout,
): Promise<OrderPayout['payout']> {
  const { id, status, amount, arrival_date: arrivalDate } = payout;
  return {
    id,
    status: STRIPE_PAYOUT_STATUSES.find((known) => known === status) ?? 'pending',
    amount,
    arrival_date: rfc3339(arrivalDate * 1_000),
    paid_again_by: (await successorOf(stripe, account, payout))?.id ?? null,
  };
}

function plus(share: OrderPayout, { id, net, available_on: availableOn }: OrderTransaction): OrderPayout {
  return {
    ...share,
    amount: share.amount + net,
    available_on: availableOn > share.available_on ? availableOn : share.available_on,
    balance_transactions: [...share.balance_transactions, id],
  };
}

function lineOf({ id, currency, created, available_on: availableOn }: OrderTransaction) {
  return { id, currency, created: Date.parse(created) / 1_000, availableOn: Date.parse(availableOn) / 1_000 };
}
