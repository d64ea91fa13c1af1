import getPort from 'get-port';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { control, createOrder, WITHIN } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';

let stack: Stack;
let metricsUrl: string;
beforeAll(async () => {
  ensureBuilt();
  const address = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
  metricsUrl = `http://${address}/metrics`;
  stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn', WORKER_METRICS_ADDRESS: address } });
}, 300_000);
afterAll(() => stack?.stop(), 60_000);

it('a worker counts what begins to ask for a person, for whoever watches it', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  // It ends in less than the day ahead of which people are warned.
  await control(at, 'settings', { capture_window_seconds: 3_600 });
  expect((await createOrder(at)).status).toBe(201);
  await vi.waitFor(async () => {
    const text = await (await fetch(metricsUrl)).text();
    expect(text).toMatch(/^waybill_order_notices\{.*code="capture_expiring".*\} 1$/m);
  }, WITHIN);
});
