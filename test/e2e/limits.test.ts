import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterAll(() => waybill.stop());

const keys = (count: number, value = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));

/** All that is not ASCII as escapes, as some JSON libraries write it: six bytes for each UTF-16 unit. */
function escaped(body: object): string {
  const hex = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(body).replaceAll(/[^ -~]/g, hex);
}

function post(path: string, key: string, body: string) {
  const headers = {
    authorization: 'Bearer dev_ops',
    'content-type': 'application/json',
    'idempotency-key': Buffer.from(key).toString('latin1'),
  };
  return fetch(`${waybill.apiUrl}${path}`, { method: 'POST', headers, body });
}

describe('what the API takes, Stripe takes', () => {
  it('the most metadata allowed, in Japanese and escaped', async () => {
    const metadata = keys(47, '日'.repeat(500));
    const body = {
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: DESTINATION,
      metadata,
    };
    const answer = await post('/v1/orders', 'japanese', escaped(body));
    const order = (await answer.json()) as { payment_intent: string };
    expect([answer.status, order]).toEqual([201, expect.objectContaining({ metadata })]);
    const { metadata: atStripe } = await waybill.stripe.paymentIntents.retrieve(order.payment_intent);
    expect(Object.keys(atStripe)).toHaveLength(50);
  });

  it('evidence of four full texts', async () => {
    const { body: order } = await createOrder(waybill, {
      payment_method: 'pm_card_createDispute',
      capture_method: 'automatic',
    });
    const path = `/v1/orders/${order.id}`;
    await vi.waitFor(
      async () => expect((await request(waybill, 'GET', path)).body.dispute).not.toBeNull(),
      WITHIN,
    );
    const text = '証'.repeat(20_000);
    const evidence = {
      access_activity_log: text,
      cancellation_rebuttal: text,
      product_description: text,
      uncategorized_text: text,
    };
    const answer = await post(`${path}/dispute/evidence`, 'evidence', escaped({ evidence, submit: true }));
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ id: order.id })]);
  });

  it('an account and a payout with all keys that Waybill’s own leave', async () => {
    const account = { type: 'custom', country: 'US', capabilities: ['transfers'], metadata: keys(46) };
    const made = await request(waybill, 'POST', '/v1/accounts', { body: account });
    expect(made.status).toBe(201);
    const more = { metadata: { k0: 'changed' }, email: 'shop@example.com' };
    const changed = await request(waybill, 'POST', `/v1/accounts/${made.body.id}`, { body: more });
    expect([changed.status, changed.body.metadata.k0]).toEqual([200, 'changed']);

    const payout = { amount: 1, currency: 'usd', when_available: true, metadata: keys(48) };
    const path = `/v1/accounts/${DESTINATION}/payouts`;
    expect((await request(waybill, 'POST', path, { body: payout })).body).toMatchObject({
      param: 'metadata',
      detail: expect.stringMatching(/at most 47 keys/),
    });
  });

  it('an Idempotency-Key of 255 letters in any script, where each letter counts', async () => {
    const body = JSON.stringify({ email: 'jenny@example.com' });
    const key = 'ж'.repeat(255);
    const [first, again, other, long] = [
      await post('/v1/customers', key, body),
      await post('/v1/customers', key, body),
      await post('/v1/customers', key.replace(/ж$/, 'з'), body),
      await post('/v1/customers', `${key}ж`, body),
    ];
    expect([first, again, other, long].map(({ status }) => status)).toEqual([201, 201, 201, 400]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(other.headers.get('idempotent-replayed')).toBeNull();
  });

  it('no payment whose metadata has no room for the order’s name', async () => {
    const intent = await waybill.stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      transfer_data: { destination: DESTINATION },
      metadata: keys(50),
    });
    const body = { payment_intent: intent.id };
    const refused = await request(waybill, 'POST', '/v1/orders/full/adopt', { body });
    expect(refused).toMatchObject({
      status: 400,
      body: { param: 'payment_intent', detail: expect.stringMatching(/50 metadata keys.*Remove one/) },
    });
    await waybill.stripe.paymentIntents.update(intent.id, { metadata: { k0: '' } });
    expect((await request(waybill, 'POST', '/v1/orders/full/adopt', { body })).status).toBe(201);
  });
});
