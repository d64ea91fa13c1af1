import type Stripe from 'stripe';
import { problem } from '../domain/errors.ts';
import type { OperationOutcome } from '../domain/operations.ts';
import type { PaymentMethodRef, PaymentSource } from '../domain/order.ts';
import { judge } from '../stripe/errors.ts';
import { idOf } from './payment-facts.ts';
import { retryableRead } from './run-once.ts';

type Choice =
  | { readonly method: PaymentMethodRef; readonly refusal: null }
  | { readonly method: null; readonly refusal: OperationOutcome };

/** The payment method to pay with: the one named, or the customer's default, which a PaymentIntent does not take by itself. */
export async function paymentMethodFor(stripe: Stripe, { method, customer }: PaymentSource): Promise<Choice> {
  if (method) return { method, refusal: null };
  if (customer === null) return refused('The order names neither a payment method nor a customer.');
  const known = await retryableRead(() => retrieveOrMissing(stripe, customer));
  if (known === null || known.deleted) return refused(`No such customer: '${customer}'`, 'resource_missing');
  const id = idOf(known.invoice_settings.default_payment_method) ?? idOf(known.default_source);
  return id
    ? { method: { type: 'payment_method', id }, refusal: null }
    : refused(`Customer ${customer} has no default payment method.`);
}

async function retrieveOrMissing(stripe: Stripe, id: string) {
  try {
    return await stripe.customers.retrieve(id);
  } catch (error) {
    if (judge(error).failure.code === 'resource_missing') return null;
    throw error;
  }
}

function refused(detail: string, stripeCode?: string): Choice {
  const why = problem('stripe_refused', detail, { param: 'customer', ...(stripeCode ? { stripeCode } : {}) });
  return { method: null, refusal: { type: 'refused', stripeRequestId: null, payment: null, problem: why } };
}
