import type Stripe from 'stripe';
import { sumBalances } from '../domain/money/money.ts';
import type { Refund } from '../domain/orders/order.ts';
import type { TransferReversal } from '../domain/orders/present-transfer.ts';
import { expanded, idOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';
import { STRIPE_READ } from './read-options.ts';
import { takenBack } from './refund-facts.ts';
import { netOf } from './settlement.ts';

const REVERSAL_EXPANDS = ['balance_transaction', 'destination_payment_refund.balance_transaction'];

/** Whether a refund made it, which took the share back with the customer's money. */
export function isOfRefund({ source_refund: refund }: Stripe.TransferReversal): boolean {
  return refund !== null;
}

/** Newest first, as Stripe lists them. */
export async function reversalsOf(
  stripe: Stripe,
  { id, amount_reversed: reversed, reversals }: Stripe.Transfer,
  options: Stripe.RequestOptions = {},
): Promise<readonly Stripe.TransferReversal[]> {
  if (reversed === 0) return [];
  if (!reversals.has_more) return reversals.data;
  return readAll(stripe.transfers.listReversals(id, { limit: 100 }, options));
}

/** What was reversed of a transfer until now, whoever did it; newest first. */
export async function readReversals(
  stripe: Stripe,
  transferId: string,
): Promise<readonly TransferReversal[]> {
  const transfer = await stripe.transfers.retrieve(transferId, {}, STRIPE_READ);
  const reversals = await reversalsOf(stripe, transfer, STRIPE_READ);
  return reversals.map(({ id, amount, currency, created }) => ({
    id,
    amount,
    currency,
    createdAt: created * 1_000,
  }));
}

/** With what it moved on both sides. */
export function readReversal(
  stripe: Stripe,
  { id, transfer }: Stripe.TransferReversal,
): Promise<Stripe.TransferReversal> {
  return stripe.transfers.retrieveReversal(idOf(transfer) ?? '', id, { expand: REVERSAL_EXPANDS });
}

/** A refund of several captures reverses the transfer of each, and names one of the reversals. */
export async function withAllReversals(
  stripe: Stripe,
  refund: Refund,
  transfers: readonly Stripe.Transfer[],
): Promise<Refund> {
  const { reversal: named, platform } = refund;
  if (named === null || transfers.length < 2) return refund;
  const all = await Promise.all(transfers.map((transfer) => reversalsOf(stripe, transfer)));
  const others = await Promise.all(
    all
      .flat()
      .filter(({ id, source_refund: source }) => idOf(source) === refund.id && id !== named.id)
      .map((reversal) => readReversal(stripe, reversal)),
  );
  const entries = others.map(({ balance_transaction: entry }) => expanded(entry));
  const known = entries.filter((entry) => entry !== null);
  return {
    ...refund,
    reversal: { ...named, amount: others.reduce((sum, { amount }) => sum + amount, named.amount) },
    platform:
      known.length === entries.length ? platform && sumBalances([platform, ...known.map(netOf)]) : null,
    connected: refund.connected && sumBalances([refund.connected, ...others.map(takenBack)]),
  };
}
