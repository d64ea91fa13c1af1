import { expect, it } from 'vitest';
import { createStripeClient } from '../../stripe/client.ts';

it.each([
  ['https://api.stripe.com', 'https', 'api.stripe.com', '443'],
  ['http://127.0.0.1:12111', 'http', '127.0.0.1', '12111'],
  ['http://sandbox', 'http', 'sandbox', '80'],
  ['https://stripe.internal:8443', 'https', 'stripe.internal', '8443'],
])('talks to %s, and leaves every retry to Temporal', (apiBase, protocol, host, port) => {
  const stripe = createStripeClient({ secretKey: 'sk_test_x', apiBase, timeoutMs: 5 });
  const field = (name: 'protocol' | 'host' | 'port') => String(stripe.getApiField(name));
  expect([field('protocol'), field('host'), field('port')]).toEqual([protocol, host, port]);
  expect(stripe.getMaxNetworkRetries()).toBe(0);
  expect(stripe.getApiField('timeout')).toBe(5);
});
