import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => {
  await control(waybill, 'settings', { negative_balances: true });
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function sold(body: Record<string, unknown> = {}) {
  const sale = { capture_method: 'automatic', application_fee_amount: 123, ...body };
  return (await createOrder(waybill, sale)).body;
}

async function shows(id: string, expected: object) {
  await vi.waitFor(async () => {
    expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body).toMatchObject(expected);
  }, WITHIN);
}

function refund(id: string, body: Record<string, unknown> = {}) {
  return request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body });
}

describe('a refund that fails after it had succeeded', () => {
  it('is none any more: the order says so, asks for somebody, and can be refunded again', async () => {
    const { id } = await sold();
    const made = await refund(id, { reverse_transfer: true });
    expect(made.body).toMatchObject({ status: 'refunded', amount_refunded: 1000 });
    const [{ id: failed }] = made.body.refunds;
    await control(waybill, `refunds/${failed}/fail`, { reason: 'expired_or_canceled_card' });
    await shows(id, {
      status: 'captured',
      amount_refunded: 0,
      refunds: [{ id: failed, status: 'failed' }],
      needs_attention: { code: 'refund_failed', subject: failed, operation: null },
      // The money is back on the platform; what was reversed from the connected account stays there.
      funds: { platform_net: 64 + 1000, connected_net: 877 - 1000 },
    });

    const body = { action: 'acknowledge', stripe_id: failed, reason: 'refunded again' };
    expect((await request(waybill, 'POST', `/v1/orders/${id}/resolve`, { body })).body).toMatchObject({
      needs_attention: null,
    });
    const again = await refund(id);
    expect(again.body).toMatchObject({ status: 'refunded', amount_refunded: 1000, needs_attention: null });
    await shows(id, { funds: { platform_net: 64, connected_net: 877 - 1000 } });
  });
});

it('a reversal that the connected account cannot bear refuses the refund; nothing moved, and it can be refunded otherwise', async () => {
  // Less is left on its balance than the transfer brought: the fee went back to the platform.
  const { id, funds } = await sold({ connected_account: 'acct_1WaybillUSXpress' });
  await control(waybill, 'settings', { negative_balances: false });
  const refused = await refund(id, { reverse_transfer: true });
  expect(refused).toMatchObject({
    status: 400,
    body: { code: 'stripe_refused', stripe_code: 'balance_insufficient' },
  });
  expect((await refund(id)).body).toMatchObject({
    status: 'refunded',
    funds: { platform_net: funds.platform_net - 1000, connected_net: 877 },
    needs_attention: null,
  });
});
