import type Stripe from 'stripe';
import { REQUEST_HASH } from '../domain/commands/operation-stamp.ts';
import { orderTransferGroup } from '../domain/commands/transfer-groups.ts';
import { expanded } from './payment-facts.ts';

/** Stripe lists no more charges of one transfer group. */
const CHARGES_MAX = 100;

/**
 * The PaymentIntents that Waybill made for an order and that reached a charge, newest first. One call, up to date at once, however
 * many payments the platform has: Stripe's search lags, and its list of PaymentIntents knows no metadata. A PaymentIntent
 * without a charge holds nobody's money.
 */
export async function paymentsOfOrder(
  stripe: Stripe,
  orderId: string,
): Promise<readonly Stripe.PaymentIntent[]> {
  const { data } = await stripe.charges.list({
    transfer_group: orderTransferGroup(orderId),
    limit: CHARGES_MAX,
    expand: ['data.payment_intent'],
  });
  const payments = new Map<string, Stripe.PaymentIntent>();
  for (const charge of data) {
    const payment = expanded(charge.payment_intent);
    if (payment?.metadata.waybill_order === orderId) payments.set(payment.id, payment);
  }
  return newestFirst([...payments.values()]);
}

/** The one that counts: the newest; a canceled one only if there is no other. Null: there is none. */
export function currentPayment(payments: readonly Stripe.PaymentIntent[]): Stripe.PaymentIntent | null {
  const sorted = newestFirst(payments);
  return sorted.find(({ status }) => status !== 'canceled') ?? sorted[0] ?? null;
}

/** The one that a caller's request created: a payment that took another one's place was not asked for. Null: it was adopted. */
export function requestedPayment(payments: readonly Stripe.PaymentIntent[]): Stripe.PaymentIntent | null {
  return payments.find(({ metadata }) => metadata[REQUEST_HASH] !== undefined) ?? null;
}

function newestFirst(payments: readonly Stripe.PaymentIntent[]): Stripe.PaymentIntent[] {
  return payments.toSorted((a, b) => b.created - a.created);
}
