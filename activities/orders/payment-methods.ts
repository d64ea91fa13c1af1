import type Stripe from 'stripe';
import type { AuthorizeOperation, OperationOutcome } from '../../contract/operations.ts';
import type { PaymentMethodRef } from '../../domain/commands/payment-method-ref.ts';
import { problem } from '../../domain/errors.ts';
import { paymentMethodKey } from '../../domain/ids.ts';
import type { PaymentSource } from '../../domain/orders/order.ts';
import { classify, PAYER_ON_PLATFORM_HINT } from '../../stripe/errors.ts';
import { idOf } from '../../stripe/payment-facts.ts';
import { retryableRead } from '../shared/run-once.ts';

/** The operation that pays. */
type Payer = Pick<AuthorizeOperation, 'orderId' | 'operationId' | 'generation'>;

type Choice =
  | { readonly method: string; readonly refusal: null }
  | { readonly method: null; readonly refusal: OperationOutcome };

/** The payment method to pay with: the one named, or the customer's default, which a PaymentIntent does not use automatically. */
export async function paymentMethodFor(
  stripe: Stripe,
  operation: Payer,
  { method, customer }: PaymentSource,
): Promise<Choice> {
  if (method) return { method: await paymentMethodId(stripe, operation, method), refusal: null };
  if (customer === null) return refused('The order names neither a payment method nor a customer.');
  const known = await retryableRead(() => retrieveOrMissing(stripe, customer));
  if (known === null || known.deleted) {
    return refused(`No such customer: '${customer}'. ${PAYER_ON_PLATFORM_HINT}`, 'resource_missing');
  }
  const id = idOf(known.invoice_settings.default_payment_method) ?? idOf(known.default_source);
  return id ? { method: id, refusal: null } : refused(`Customer ${customer} has no default payment method.`);
}

/**
 * A one-off token becomes a payment method, under a key of its own: a repeat gets the same one. Where Stripe stored a failure under
 * that key, each new key of the operation allows one more: a token that was used is then refused.
 */
export async function paymentMethodId(
  stripe: Stripe,
  operation: Payer,
  { type, id }: PaymentMethodRef,
): Promise<string> {
  if (type === 'payment_method') return id;
  for (let attempt = 0; ; attempt++) {
    try {
      const idempotencyKey = paymentMethodKey({ ...operation, attempt });
      const made = await stripe.paymentMethods.create(
        { type: 'card', card: { token: id } },
        { idempotencyKey },
      );
      return made.id;
    } catch (error) {
      const { retryClass, replayed } = classify(error);
      const isStoredFailure = replayed && retryClass === 'failed_under_key';
      if (!isStoredFailure || attempt === operation.generation) throw error;
    }
  }
}

async function retrieveOrMissing(stripe: Stripe, id: string) {
  try {
    return await stripe.customers.retrieve(id);
  } catch (error) {
    if (classify(error).failure.code === 'resource_missing') return null;
    throw error;
  }
}

function refused(detail: string, stripeCode?: string): Choice {
  const why = problem('stripe_refused', detail, { param: 'customer', ...(stripeCode ? { stripeCode } : {}) });
  return { method: null, refusal: { type: 'refused', stripeRequestId: null, payment: null, problem: why } };
}
