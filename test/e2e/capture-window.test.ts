import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { allReconciles } from './reconciled.ts';
import { control, createOrder, endFaults, HELD_BACK, unbalanced, WITHIN } from './support.ts';

/** Renewed when half of it is over. */
const WINDOW_SECONDS = 10;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => {
  const usual = { capture_window_seconds: null, multicapture: false, incremental_authorization: false };
  await control(waybill, 'settings', usual);
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

async function shows(id: string, expected: unknown) {
  await vi.waitFor(async () => expect(await order(id)).toMatchObject(expected as object), WITHIN);
}

/** An order that renews its authorization soon, by a card that its customer has saved. */
async function renewing(card: string, changes: Record<string, unknown> = {}) {
  const customer = await waybill.stripe.customers.create({});
  const method = await waybill.stripe.paymentMethods.attach(card, { customer: customer.id });
  await control(waybill, 'settings', { capture_window_seconds: WINDOW_SECONDS });
  const terms = { customer: customer.id, payment_method: method.id, on_capture_expiry: 'reauthorize' };
  return (await createOrder(waybill, { ...terms, ...changes })).body;
}

/** The order's PaymentIntents at Stripe, the first one first. */
async function payments(id: string) {
  const { data } = await waybill.stripe.paymentIntents.list({ limit: 100 });
  return data.filter(({ metadata }) => metadata.waybill_order === id).reverse();
}

describe('an order that renews its authorization', () => {
  it('needs a customer, and says so before anything is asked of Stripe', async () => {
    const refused = await createOrder(waybill, { on_capture_expiry: 'reauthorize' });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param: 'on_capture_expiry' },
    });
    expect(refused.body.detail).toContain('customer');
  });

  it('has a new PaymentIntent before the old one lapses, and only one at the end', async () => {
    const { id, payment_intent: old, capture_before: end } = await renewing('pm_card_visa');
    // The renewed one lasts as long as the card allows.
    await control(waybill, 'settings', { capture_window_seconds: null });
    // Stripe has made the new authorization, and its answer is lost.
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/payment_intents' },
      effect: { drop: true, when: 'after' },
    });
    await shows(id, { status: 'authorized', reauthorizations: 1 });
    await vi.waitFor(async () => {
      const made = (await payments(id)).map(({ status }) => status);
      expect(made).toEqual(['canceled', 'requires_capture']);
    }, WITHIN);
    const renewed = await order(id);
    expect(renewed).toMatchObject({ needs_attention: null, amount_capturable: 1000 });
    expect(renewed.payment_intent).not.toBe(old);
    expect(Date.parse(renewed.capture_before)).toBeGreaterThan(Date.parse(end));

    const captured = await request(waybill, 'POST', `/v1/orders/${id}/capture`);
    expect(captured.body).toMatchObject({ status: 'captured', payment_intent: renewed.payment_intent });
    await shows(id, { funds: { gross: 1000 }, complete: true });
  });

  it('keeps renewing it, under a new key, when it is reopened after its workflow was terminated', async () => {
    const { id } = await renewing('pm_card_visa');
    await shows(id, { reauthorizations: 1 });
    await vi.waitFor(async () => {
      expect((await payments(id)).map(({ status }) => status)).toEqual(['canceled', 'requires_capture']);
    }, WITHIN);
    const { payment_intent: held } = await order(id);
    await waybill.env.client.workflow.getHandle(orderWorkflowId(id)).terminate();
    const adopted = await request(waybill, 'POST', `/v1/orders/${id}/adopt`, {
      body: { payment_intent: held },
    });
    expect(adopted).toMatchObject({ status: 201, body: { status: 'authorized', payment_intent: held } });
    await control(waybill, 'settings', { capture_window_seconds: null });
    await vi.waitFor(async () => {
      const made = (await payments(id)).map(({ status }) => status);
      expect(made).toEqual(['canceled', 'canceled', 'requires_capture']);
    }, WITHIN);
    expect(await order(id)).toMatchObject({ status: 'authorized', reauthorizations: 2 });
  });

  it('keeps the old authorization if that is captured in the Dashboard meanwhile', async () => {
    const { id, payment_intent: old } = await renewing('pm_card_visa');
    await control(waybill, 'settings', { capture_window_seconds: null });
    // The new authorization is there, and its answer on its way.
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/payment_intents' },
      effect: { ...HELD_BACK, when: 'after' },
    });
    await vi.waitFor(async () => expect(await payments(id)).toHaveLength(2), WITHIN);
    await waybill.stripe.paymentIntents.capture(old);
    await endFaults(waybill);
    await shows(id, {
      status: 'captured',
      payment_intent: old,
      amount_captured: 1000,
      funds: { gross: 1000 },
      needs_attention: null,
    });
    await vi.waitFor(async () => {
      expect((await payments(id)).map(({ status }) => status)).toEqual(['succeeded', 'canceled']);
    }, WITHIN);
  });

  it('stays canceled if the old authorization is canceled in the Dashboard meanwhile', async () => {
    const { id, payment_intent: old } = await renewing('pm_card_visa');
    await control(waybill, 'settings', { capture_window_seconds: null });
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/payment_intents' },
      effect: { ...HELD_BACK, when: 'after' },
    });
    await vi.waitFor(async () => expect(await payments(id)).toHaveLength(2), WITHIN);
    await waybill.stripe.paymentIntents.cancel(old);
    await endFaults(waybill);
    await shows(id, { status: 'canceled', payment_intent: old, needs_attention: null });
    await vi.waitFor(async () => {
      expect((await payments(id)).map(({ status }) => status)).toEqual(['canceled', 'canceled']);
    }, WITHIN);
  });

  it('keeps what is left of the old authorization if a part of it is captured in the Dashboard meanwhile', async () => {
    await control(waybill, 'settings', { multicapture: true });
    const terms = { request_multicapture: true };
    const { id, payment_intent: old } = await renewing('pm_card_visa', terms);
    await control(waybill, 'settings', { capture_window_seconds: null });
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/payment_intents' },
      effect: { ...HELD_BACK, when: 'after' },
    });
    await vi.waitFor(async () => expect(await payments(id)).toHaveLength(2), WITHIN);
    await waybill.stripe.paymentIntents.capture(old, { amount_to_capture: 300, final_capture: false });
    await endFaults(waybill);
    await shows(id, { payment_intent: old, amount_captured: 300, needs_attention: null });
    await vi.waitFor(async () => expect((await payments(id))[1]?.status).toBe('canceled'), WITHIN);
    expect((await payments(id))[0]?.canceled_at).toBeNull();
  });

  it('keeps the old authorization when the customer would have to authenticate, and shows the deadline', async () => {
    const { id, payment_intent: intent } = await renewing('pm_card_authenticationRequired');
    await control(waybill, `payment_intents/${intent}/authenticate`, { outcome: 'succeeded' });
    await shows(id, { needs_attention: { code: 'reauthorization_failed' } });
    const kept = await order(id);
    expect(kept).toMatchObject({
      status: 'authorized',
      payment_intent: intent,
      needs_attention: { deadline: kept.capture_before, allowed_actions: ['retry', 'acknowledge'] },
    });
    expect(kept.needs_attention.message).toContain('authentication_required');
    expect((await payments(id)).map(({ status }) => status)).toEqual(['requires_capture', 'canceled']);
    const captured = await request(waybill, 'POST', `/v1/orders/${id}/capture`);
    expect(captured.body).toMatchObject({ status: 'captured', needs_attention: null });
  });
});

