import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, createOrder, unbalanced } from './support.ts';

const CARD_THAT_ASKS = 'pm_card_authenticationRequired';
const RETURN_URL = 'https://shop.example/back';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => {
  await control(waybill, 'webhooks', {});
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

function askedFor(body: Record<string, unknown> = {}) {
  return createOrder(waybill, { payment_method: CARD_THAT_ASKS, return_url: RETURN_URL, ...body });
}

/** What the customer does on the bank's page; with `unheard` no webhook tells of it. */
async function customer(order: { payment_intent: string }, outcome: string, unheard = false): Promise<void> {
  if (unheard) await control(waybill, 'webhooks', { drop: true });
  await control(waybill, `payment_intents/${order.payment_intent}/authenticate`, { outcome });
}

function confirm(id: string, body: Record<string, unknown> = {}) {
  return request(waybill, 'POST', `/v1/orders/${id}/confirm`, { body });
}

async function comesToShow(id: string, expected: object): Promise<void> {
  await vi.waitFor(async () => {
    expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body).toMatchObject(expected);
  }, WITHIN);
}

async function shownToReaders(id: string): Promise<object | null> {
  return (await request(waybill, 'GET', `/v1/orders/${id}`, { as: 'read' })).body.next_action;
}

async function expectNotInHistory(order: { id: string; payment_intent: string }, secret: string | null) {
  const history = await waybill.env.client.workflow.getHandle(orderWorkflowId(order.id)).fetchHistory();
  const payloads = JSON.stringify(history).replace(/"data":"([^"]+)"/g, (_, data) => atob(data));
  expect(payloads).toContain(order.payment_intent);
  expect(payloads).not.toContain(secret);
}

const FAILED = {
  status: 'requires_payment_method',
  next_action: null,
  last_decline: { code: 'payment_intent_authentication_failure' },
};

