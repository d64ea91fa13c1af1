import type Stripe from 'stripe';
import { PAYMENT_EXPANDS } from '../domain/commands/stripe-expands.ts';
import type { Order } from '../domain/orders/order.ts';
import { newOrder } from '../domain/orders/order.ts';
import type { LostDisputePolicy } from '../domain/orders/recovery-state.ts';
import { transition } from '../domain/orders/transition.ts';
import { adoptedOf, refusalOfAdoption } from './adoption.ts';
import { agreedTermsOf } from './agreed-terms.ts';
import { classify } from './errors.ts';
import type { Reader } from './observe.ts';
import { currentPayment, paymentsOfOrder } from './order-payments.ts';

/** An order was authorized again at most a few times. */
const PAYMENTS_MAX = 10;

/**
 * An order that Temporal has forgotten, built from what Stripe knows of it; null: Stripe knows none. One that was adopted is
 * found by Stripe's search: it is up to a minute behind, and not offered in every country. `onDisputeLost`: the one term of
 * a captured order that Stripe does not know.
 */
export async function readOrderFromStripe(
  reader: Reader,
  orderId: string,
  onDisputeLost: LostDisputePolicy,
): Promise<Order | null> {
  const found = await findPayment(reader.stripe, orderId);
  if (!found) return null;
  const intent = await reader.stripe.paymentIntents.retrieve(found.id, { expand: [...PAYMENT_EXPANDS] });
  if (refusalOfAdoption(intent, orderId, intent.livemode)) return null;
  const adopted = await adoptedOf(reader, intent);
  const terms = { ...(await agreedTermsOf(reader.stripe, intent, orderId)), onDisputeLost };
  const order = newOrder(terms, adopted.createdAt, intent.livemode);
  return transition(order, { type: 'adopted', adopted, isReopened: false });
}

/** The order's current payment: by its transfer group, or, where another made it, by the metadata of its adoption. */
async function findPayment(stripe: Stripe, orderId: string): Promise<Stripe.PaymentIntent | null> {
  const made = currentPayment(await paymentsOfOrder(stripe, orderId));
  return made ?? searchPayment(stripe, orderId);
}

async function searchPayment(stripe: Stripe, orderId: string): Promise<Stripe.PaymentIntent | null> {
  // Order ids have no quotes (domain/ids.ts).
  const query = `metadata['waybill_order']:'${orderId}'`;
  try {
    const { data } = await stripe.paymentIntents.search({ query, limit: PAYMENTS_MAX });
    return currentPayment(data);
  } catch (error) {
    if (classify(error).retryClass === 'refused') return null;
    throw error;
  }
}
