import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderResource } from '../../api/orders/order-schema.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => expect(await unbalanced(waybill)).toEqual([]));
afterAll(() => waybill?.stop());

/** A captured sale of 10.00, of which 5.00 went on by a special-case transfer. */
async function transferred(id: string) {
  await createOrder(waybill, { id, capture_method: 'automatic', transfer_amount: 300 });
  const made = await request(waybill, 'POST', `/v1/orders/${id}/transfers`, {
    body: { amount: 500, description: 'bonus' },
  });
  expect(made.status).toBe(200);
  return made.body.transfers[0];
}
const read = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`)).body;

describe("an order's special-case transfer", () => {
  it('shows what was reversed of it in the Dashboard', async () => {
    const transfer = await transferred('in-dashboard');
    expect(transfer).toMatchObject({ status: 'paid', amount_reversed: 0, reversals: [] });
    const reversal = await waybill.stripe.transfers.createReversal(transfer.id, { amount: 200 });
    await vi.waitFor(async () => {
      const order = await read('in-dashboard');
      expect(order).toMatchObject({
        transfers: [
          {
            status: 'partially_reversed',
            amount: 500,
            amount_reversed: 200,
            reversals: [{ id: reversal.id, object: 'transfer_reversal', amount: 200, currency: 'usd' }],
          },
        ],
        adjustments: [{ id: reversal.id, transfer: transfer.id }],
      });
      expect(orderResource.safeParse(order).error).toBeUndefined();
    }, WITHIN);
  });
});
