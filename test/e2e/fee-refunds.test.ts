import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

const SECONDS_LATER = { seconds: 100 };
const WITH_FEE = { reverse_transfer: true, refund_application_fee: true };

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

/** A sale of 10.00 with a fee of 1.00, of which somebody gave 0.10 back in the Dashboard; nobody has told the order of it. */
async function soldAndGivenBack(terms: Record<string, unknown>) {
  const sale = { capture_method: 'automatic', application_fee_amount: 100, ...terms };
  const { body } = await createOrder(waybill, sale);
  await waybill.stripe.applicationFees.createRefund(body.application_fee, { amount: 10 });
  await control(waybill, 'clock/advance', SECONDS_LATER);
  return body.id;
}

/** Stripe’s event of it, late. */
async function hears(id: string): Promise<void> {
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
  const event = { eventId: `evt_of_${id}`, eventType: 'application_fee.refunded' };
  await handle.signal(stripeEventSignal, event);
}

it.each([
  ['', {}],
  [' that was converted', { connected_account: 'acct_1WaybillDECustom', on_behalf_of: true }],
])('a refund refunds its own share of the fee%s, and not what was refunded before', async (_, terms) => {
  const id = await soldAndGivenBack(terms);
  for (const amount of [1, 200, 300]) {
    const refund = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, {
      body: { amount, ...WITH_FEE },
    });
    expect(refund.status).toBe(200);
  }
  const shares = [
    { application_fee_refunded: 0 },
    { application_fee_refunded: 20 },
    { application_fee_refunded: 30 },
  ];
  expect(await order(id)).toMatchObject({ refunds: shares });
  await hears(id);
  await vi.waitFor(async () => {
    expect(await order(id)).toMatchObject({
      refunds: shares,
      adjustments: [{ object: 'application_fee_refund', amount: 10 }],
    });
  }, WITHIN);
  const { funds } = await order(id);
  const { totals } = (await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`)).body;
  expect(totals).toMatchObject({ platform: funds.platform, connected: funds.connected });
});

describe('a fee in yen, refunded in parts that convert to less than a cent', () => {
  const yenSale = { amount: 1000, currency: 'jpy', application_fee_amount: 100, capture_method: 'automatic' };
  const SHARE = { amount: 10, ...WITH_FEE };

  it('is refunded again and again', async () => {
    const { body } = await createOrder(waybill, yenSale);
    for (const _ of [1, 2, 3]) {
      const refund = await request(waybill, 'POST', `/v1/orders/${body.id}/refunds`, { body: SHARE });
      expect(refund.status).toBe(200);
    }
    const given = { amount: 10, application_fee_refunded: 1 };
    expect(await order(body.id)).toMatchObject({ needs_attention: null, refunds: [given, given, given] });
  });

  it('is read after it was refunded in the Dashboard', async () => {
    const { body } = await createOrder(waybill, yenSale);
    for (const _ of [1, 2]) {
      await waybill.stripe.refunds.create({ payment_intent: body.payment_intent, ...SHARE });
    }
    await hears(body.id);
    await vi.waitFor(async () => {
      const { amount_refunded, refunds } = await order(body.id);
      const given = refunds.map((one: { application_fee_refunded: number }) => one.application_fee_refunded);
      expect([amount_refunded, given[0] + given[1]]).toEqual([20, 2]);
    }, WITHIN);
  });

  it('is adopted after it was refunded in the Dashboard', async () => {
    const { id: payment } = await waybill.stripe.paymentIntents.create({
      amount: 1000,
      currency: 'jpy',
      confirm: true,
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      application_fee_amount: 100,
      transfer_data: { destination: DESTINATION },
    });
    await waybill.stripe.refunds.create({ payment_intent: payment, ...SHARE });
    await waybill.stripe.refunds.create({ payment_intent: payment, ...SHARE });
    const adoption = { body: { payment_intent: payment } };
    const adopted = await request(waybill, 'POST', '/v1/orders/adopted-yen/adopt', adoption);
    expect(adopted).toMatchObject({ status: 201, body: { status: 'captured', amount_refunded: 20 } });
  });
});
