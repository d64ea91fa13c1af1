import type Stripe from 'stripe';
import type { WebhookEndpoint, WebhookSide } from '../domain/stripe-events/webhook-test.ts';
import { STRIPE_READ } from './read-options.ts';

const ENDPOINTS_MAX = 100;

export interface EndpointAtStripe extends WebhookEndpoint {
  readonly side: WebhookSide;
}

/** The endpoints at Stripe whose path ends so. Those of Connect bear the platform's application. */
export async function webhookEndpointsOf(stripe: Stripe, path: string): Promise<readonly EndpointAtStripe[]> {
  const { data } = await stripe.webhookEndpoints.list({ limit: ENDPOINTS_MAX }, STRIPE_READ);
  return data
    .filter(({ url }) => new URL(url).pathname.endsWith(path))
    .map(({ url, status, application, enabled_events: eventTypes }) => ({
      url,
      side: application === null ? 'platform' : 'connect',
      isEnabled: status === 'enabled',
      eventTypes,
    }));
}
