import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, sandboxRequests } from './support.ts';

const BUDGET = 3;

let waybill: Waybill;
beforeAll(async () => {
  const limits = { perKey: 1_000, perAddress: 600, stripeReadsPerKey: BUDGET, commandsMax: 100 };
  waybill = await startWaybill({}, {}, { api: { limits } });
});
afterAll(() => waybill?.stop());

async function searches(): Promise<number> {
  const requests = await sandboxRequests(waybill);
  return requests.filter(({ path }) => path === '/v1/payment_intents/search').length;
}

const read = (id: string, as: 'read' | 'ops' = 'read') => request(waybill, 'GET', `/v1/orders/${id}`, { as });

it('a key that asks for unknown orders gets a limited number of searches at Stripe, and still reads its own orders', async () => {
  await createOrder(waybill, { id: 'known' });
  for (let times = 0; times < 10; times++) expect((await read('none')).status).toBe(404);
  expect(await searches()).toBe(1);
  const statuses = [];
  for (let id = 0; id < 10; id++) statuses.push((await read(`none-${id}`)).status);
  expect(statuses).toEqual([404, 404, 429, 429, 429, 429, 429, 429, 429, 429]);
  expect(await searches()).toBe(BUDGET);
  expect((await read('known')).status).toBe(200);
  expect((await read('none-9', 'ops')).status).toBe(404);
});
