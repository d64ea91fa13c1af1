import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { launches } from '../../dev/processes/parts.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { control, sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';

/** Stripe's limit in test mode, and the four fifths of it that workers take by default. */
const STRIPE_TAKES = 25;
const SHARED = { WAYBILL_STRIPE_CALLS_PER_SECOND: '20', WAYBILL_STRIPE_CALLS_PER_ENDPOINT: '20' };
const ORDERS = 60;
/** A worker looks for others every five seconds. */
const WITHIN = { timeout: 60_000, interval: 200 };

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
  stack = await startStack({ env: { ...SHARED, LOG_LEVEL: 'info' }, onLine: hears('first') });
  const { config } = stack;
  const env = {
    ...process.env,
    ...SHARED,
    LOG_LEVEL: 'info',
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
}, 120_000);
afterAll(async () => {
  await second?.stop();
  await stack?.stop();
});

it('two worker processes together stay within Stripe’s limit, and send what there is', async () => {
  await vi.waitFor(() => expect(knowing.size).toBe(2), WITHIN);
  const waybill = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  await control(waybill, 'settings', { rate_limit_per_second: STRIPE_TAKES });
  const starts = Array.from({ length: ORDERS }, (_, count) => start(waybill.apiUrl, `order-${count}`));
  expect(new Set(await Promise.all(starts))).toEqual(new Set([202]));
  await vi.waitFor(async () => expect(await authorized(waybill.apiUrl)).toBe(ORDERS), WITHIN);

  const requests = await sandboxRequests(waybill);
  expect(requests.filter(({ status }) => status === 429)).toEqual([]);
  const calls = requests.filter(({ path }) => path.startsWith('/v1/payment_intents')).length;
  expect(calls).toBeGreaterThanOrEqual(ORDERS);
}, 150_000);

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
