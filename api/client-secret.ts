import type Stripe from 'stripe';
import type { Order } from '../domain/order.ts';
import { STRIPE_READ } from './stripe-read.ts';

/**
 * What Stripe.js takes the customer through 3-D Secure with, where there is no page to send them to. Whoever has it can pay: it is
 * read for the answer that needs it and kept nowhere, no history included. Null: not needed, or Stripe cannot be asked now.
 */
export async function clientSecretOf(stripe: Stripe, { payment }: Order): Promise<string | null> {
  if (payment.status !== 'requires_action' || payment.nextAction?.redirectUrl !== null) return null;
  try {
    const intent = await stripe.paymentIntents.retrieve(payment.paymentIntent, {}, STRIPE_READ);
    return intent.client_secret;
  } catch {
    return null;
  }
}
