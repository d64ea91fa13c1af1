import Stripe from 'stripe';
import { createStripeClient } from '../../stripe/client.ts';

type Send = ReturnType<typeof Stripe.createNodeHttpClient>['makeRequest'];

/** In a request to Stripe: its path and its headers. */
export const [PATH, HEADERS] = [2, 4] as const;

/** The official client on the sandbox, each of whose requests goes through `around`. */
export function clientThrough(
  url: string,
  around: (send: Send, request: Parameters<Send>) => ReturnType<Send>,
): Stripe {
  const node = Stripe.createNodeHttpClient();
  const send = node.makeRequest.bind(node);
  node.makeRequest = (...request) => around(send, request);
  return createStripeClient({ secretKey: 'sk_test_waybill', apiBase: url, httpClient: node });
}

/** One that is shown the lists of that path (`/v1/refunds`) otherwise than they are: as `change` leaves their `data`. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of many shapes
export function clientShown(url: string, path: string, change: (data: any[]) => void): Stripe {
  return clientThrough(url, async (send, request) => {
    const response = await send(...request);
    if (!request[PATH].startsWith(`${path}?`)) return response;
    const list = await response.toJSON();
    change(list.data);
    return Object.assign(response, { toJSON: async () => list });
  });
}
