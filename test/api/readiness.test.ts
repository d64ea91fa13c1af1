import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createStripeClient } from '../../stripe/client.ts';
import { WITHIN } from '../support/within.ts';
import { serveApp } from './serve-app.ts';

it.each([
  ['reachable', 'takes', 200, { id: 'acct_1', object: 'account' }],
  ['unreachable', 'refuses', 401, { error: { type: 'invalid_request_error', message: 'Invalid API Key' } }],
])('/readyz says that Stripe is %s where it %s the key', async (stripe, _, status, body) => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app = await serveApp({ stripe: createStripeClient({ secretKey: 'sk_test_1', apiBase }) });
  // It does not wait for Stripe: on a busy machine the first answer knows nothing of it yet.
  await expect.poll(async () => (await app.call('GET', '/readyz')).body.stripe, WITHIN).toBe(stripe);
  await app.stop();
  server.closeAllConnections();
  server.close();
});

it('/readyz does not wait for a Stripe that gives no answer: a proxy would take every API for gone', async () => {
  const asked: ServerResponse[] = [];
  const server = createServer((_request, response) => void asked.push(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app = await serveApp({ stripe: createStripeClient({ secretKey: 'sk_test_1', apiBase }) });
  const stripe = async () => (await app.call('GET', '/readyz')).body.stripe;
  expect(await stripe()).toBe('unreachable');
  await expect.poll(() => asked.length, WITHIN).toBe(1);
  // Whoever asks next learns what came late: nobody has given up the call.
  asked[0]?.writeHead(200, { 'Content-Type': 'application/json' });
  asked[0]?.end(JSON.stringify({ id: 'acct_1', object: 'account' }));
  await expect.poll(stripe, WITHIN).toBe('reachable');
  expect(asked).toHaveLength(1);
  await app.stop();
  server.closeAllConnections();
  server.close();
});
