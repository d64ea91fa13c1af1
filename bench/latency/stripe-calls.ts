import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';

// Loaded ahead of a program: notes each call to Stripe's stand-in that an order makes, from when it goes out until the whole answer is there.
const file = process.env.WAYBILL_BENCH_STRIPE_CALLS ?? '';
const host = `127.0.0.1:${process.env.SANDBOX_PORT}`;
const OF_ORDERS = /^\/v1\/(charges|payment_intents)/;

const startedAt = new WeakMap<ClientRequest, number>();
const now = (): number => performance.timeOrigin + performance.now();

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest };
  if (request.getHeader('host') === host && OF_ORDERS.test(request.path)) startedAt.set(request, now());
});
subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  const from = startedAt.get(request);
  if (from === undefined) return;
  response.once('end', () => appendFileSync(file, `${from} ${now()}\n`));
});
