import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { orderQuery } from '../../contract/orders.ts';
import type { Order } from '../../domain/orders/order.ts';
import { ordersBegun } from '../../reconciliation/orders.ts';
import { transactionsOfOrder } from '../../reconciliation/transactions.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, sandboxRequests, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
beforeEach(() => control(waybill, 'settings', { multicapture: true }));
afterEach(async () => {
  const usual = { capture_window_seconds: null, multicapture: false, negative_balances: true };
  await control(waybill, 'settings', usual);
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

async function shows(id: string, expected: object) {
  await vi.waitFor(async () => expect(await order(id)).toMatchObject(expected), WITHIN);
}

/** An order of 10.00 that asks for several captures. */
async function authorized(terms: Record<string, unknown> = {}) {
  return (await createOrder(waybill, { request_multicapture: true, ...terms })).body;
}

function capture(id: string, amount: number, final: boolean) {
  return request(waybill, 'POST', `/v1/orders/${id}/capture`, { body: { amount, final } });
}

/** 3.00 and 2.00 of it are captured. */
async function captured(terms: Record<string, unknown> = {}) {
  const { id } = await authorized(terms);
  await capture(id, 300, false);
  await capture(id, 200, true);
  return order(id);
}

/** Both sides of an order's `funds` are the sum of all its balance transactions, by the API and as reconciliation reads them. */
async function isExplained(id: string) {
  const { funds } = await order(id);
  const { totals } = (await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`)).body;
  expect(totals.platform).toEqual(funds.platform);
  expect(totals.connected).toEqual(funds.connected);
  const known: Order = await waybill.env.client.workflow.getHandle(`order/${id}`).query(orderQuery);
  const net = (await transactionsOfOrder(waybill.stripe, known)).reduce((sum, entry) => sum + entry.net, 0);
  expect(net).toBe(funds.platform_net);
}

describe('several captures', () => {
  it('have an order compared with Stripe before its last one; what waits for its first holds no money', async () => {
    const [waits, inPart] = [await authorized(), await authorized()];
    await capture(inPart.id, 300, false);
    await vi.waitFor(async () => {
      const { workflow } = waybill.env.client;
      expect((await workflow.count(`PaymentIntent = '${waits.payment_intent}'`)).count).toBe(1);
      const { runs } = await ordersBegun(waybill.env.client, Date.now() - 600_000, Date.now() + 1_000);
      const ids = runs.map(({ orderId }) => orderId);
      expect(ids).toContain(inPart.id);
      expect(ids).not.toContain(waits.id);
    }, WITHIN);
  });

  it('take what is authorized in parts, each settled at once; the last one releases the rest', async () => {
    const { id } = await authorized();
    expect(await capture(id, 300, false)).toMatchObject({
      status: 200,
      body: {
        status: 'authorized',
        amount_captured: 300,
        amount_capturable: 700,
        funds: { gross: 300, stripe_fee: 39, connected_net: 300, platform_net: -39 },
        complete: true,
      },
    });
    await isExplained(id);
    expect((await capture(id, 800, false)).body).toMatchObject({ code: 'money_rule', param: 'amount' });
    expect((await capture(id, 200, true)).body).toMatchObject({
      status: 'captured',
      amount_captured: 500,
      amount_capturable: 0,
      amount_refunded: 0,
      funds: { gross: 500, stripe_fee: 75, connected_net: 500, platform_net: -75 },
      complete: true,
    });
    await isExplained(id);
  });

  it.each([
    {
      terms: { application_fee_amount: 100 },
      shares: [30, 70],
      connected: 400,
      part: 'application_fee_amount',
    },
    { terms: { transfer_amount: 400 }, shares: [120, 200], connected: 320, part: 'transfer_data' },
  ])('take the order’s $part once in all, each its share', async ({ terms, shares, connected, part }) => {
    const { id, funds } = await captured(terms);
    expect(funds).toMatchObject({ gross: 500, connected_net: connected, platform_net: 500 - connected - 75 });
    await isExplained(id);
    const { payment_intent: intent } = await order(id);
    const asked = (await sandboxRequests(waybill)).filter(({ path }) => path.endsWith(`${intent}/capture`));
    const named = asked.map(({ params }) => params[part] ?? params[`${part}[amount]`]);
    expect(named.map((value) => Number((value as { amount?: string }).amount ?? value))).toEqual(shares);
    const { body } = await request(waybill, 'GET', '/v1/reports/fees?limit=100', {});
    const [line] = body.data.filter((fee: { order: string }) => fee.order === id);
    expect(line.charged).toMatchObject({ amount: 500 - connected });
    expect(line.settled).toMatchObject({ amount: 500 - connected });
  });

  it('whose answers are lost take nothing twice, and no share twice', async () => {
    const { id, payment_intent: intent } = await authorized({ application_fee_amount: 100 });
    const match = { method: 'POST', path: `/v1/payment_intents/${intent}/capture` };
    const lost = () =>
      control(waybill, 'faults', { match: { ...match, times: 2 }, effect: { drop: true, when: 'after' } });
    await lost();
    await capture(id, 300, false);
    await shows(id, { amount_captured: 300, funds: { connected_net: 270 }, needs_attention: null });
    await lost();
    await capture(id, 200, true);
    await shows(id, {
      status: 'captured',
      amount_captured: 500,
      funds: { connected_net: 400 },
      needs_attention: null,
    });
    await isExplained(id);
  });

  it('that are converted show their split with the last one', async () => {
    const { id } = await authorized({
      connected_account: 'acct_1WaybillDECustom',
      on_behalf_of: true,
      application_fee_amount: 100,
    });
    const first = await capture(id, 300, false);
    expect(first.body).toMatchObject({ funds: { gross: 300, connected: null }, outstanding: ['settlement'] });
    expect((await capture(id, 200, true)).body).toMatchObject({ complete: true });
    const { funds } = await order(id);
    const { totals } = (await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`)).body;
    expect({ platform: totals.platform, connected: totals.connected }).toEqual({
      platform: funds.platform,
      connected: funds.connected,
    });
  });

  it('end with what was captured when the order is canceled', async () => {
    const { id } = await authorized({ application_fee_amount: 100 });
    await capture(id, 300, false);
    const canceled = await request(waybill, 'POST', `/v1/orders/${id}/cancel`);
    expect(canceled.body).toMatchObject({
      status: 'captured',
      amount_captured: 300,
      amount_capturable: 0,
      funds: { connected_net: 270 },
    });
  });

  it('end with what was captured when the rest is canceled in the Dashboard, or lapses', async () => {
    const { id, payment_intent: intent } = await authorized();
    await capture(id, 300, false);
    await waybill.stripe.paymentIntents.cancel(intent);
    const kept = {
      status: 'captured',
      amount_captured: 300,
      funds: { gross: 300, connected_net: 300 },
      complete: true,
    };
    await shows(id, kept);

    await control(waybill, 'settings', { multicapture: true, capture_window_seconds: 3_600 });
    const lapsing = await authorized();
    await capture(lapsing.id, 300, false);
    await control(waybill, 'clock/advance', { seconds: 3_600 });
    await shows(lapsing.id, kept);
  });

  it('are refused with the reason if card or account do not support them', async () => {
    await control(waybill, 'settings', { multicapture: false });
    const { id } = await authorized();
    expect(await capture(id, 300, false)).toMatchObject({
      status: 409,
      body: { code: 'state_conflict', param: 'final' },
    });
  });
});

