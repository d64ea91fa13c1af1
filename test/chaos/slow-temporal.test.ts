import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createOrder, sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { SlowProxy } from '../support/slow-proxy.ts';
import { request } from '../support/waybill.ts';

const BACK_WITHIN = { timeout: 90_000, interval: 500 };

let temporal: Stack;
let network: SlowProxy;
let stack: Stack;
let at: { readonly apiUrl: string; readonly sandboxUrl: string };
beforeAll(async () => {
  ensureBuilt();
  temporal = await startStack({ fresh: true, env: { LOG_LEVEL: 'fatal' }, parts: ['temporal'] });
  network = new SlowProxy(temporal.ports.temporal);
  const env = { LOG_LEVEL: 'fatal', TEMPORAL_ADDRESS: await network.listen() };
  stack = await startStack({ fresh: true, env, parts: ['sandbox', 'worker', 'api'] });
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  await network?.close();
  await temporal?.stop();
});

/** A caller of a slow system: ten seconds are the default. */
const headers = { prefer: 'wait=60' };
const post = (path: string, body: object, key: string) => request(at, 'POST', path, { body, key, headers });
const paymentsMade = async () =>
  (await sandboxRequests(at)).filter(
    ({ method, path, status, replayed }) =>
      method === 'POST' && path === '/v1/payment_intents' && status === 200 && !replayed,
  ).length;

it('a Temporal that takes half a second for each answer serves orders, later', async () => {
  network.delayMs = 250;
  expect(await createOrder(at, { id: 'slow' }, { key: 'slow', headers })).toMatchObject({ status: 201 });
  expect(await post('/v1/orders/slow/capture', {}, 'slow-capture')).toMatchObject({ status: 200 });
  expect(await post('/v1/orders/slow/refunds', { amount: 300 }, 'slow-refund')).toMatchObject({
    status: 200,
    body: { amount_refunded: 300 },
  });
  await vi.waitFor(async () => expect((await request(at, 'GET', '/readyz')).status).toBe(200), BACK_WITHIN);
  expect(await paymentsMade()).toBe(1);
});

it('one that takes six seconds is refused as if it were gone, and what was begun is done once', async () => {
  network.delayMs = 3_000;
  const answers = await Promise.all(
    [0, 1, 2].map((n) => createOrder(at, { id: `slower-${n}` }, { key: `slower-${n}` })),
  );
  for (const { status, body } of answers) {
    expect({ ...body, status }).toMatchObject({ status: 503, code: 'unavailable', retryable: true });
  }
  network.delayMs = 0;
  await vi.waitFor(async () => {
    for (const n of [0, 1, 2]) {
      expect(await createOrder(at, { id: `slower-${n}` }, { key: `slower-${n}` })).toMatchObject({
        status: 201,
      });
    }
  }, BACK_WITHIN);
  expect(await paymentsMade()).toBe(4);
});
