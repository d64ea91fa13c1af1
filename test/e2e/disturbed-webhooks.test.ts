import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, createOrder, unbalanced } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true, syncEveryMs: 1_000 });
});
afterAll(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
  await waybill?.stop();
});

/** What somebody does at Stripe with a payment, behind Waybill's back, and what the order must show then. */
const DEEDS: Readonly<Record<string, { do: (paymentIntent: string) => Promise<unknown>; shows: object }>> = {
  captured: {
    do: (id) => waybill.stripe.paymentIntents.capture(id),
    shows: { status: 'captured', amount_captured: 1000, complete: true },
  },
  'captured in part': {
    do: (id) => waybill.stripe.paymentIntents.capture(id, { amount_to_capture: 300 }),
    shows: { status: 'captured', amount_captured: 300, complete: true },
  },
  canceled: {
    do: (id) => waybill.stripe.paymentIntents.cancel(id),
    shows: { status: 'canceled', amount_capturable: 0 },
  },
  'refunded in part': {
    do: async (id) => {
      await waybill.stripe.paymentIntents.capture(id);
      await waybill.stripe.refunds.create({ payment_intent: id, amount: 100, reverse_transfer: true });
      await waybill.stripe.refunds.create({ payment_intent: id, amount: 200 });
    },
    shows: { status: 'captured', amount_refunded: 300, refunds: [{ amount: 100 }, { amount: 200 }] },
  },
  refunded: {
    do: async (id) => {
      await waybill.stripe.paymentIntents.capture(id);
      await waybill.stripe.refunds.create({ payment_intent: id });
    },
    shows: { status: 'refunded', amount_refunded: 1000, complete: true },
  },
  'refunded, and sent back by the customer’s bank': {
    do: async (id) => {
      await waybill.stripe.paymentIntents.capture(id);
      const refund = await waybill.stripe.refunds.create({ payment_intent: id });
      await control(waybill, `refunds/${refund.id}/fail`);
    },
    shows: { status: 'captured', amount_refunded: 0, refunds: [{ status: 'failed' }], complete: true },
  },
  'given back between the accounts, in part': {
    do: async (id) => {
      const { transfer, application_fee: fee } = await capturedCharge(id);
      await waybill.stripe.transfers.createReversal(transfer, { amount: 70 });
      await waybill.stripe.applicationFees.createRefund(fee, { amount: 23 });
    },
    // 10.00 − 1.23 − 0.70 + 0.23; the platform has the rest, less Stripe's fee.
    shows: { adjustments: [{}, {}], funds: { connected_net: 830, platform_net: 111 }, complete: true },
  },
  'disputed, and the dispute won': {
    do: async (id) => {
      const { id: charge } = await capturedCharge(id);
      await control(waybill, `charges/${charge}/dispute`);
      const { data } = await waybill.stripe.disputes.list({ charge });
      await control(waybill, `disputes/${data[0]?.id}/decide`, { verdict: 'won' });
    },
    shows: { status: 'captured', dispute: { status: 'won' }, complete: true },
  },
};

async function capturedCharge(paymentIntent: string) {
  const expand = ['latest_charge'];
  const { latest_charge: charge } = await waybill.stripe.paymentIntents.capture(paymentIntent, { expand });
  return charge as { id: string; transfer: string; application_fee: string };
}

it.each([
  ['lost by half', { drop: 0.5, seed: 1 }],
  ['lost all', { drop: true }],
  ['repeated', { duplicate: 3 }],
  ['in another order', { reorder: true, seed: 2 }],
  ['repeated, lost and in another order', { duplicate: 2, drop: 0.3, reorder: true, seed: 3 }],
])('with its events %s, every order ends up as Stripe shows it', async (_, disturbance) => {
  await control(waybill, 'webhooks', disturbance);
  const orders = await Promise.all(
    Object.values(DEEDS).map(async (deed) => {
      const { body } = await createOrder(waybill, { application_fee_amount: 123 });
      await deed.do(body.payment_intent);
      return { id: body.id as string, shows: deed.shows };
    }),
  );
  await vi.waitFor(async () => {
    const shown = await Promise.all(orders.map(({ id }) => request(waybill, 'GET', `/v1/orders/${id}`)));
    expect(shown.map(({ body }) => body)).toMatchObject(orders.map(({ shows }) => shows));
  }, WITHIN);
});

it('events that are held back for long change nothing when they come', async () => {
  await control(waybill, 'webhooks', { hold: true });
  const { body } = await createOrder(waybill);
  await waybill.stripe.paymentIntents.capture(body.payment_intent, { amount_to_capture: 500 });
  await vi.waitFor(async () => {
    const { body: now } = await request(waybill, 'GET', `/v1/orders/${body.id}`);
    expect(now).toMatchObject({ status: 'captured', complete: true });
  }, WITHIN);
  const before = await request(waybill, 'GET', `/v1/orders/${body.id}`);
  await control(waybill, 'webhooks', {});
  await control(waybill, 'webhooks/settle');
  expect((await request(waybill, 'GET', `/v1/orders/${body.id}`)).body).toEqual(before.body);
});