describe('an authorization that soon lapses', () => {
  it('is listed with its deadline until it is captured', async () => {
    await control(waybill, 'settings', { capture_window_seconds: 3_600 });
    const { id, capture_before: end } = (await createOrder(waybill)).body;
    await shows(id, { needs_attention: { code: 'capture_expiring', deadline: end } });
    await vi.waitFor(async () => {
      const query = `needs_attention=true&capture_before[lte]=${encodeURIComponent(end)}`;
      const { body } = await request(waybill, 'GET', `/v1/orders?limit=100&${query}`);
      expect(body.data.map((found: { id: string }) => found.id)).toContain(id);
    }, WITHIN);
    const captured = await request(waybill, 'POST', `/v1/orders/${id}/capture`);
    expect(captured.body).toMatchObject({ status: 'captured', needs_attention: null, notices: [] });
  });
});

describe('a higher amount', () => {
  const raise = (id: string, amount: number) =>
    request(waybill, 'POST', `/v1/orders/${id}/increment`, { body: { amount } });

  it('is authorized in addition, and captured with the rest', async () => {
    await control(waybill, 'settings', { incremental_authorization: true });
    const { id } = (await createOrder(waybill, { request_incremental_authorization: true })).body;
    expect(await raise(id, 1500)).toMatchObject({
      status: 200,
      body: { amount: 1500, amount_capturable: 1500 },
    });
    expect(await raise(id, 1500)).toMatchObject({
      status: 422,
      body: { code: 'money_rule', param: 'amount' },
    });
    const captured = await request(waybill, 'POST', `/v1/orders/${id}/capture`);
    expect(captured.body).toMatchObject({ status: 'captured', amount: 1500, amount_captured: 1500 });
  });

  it('is refused, and says why, where card or account do not have it', async () => {
    const { id } = (await createOrder(waybill, { request_incremental_authorization: true })).body;
    expect(await raise(id, 1500)).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });
});

it('everything reconciles: each order has what its transactions add up to', () => allReconciles(waybill));
