import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createStripeClient } from '../../stripe/client.ts';
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
  expect((await app.call('GET', '/readyz')).body).toMatchObject({ stripe });
  await app.stop();
  server.closeAllConnections();
  server.close();
});
