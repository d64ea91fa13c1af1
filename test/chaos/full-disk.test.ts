import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createOrder, sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import type { Answer } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';

const BACK_WITHIN = { timeout: 90_000, interval: 500 };
const ORDERS = 8;

let stack: Stack;
let at: { readonly apiUrl: string; readonly sandboxUrl: string };
beforeAll(async () => {
  ensureBuilt();
  stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'fatal' } });
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
}, 300_000);
afterAll(() => stack?.stop());

/** Up to where its files may be written: beyond, the kernel refuses, as a full disk does. */
function limitTemporal(fileBytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(stack.processes.temporal.pid), `--fsize=${fileBytes}:unlimited`]);
}

const order = (n: number): Promise<Answer> => createOrder(at, { id: `full-${n}` }, { key: `full-${n}` });

it('a disk that is full under Temporal loses nothing and pays nothing twice', async () => {
  expect(await createOrder(at, { id: 'before' })).toMatchObject({ status: 201 });
  limitTemporal(0);

  const refused = await Promise.all(Array.from({ length: ORDERS }, (_, n) => order(n)));
  for (const { status, body } of refused)
    expect({ ...body, status }).toMatchObject({ status: 503, code: 'unavailable', retryable: true });

  limitTemporal('unlimited');
  await vi.waitFor(async () => {
    for (let n = 0; n < ORDERS; n++) expect(await order(n)).toMatchObject({ status: 201 });
  }, BACK_WITHIN);
  expect(await request(at, 'GET', '/v1/orders/before')).toMatchObject({ body: { status: 'authorized' } });
  const made = (await sandboxRequests(at)).filter(
    ({ method, path, status, replayed }) =>
      method === 'POST' && path === '/v1/payment_intents' && status === 200 && !replayed,
  );
  expect(made).toHaveLength(ORDERS + 1);
});
