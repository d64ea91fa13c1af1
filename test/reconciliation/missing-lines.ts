import Stripe from 'stripe';
import { createStripeClient } from '../../stripe/client.ts';

/** A client that is not shown what arrived on connected accounts. */
export function withMissingLines(url: string): Stripe {
  const node = Stripe.createNodeHttpClient();
  const send = node.makeRequest.bind(node);
  node.makeRequest = async (...request) => {
    const response = await send(...request);
    if (!request[2].startsWith('/v1/balance_transactions?')) return response;
    const list = await response.toJSON();
    list.data = list.data.filter(({ type }: { type: string }) => type !== 'payment');
    return Object.assign(response, { toJSON: async () => list });
  };
  return createStripeClient({ secretKey: 'sk_test_waybill', apiBase: url, httpClient: node });
}