describe('a card that asks for 3-D Secure', () => {
  it('leaves the order waiting for its customer, and shows where to send them', async () => {
    const { status, body, headers } = await askedFor();
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/orders/${body.id}`);
    expect(body).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect_to_url', redirect_url: expect.stringMatching(/^https?:/) },
      last_decline: null,
    });
    // Nothing has happened yet: whoever asks gets the same answer.
    expect(await confirm(body.id)).toMatchObject({ status: 202, body: { status: 'requires_action' } });
  });

  it('gives a caller without a return page what Stripe.js needs, in answers to the role service only', async () => {
    const { body } = await askedFor({ return_url: undefined });
    const { client_secret: secret } = await waybill.stripe.paymentIntents.retrieve(body.payment_intent);
    const forStripeJs = { type: 'use_stripe_sdk', redirect_url: null, client_secret: secret };
    expect(body.next_action).toEqual(forStripeJs);
    expect((await confirm(body.id)).body.next_action).toEqual(forStripeJs);
    expect(await shownToReaders(body.id)).toEqual({ ...forStripeJs, client_secret: null });
    await expectNotInHistory(body, secret);
  });

  it('gives the authentication page’s URL to the role service only, because it opens the payment', async () => {
    const { body } = await askedFor();
    const { client_secret: secret } = await waybill.stripe.paymentIntents.retrieve(body.payment_intent);
    const { redirect_url: page } = body.next_action;
    expect(page).toContain(secret);
    expect((await confirm(body.id)).body.next_action).toEqual(body.next_action);
    expect(await shownToReaders(body.id)).toEqual({
      type: 'redirect_to_url',
      redirect_url: null,
      client_secret: null,
    });
    await expectNotInHistory(body, secret);
  });

  it('authorizes once the customer is back and the caller confirms', async () => {
    const { body } = await askedFor();
    await customer(body, 'succeeded', true);
    expect(await confirm(body.id)).toMatchObject({
      status: 200,
      body: { status: 'authorized', amount_capturable: 1000, next_action: null },
    });
    const captured = await request(waybill, 'POST', `/v1/orders/${body.id}/capture`);
    expect(captured.body).toMatchObject({ status: 'captured', complete: true });
  });

  it('captures at once where that was asked for', async () => {
    const { body } = await askedFor({ capture_method: 'automatic' });
    await customer(body, 'succeeded', true);
    expect((await confirm(body.id)).body).toMatchObject({ status: 'captured', complete: true });
  });

  it('authorizes without the caller, who may confirm all the same', async () => {
    const { body } = await askedFor();
    await customer(body, 'succeeded');
    await comesToShow(body.id, { status: 'authorized' });
    expect(await confirm(body.id)).toMatchObject({ status: 200, body: { status: 'authorized' } });
  });

  it('asks for another card when the customer fails, and takes it', async () => {
    const { body } = await askedFor();
    await customer(body, 'failed', true);
    const failed = await confirm(body.id);
    expect(failed).toMatchObject({
      status: 402,
      body: { code: 'card_declined', order: body.id, stripe_code: 'payment_intent_authentication_failure' },
    });
    await comesToShow(body.id, FAILED);
    const paid = await confirm(body.id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 200, body: { status: 'authorized' } });
  });

  it('answers with the failure even when the order has read it first', async () => {
    const { body } = await askedFor();
    await customer(body, 'failed');
    await comesToShow(body.id, FAILED);
    expect(await confirm(body.id)).toMatchObject({ status: 402, body: { code: 'card_declined' } });
  });

  it('may be replaced by another card while the customer is away', async () => {
    const { body } = await askedFor();
    expect(await confirm(body.id, { payment_method: 'pm_card_visa' })).toMatchObject({
      status: 200,
      body: { status: 'authorized' },
    });
  });
});

describe('an order whose customer is still on the bank’s page', () => {
  const cancel = (id: string) => request(waybill, 'POST', `/v1/orders/${id}/cancel`);
  const atStripe = async (id: string) => (await waybill.stripe.paymentIntents.retrieve(id)).status;

  it('waits for a customer who left, and can be canceled meanwhile: then nothing is paid', async () => {
    const { body } = await askedFor();
    await customer(body, 'abandoned');
    await control(waybill, 'webhooks/settle');
    expect((await request(waybill, 'GET', `/v1/orders/${body.id}`)).body.status).toBe('requires_action');
    expect(await cancel(body.id)).toMatchObject({
      status: 200,
      body: { status: 'canceled', next_action: null },
    });
    await expect(customer(body, 'succeeded')).rejects.toThrow('canceled');
    expect(await atStripe(body.payment_intent)).toBe('canceled');
  });

  it('cannot be canceled any more once they have paid, and shows that', async () => {
    const { body } = await askedFor({ capture_method: 'automatic' });
    await customer(body, 'succeeded', true);
    expect(await cancel(body.id)).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    await comesToShow(body.id, { status: 'captured', complete: true });
  });

  it('ends as Stripe shows it when customer, confirmation and cancellation come at once', async () => {
    const { body } = await askedFor({ capture_method: 'automatic' });
    await Promise.allSettled([
      customer(body, 'succeeded'),
      confirm(body.id),
      cancel(body.id),
      confirm(body.id),
    ]);
    const status = (await atStripe(body.payment_intent)) === 'canceled' ? 'canceled' : 'captured';
    await comesToShow(body.id, { status, complete: true, needs_attention: null });
  });
});

describe('a payment that takes days', () => {
  const DAYS = 5 * 86_400;

  function debited(payment_method: string) {
    return createOrder(waybill, { payment_method, capture_method: 'automatic' });
  }

  it('is captured when it arrives', async () => {
    const { status, body } = await debited('pm_usBankAccount_success');
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { status: 'processing', amount_captured: 0 },
    });
    await control(waybill, 'clock/advance', { seconds: DAYS });
    await comesToShow(body.id, { status: 'captured', amount_captured: 1000, complete: true });
  });

  it('waits for another payment method when it fails', async () => {
    const { body } = await debited('pm_usBankAccount_insufficientFunds');
    expect(body.status).toBe('processing');
    await control(waybill, 'clock/advance', { seconds: DAYS });
    await comesToShow(body.id, {
      status: 'requires_payment_method',
      last_decline: { message: expect.any(String) },
    });
    expect((await confirm(body.id, { payment_method: 'pm_card_visa' })).body.status).toBe('captured');
  });
});

describe('a capture that Stripe settles later (automatic_async)', () => {
  it('is captured at once, and complete when transfer, fee and balance transaction are there', async () => {
    await control(waybill, 'settings', { async_settlement_seconds: 86_400 });
    const { status, body } = await createOrder(waybill, {
      capture_method: 'automatic_async',
      application_fee_amount: 123,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'captured',
      outstanding: ['settlement'],
      complete: false,
      transfer: null,
      application_fee: null,
      funds: { gross: 1000, stripe_fee: null, platform_net: null, connected_net: null },
    });
    await control(waybill, 'clock/advance', { seconds: 86_400 });
    await comesToShow(body.id, {
      outstanding: [],
      complete: true,
      transfer: expect.stringMatching(/^tr_/),
      application_fee: expect.stringMatching(/^fee_/),
      funds: { gross: 1000, stripe_fee: 59, platform_net: 64, connected_net: 877 },
    });
    await control(waybill, 'settings', { async_settlement_seconds: 1 });
  });
});
