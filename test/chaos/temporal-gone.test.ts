import { kill } from 'node:process';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createOrder } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

/** Two seconds, and much more for a busy machine. gRPC's and the SDK's own retries took 22. */
const ANSWERED_WITHIN_MS = 18_000;
/** Requests that find Temporal gone: gRPC's own distance between two attempts to connect would be ten seconds and more by then. */
const OUTAGE_REQUESTS = 12;

let stack: Stack;
let at: { readonly apiUrl: string; readonly sandboxUrl: string };
beforeAll(async () => {
  ensureBuilt();
  stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'fatal' } });
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
}, 300_000);
afterAll(() => stack?.stop());

async function expectUnavailable(call: Promise<Awaited<ReturnType<typeof request>>>): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer in time')), ANSWERED_WITHIN_MS).unref();
  });
  const answer = await Promise.race([call, late]);
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true } });
  expect(answer.body.detail).toContain('Temporal cannot be reached');
  expect(answer.headers.get('retry-after')).toBe('2');
}

async function expectBack(id: string): Promise<void> {
  await vi.waitFor(async () => {
    expect((await request(at, 'GET', '/readyz')).status).toBe(200);
    expect(await createOrder(at, { id }, { key: id })).toMatchObject({ status: 201 });
  }, WITHIN);
}

it('requests are refused at once while Temporal is gone, and answered soon after it is back', async () => {
  await createOrder(at, { id: 'before' });
  await stack.processes.temporal.kill('SIGKILL');
  await expectUnavailable(createOrder(at, { id: 'killed' }, { key: 'killed' }));
  for (let n = 0; n < OUTAGE_REQUESTS; n++) await expectUnavailable(request(at, 'GET', '/v1/orders/before'));
  await stack.processes.temporal.start();
  await expectBack('killed');
});

it('so they are while Temporal hangs and its connections stay open', async () => {
  const { pid = 0 } = stack.processes.temporal;
  kill(pid, 'SIGSTOP');
  await expectUnavailable(createOrder(at, { id: 'hung' }, { key: 'hung' }));
  await expectUnavailable(request(at, 'GET', '/v1/orders/before'));
  kill(pid, 'SIGCONT');
  await expectBack('hung');
});