describe('a payment that was captured in parts', () => {
  it('is refunded with every transfer and fee of it', async () => {
    const { id } = await captured({ application_fee_amount: 100 });
    const body = { reverse_transfer: true, refund_application_fee: true };
    expect(await request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body })).toMatchObject({
      status: 200,
      body: {
        status: 'refunded',
        refunds: [{ amount: 500, application_fee_refunded: 100, transfer_reversal: { amount: 500 } }],
        funds: { connected_net: 0, platform_net: -75 },
        complete: true,
      },
    });
    await isExplained(id);
  });

  it('is refunded in the Dashboard with every transfer and fee of it', async () => {
    const { id, payment_intent } = await captured({ application_fee_amount: 100 });
    const flags = { reverse_transfer: true, refund_application_fee: true };
    await waybill.stripe.refunds.create({ payment_intent, ...flags });
    await shows(id, { status: 'refunded', funds: { connected_net: 0, platform_net: -75 }, complete: true });
    await isExplained(id);
  });

  it('reverses no part of its transfers: Stripe’s refusal is passed on, and nothing moved', async () => {
    const { id, funds } = await captured();
    const refused = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, {
      body: { amount: 100, reverse_transfer: true },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'stripe_refused', param: 'reverse_transfer' },
    });
    expect(await order(id)).toMatchObject({ status: 'captured', funds, needs_attention: null });
    const taken = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body: { amount: 100 } });
    expect(taken.body).toMatchObject({ amount_refunded: 100, funds: { connected_net: 500 } });
    await isExplained(id);
  });

  it('shows refunds and reversals made in the Dashboard while more may be captured', async () => {
    const { id, payment_intent } = await authorized();
    await capture(id, 300, false);
    await waybill.stripe.refunds.create({ payment_intent, amount: 100 });
    await capture(id, 200, false);
    const { data } = await waybill.stripe.transfers.list({ limit: 2 });
    await waybill.stripe.transfers.createReversal(data[1]?.id ?? '', { amount: 50 });
    await shows(id, { status: 'authorized', amount_refunded: 100, funds: { connected_net: 450 } });
    await isExplained(id);
    await capture(id, 100, true);
    await shows(id, {
      status: 'captured',
      amount_captured: 600,
      funds: { connected_net: 550 },
      complete: true,
    });
    await isExplained(id);
  });

  it('recovers a lost dispute from every transfer of it, and continues after one was refused', async () => {
    const { id, latest_charge: charge } = await captured({
      on_dispute_lost: 'recover',
      application_fee_amount: 100,
    });
    // The first reversal is made, and the other one refused.
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/transfers/*/reversals', nth: 2 },
      effect: { status: 400, error: { code: 'balance_insufficient', message: 'No.' } },
    });
    await control(waybill, `charges/${charge}/dispute`, {});
    const [dispute] = (await waybill.stripe.disputes.list({ charge })).data;
    await control(waybill, `disputes/${dispute?.id}/decide`, { verdict: 'lost' });
    const afterOne = { connected_net: 400 - 200 + 70 };
    await shows(id, { needs_attention: { code: 'recovery_pending' }, funds: afterOne });
    await isExplained(id);
    await request(waybill, 'POST', `/v1/orders/${id}/resolve`, {
      body: { action: 'retry', reason: 'funded' },
    });
    await shows(id, {
      dispute: { recovery: { status: 'recovered', transfer_reversal: { amount: 500 } } },
      funds: { connected_net: 0, platform_net: -75 - 1500 },
    });
    await isExplained(id);
  });
});
