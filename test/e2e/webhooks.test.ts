import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, createOrder, DESTINATION, unbalanced } from './support.ts';

/** Nothing is fed by a schedule: what an order learns here, it learns by webhook. */
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => {
  await control(waybill, 'webhooks', {});
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

/** How often the timeline has each of Stripe's events. */
async function heard(id: string): Promise<string[]> {
  const { body } = await request(waybill, 'GET', `/v1/orders/${id}/timeline`);
  return body.data
    .filter(({ type }: { type: string }) => type === 'event')
    .map(({ name }: { name: string }) => name);
}

describe('a change made elsewhere at Stripe', () => {
  it('reaches the order: a capture', async () => {
    const { body } = await createOrder(waybill);
    await waybill.stripe.paymentIntents.capture(body.payment_intent, { amount_to_capture: 400 });
    await vi.waitFor(async () => {
      expect(await order(body.id)).toMatchObject({
        status: 'captured',
        amount_captured: 400,
        complete: true,
      });
    }, WITHIN);
    expect(await heard(body.id)).toContain('payment_intent.succeeded');
  });

  it('reaches the order: a cancellation', async () => {
    const { body } = await createOrder(waybill);
    await waybill.stripe.paymentIntents.cancel(body.payment_intent, { cancellation_reason: 'duplicate' });
    await vi.waitFor(async () => {
      expect(await order(body.id)).toMatchObject({ status: 'canceled', cancellation_reason: 'duplicate' });
    }, WITHIN);
  });

  it('reaches the order: refunds, with what the seller and the fee returned', async () => {
    const { body } = await createOrder(waybill, { capture_method: 'automatic', application_fee_amount: 123 });
    const { stripe } = waybill;
    await stripe.refunds.create({ payment_intent: body.payment_intent, amount: 300 });
    await stripe.refunds.create({
      payment_intent: body.payment_intent,
      amount: 700,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    await vi.waitFor(async () => {
      expect(await order(body.id)).toMatchObject({
        status: 'refunded',
        amount_refunded: 1000,
        refunds: [
          { amount: 300, transfer_reversal: null, application_fee_refunded: 0 },
          { amount: 700, transfer_reversal: { amount: 700 }, application_fee_refunded: 86 },
        ],
        // 10.00 − 0.59 − 3.00 − 7.00; the connected account keeps 3.00 less the rest of the fee.
        funds: { platform_net: -322, connected_net: 263 },
      });
    }, WITHIN);
  });
});

describe('a special-case transfer that is reversed in the Dashboard', () => {
  async function paidMore(destination = DESTINATION) {
    const { body } = await createOrder(waybill, { capture_method: 'automatic', transfer_amount: 800 });
    const paid = await request(waybill, 'POST', `/v1/orders/${body.id}/transfers`, {
      body: { amount: 100, description: 'too much', destination },
    });
    // 10.00 − 0.59 − 8.00 − 1.00.
    expect(paid.body.funds).toMatchObject({ platform_net: 41 });
    return { ...paid.body, special: paid.body.transfers[0].id };
  }

  it('shows in the order’s funds', async () => {
    const { id, payment_intent: intent, special } = await paidMore();
    await waybill.stripe.transfers.createReversal(special, { amount: 30 });
    const reversed = {
      adjustments: [{ object: 'transfer_reversal', amount: 30 }],
      funds: { platform_net: 71, connected_net: 870 },
    };
    await vi.waitFor(async () => expect(await order(id)).toMatchObject(reversed), WITHIN);
    await waybill.stripe.refunds.create({ payment_intent: intent, amount: 200 });
    await vi.waitFor(async () => expect(await order(id)).toMatchObject({ amount_refunded: 200 }), WITHIN);
    expect((await order(id)).adjustments).toHaveLength(1);
  });

  it('takes nothing from the order’s own account if it went to another', async () => {
    const { id, special } = await paidMore('acct_1WaybillUSXpress');
    await waybill.stripe.transfers.createReversal(special);
    const reversed = { adjustments: [{ amount: 100 }], funds: { platform_net: 141, connected_net: 800 } };
    await vi.waitFor(async () => expect(await order(id)).toMatchObject(reversed), WITHIN);
  });
});

it('a refund of Waybill’s own that the customer’s bank sends back no longer counts; the reversal stays', async () => {
  const { body } = await createOrder(waybill, { capture_method: 'automatic', application_fee_amount: 123 });
  const refunded = await request(waybill, 'POST', `/v1/orders/${body.id}/refunds`, {
    body: { reverse_transfer: true, refund_application_fee: true },
  });
  expect(refunded.body.status).toBe('refunded');
  await control(waybill, `refunds/${refunded.body.refunds[0].id}/fail`);
  await vi.waitFor(async () => {
    expect(await order(body.id)).toMatchObject({
      status: 'captured',
      amount_refunded: 0,
      refunds: [{ status: 'failed', application_fee_refunded: 123, transfer_reversal: { amount: 1000 } }],
      // The platform has it all, less Stripe's fee: nothing was given back, and the seller's part was taken back.
      funds: { gross: 1000, stripe_fee: 59, platform_net: 941, connected_net: 0 },
      complete: true,
    });
  }, WITHIN);
});

it('an order is not signaled about its own requests', async () => {
  const { body } = await createOrder(waybill);
  await request(waybill, 'POST', `/v1/orders/${body.id}/capture`);
  await control(waybill, 'webhooks/settle');
  expect(await heard(body.id)).toEqual([]);
});

describe('a restriction of an account that Waybill did not make', () => {
  async function madeElsewhere(): Promise<string> {
    const { id } = await waybill.stripe.accounts.create({
      type: 'custom',
      country: 'US',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    });
    await control(waybill, `accounts/${id}`, {
      capabilities: { transfers: 'active', card_payments: 'active' },
    });
    return id;
  }
  const workflows = async (account: string) =>
    (await waybill.env.client.workflow.count(`WorkflowType = 'account' AND ConnectedAccount = '${account}'`))
      .count;

  it('reaches the order that names it, by a webhook alone', async () => {
    const account = await madeElsewhere();
    const { body } = await createOrder(waybill, { connected_account: account });
    const query = `OrderStatus = 'authorized' AND ConnectedAccount = '${account}'`;
    await vi.waitFor(async () => {
      expect((await waybill.env.client.workflow.count(query)).count).toBe(1);
    }, WITHIN);
    expect(await workflows(account)).toBe(0);
    await control(waybill, `accounts/${account}`, { capabilities: { transfers: 'inactive' } });
    await vi.waitFor(async () => {
      expect((await order(body.id)).needs_attention).toMatchObject({ code: 'account_restricted' });
    }, WITHIN);
  });

  it('starts no workflow for the account if no order waits for its capture', async () => {
    const account = await madeElsewhere();
    const { body } = await createOrder(waybill, { connected_account: account, capture_method: 'automatic' });
    await control(waybill, `accounts/${account}`, { capabilities: { transfers: 'inactive' } });
    // The sandbox sends in order: once a later event has come, this one has.
    await waybill.stripe.refunds.create({ payment_intent: body.payment_intent });
    await vi.waitFor(async () => expect(await order(body.id)).toMatchObject({ status: 'refunded' }), WITHIN);
    expect(await workflows(account)).toBe(0);
  });
});
