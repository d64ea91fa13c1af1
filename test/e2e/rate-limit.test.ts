import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, sandboxRequests, WITHIN } from './support.ts';

const ORDERS = 200;
const CALLS_PER_SECOND = 10;
const ORDER = {
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account: DESTINATION,
};

let waybill: Waybill;
/** A request that a busy machine refuses for now is repeated under its key, as callers do. */
const begin = (id: string) =>
  vi.waitFor(async () => {
    const asked = { body: { ...ORDER, id }, key: `begin-${id}`, headers: { Prefer: 'wait=0' } };
    expect((await request(waybill, 'POST', '/v1/orders', asked)).status).toBe(202);
  }, WITHIN);
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 15 * 60_000 });
});
afterAll(() => waybill?.stop());

it('200 orders drain under a limit of 10 calls a second, with at most half as many calls again as they need', async () => {
  // What the API asks once and remembers is no order's.
  await createOrder(waybill, { id: 'before' });
  const callsBefore = (await sandboxRequests(waybill)).length;
  await createOrder(waybill, { id: 'alone' });
  const earlier = (await sandboxRequests(waybill)).length;
  const needed = ORDERS * (earlier - callsBefore);
  await control(waybill, 'settings', { rate_limit_per_second: CALLS_PER_SECOND });

  const ids = Array.from({ length: ORDERS }, (_, count) => `limited-${count}`);
  await Promise.all(ids.map((id) => begin(id)));
  await vi.waitFor(
    async () => {
      const { count } = await waybill.env.client.workflow.count("OrderStatus = 'authorized'");
      expect(count).toBe(ORDERS + 2);
    },
    { timeout: 540_000, interval: 500 },
  );

  const calls = (await sandboxRequests(waybill)).length - earlier;
  expect(calls).toBeGreaterThanOrEqual(needed);
  expect(calls).toBeLessThanOrEqual(needed * 1.5);
}, 600_000);
