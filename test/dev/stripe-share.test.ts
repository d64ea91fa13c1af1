import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { launches } from '../../dev/processes/parts.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';

/** What all workers together may send in a second: few enough that one process could send twice as much. */
const SHARED = 10;
const SETTINGS = {
  WAYBILL_STRIPE_CALLS_PER_SECOND: `${SHARED}`,
  WAYBILL_STRIPE_CALLS_PER_ENDPOINT: `${SHARED}`,
  LOG_LEVEL: 'info',
};
const ORDERS = 60;
/** Of each order: whether Stripe knows it, and its payment. */
const PATHS = new Set(['/v1/charges', '/v1/payment_intents']);
/** A worker looks for others every five seconds. */
const WITHIN = { timeout: 90_000, interval: 200 };

let stack: Stack;
/** Another worker process on the same task queue. */
let second: ManagedProcess;
/** Worker processes that know that they are two. */
const knowing = new Set<string>();
beforeAll(async () => {
  ensureBuilt();
  const hears = (name: string) => (_: string, line: string) => {
    if (line.includes('"workers":2')) knowing.add(name);
  };
  stack = await startStack({ env: SETTINGS, onLine: hears('first') });
  const { config } = stack;
  const env = {
    ...process.env,
    ...SETTINGS,
    TEMPORAL_ADDRESS: config.temporal.address,
    STRIPE_API_BASE: stack.urls.sandbox,
    WAYBILL_HOME: config.home,
  };
  second = new ManagedProcess({
    name: 'second worker',
    logFile: join(config.home, 'logs', 'second-worker.log'),
    launch: launches(config, env, async () => '').worker,
    supervise: false,
    report: () => undefined,
    onLine: (line) => hears('second')('', line),
    onGivenUp: () => undefined,
  });
  await second.start();
});
afterAll(async () => {
  await second?.stop();
  await stack?.stop();
});

it('two worker processes together stay within Stripe’s limit, and send what there is', async () => {
  await vi.waitFor(() => expect(knowing.size).toBe(2), WITHIN);
  const waybill = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  const starts = Array.from({ length: ORDERS }, (_, count) => start(waybill.apiUrl, `order-${count}`));
  expect(new Set(await Promise.all(starts))).toEqual(new Set([202]));
  await vi.waitFor(async () => expect(await authorized(waybill.apiUrl)).toBe(ORDERS), WITHIN);

  const sent = (await sandboxRequests(waybill)).filter(({ path }) => PATHS.has(path));
  // One whose answer is late is sent again.
  expect(sent.length).toBeGreaterThanOrEqual(2 * ORDERS);
  const seconds = sent.map(({ created }) => created);
  // Over all of them: where a process stands still for a moment, those that waited for it arrive together.
  const lastedSeconds = 1 + Math.max(...seconds) - Math.min(...seconds);
  expect(sent.length / lastedSeconds).toBeLessThan(1.25 * SHARED);
});

async function start(apiUrl: string, id: string): Promise<number> {
  const response = await fetch(`${apiUrl}/v1/orders`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer dev_service',
      'content-type': 'application/json',
      'idempotency-key': id,
      prefer: 'wait=0',
    },
    body: JSON.stringify({
      id,
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: 'acct_1WaybillUSCustom',
    }),
  });
  return response.status;
}

async function authorized(apiUrl: string): Promise<number> {
  const response = await fetch(`${apiUrl}/v1/orders?status=authorized&limit=100`, {
    headers: { authorization: 'Bearer dev_read' },
  });
  return ((await response.json()) as { data: unknown[] }).data.length;
}
