import type { Order } from '../../domain/orders/order.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import { orElse } from '../http/or-else.ts';

/** How the customer continues with 3-D Secure: on a page, or otherwise with Stripe.js. */
export interface CustomerSecrets {
  readonly redirectUrl: string | null;
  readonly clientSecret: string | null;
}

export const NO_SECRETS: CustomerSecrets = { redirectUrl: null, clientSecret: null };

/**
 * Whoever has the client secret can pay, and Stripe's page for 3-D Secure has it in its URL. Both are read for the answer that needs
 * them and stored nowhere, Temporal's history included. Null: not needed, or Stripe does not answer now.
 */
export async function customerSecretsOf(
  { stripe, logger }: Pick<Backend, 'stripe' | 'logger'>,
  { payment }: Order,
): Promise<CustomerSecrets> {
  if (payment.status !== 'requires_action') return NO_SECRETS;
  const { paymentIntent } = payment;
  return orElse(logger, `Reading how ${paymentIntent} goes on`, NO_SECRETS, async () => {
    const intent = await stripe.paymentIntents.retrieve(paymentIntent, {}, STRIPE_READ);
    const redirectUrl = intent.next_action?.redirect_to_url?.url ?? null;
    return { redirectUrl, clientSecret: redirectUrl === null ? intent.client_secret : null };
  });
}
