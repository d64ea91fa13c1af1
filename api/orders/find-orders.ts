import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { orderNamedIn } from '../../domain/stripe-events/stripe-events.ts';
import { classify } from '../../stripe/errors.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import type { ListOrdersQuery } from './list-orders-query.ts';

/** Stripe's longest page. */
const CUSTOMERS_MAX = 100;

type Finder = Pick<Backend, 'stripe' | 'stripeReads'>;

/** What names one order together with Stripe; other filters cannot narrow that further. */
export function asksForOne(query: ListOrdersQuery): boolean {
  return query.payment_intent !== undefined || query.charge !== undefined;
}

/** The order that a payment at Stripe names; null: it names none, or Stripe knows no such payment. */
export async function orderOfPayment(
  { stripe, stripeReads }: Finder,
  query: ListOrdersQuery,
  actor: string,
): Promise<string | null> {
  const { payment_intent: intent, charge } = query;
  stripeReads.spend(actor);
  try {
    if (intent !== undefined) {
      return orderNamedIn((await stripe.paymentIntents.retrieve(intent, {}, STRIPE_READ)).metadata);
    }
    // A payment that was taken over names its order itself; its charge does not.
    const { metadata, payment_intent: of } = await stripe.charges.retrieve(
      charge ?? '',
      { expand: ['payment_intent'] },
      STRIPE_READ,
    );
    return orderNamedIn(metadata) ?? (typeof of === 'object' ? orderNamedIn(of?.metadata) : null);
  } catch (error) {
    if (classify(error).failure.code === 'resource_missing') return null;
    throw error;
  }
}

/** The customers of the platform that have this e-mail address, exactly as Stripe keeps it. */
export async function customersOf(
  { stripe, stripeReads }: Finder,
  email: string,
  actor: string,
): Promise<readonly string[]> {
  stripeReads.spend(actor);
  const { data, has_more: more } = await stripe.customers.list({ email, limit: CUSTOMERS_MAX }, STRIPE_READ);
  if (!more) return data.map(({ id }) => id);
  const why = `customer_email belongs to more than ${CUSTOMERS_MAX} customers. Ask by customer instead.`;
  throw new ProblemError(problem('invalid_request', why, { param: 'customer_email' }));
}
