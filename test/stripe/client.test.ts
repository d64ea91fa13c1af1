import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

it('reads half an emoji in an answer of Stripe’s as a replacement character', async () => {
  const server = createServer((_req, res) =>
    res
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end('{"id":"cus_1","object":"customer","name":"Jo \\ud83c","metadata":{"\\udf89":"🎉"}}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stripe = createStripeClient({ secretKey: 'sk_test_x', apiBase: `http://127.0.0.1:${port}` });
  const customer = await stripe.customers.retrieve('cus_1');
  expect(customer).toMatchObject({ name: 'Jo \ufffd', metadata: { '\ufffd': '🎉' } });
  server.closeAllConnections();
  server.close();
});
