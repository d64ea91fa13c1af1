import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, sandboxRequests, unbalanced } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

/** Calls that took effect: neither refused nor answered from Stripe's memory. */
async function effects(path: RegExp): Promise<number> {
  const requests = await sandboxRequests(waybill);
  return requests.filter(({ method, path: asked, status, replayed }) => {
    return method === 'POST' && path.test(asked) && status === 200 && !replayed;
  }).length;
}

describe('a retried request', () => {
  it('sent 50 times at once makes one order and one charge', async () => {
    const before = await effects(/payment_intents$/);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => createOrder(waybill, {}, { key: 'fifty-at-once' })),
    );
    const created = answers.filter(({ status }) => status === 201);
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
    expect(
      answers.every(({ status, body }) => status === 201 || body.code === 'idempotency_key_in_use'),
    ).toBe(true);
    expect(await effects(/payment_intents$/)).toBe(before + 1);
  });

  it('gets the first answer, marked as a replay, also when the order has moved on', async () => {
    const first = await createOrder(waybill, {}, { key: 'replayed' });
    await request(waybill, 'POST', `/v1/orders/${first.body.id}/capture`);
    const again = await createOrder(waybill, {}, { key: 'replayed' });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it('with another body is refused, and so is the same key for another order', async () => {
    await createOrder(waybill, { id: 'key-owner' }, { key: 'one-body' });
    const before = await effects(/payment_intents$/);
    const otherAmount = await createOrder(waybill, { id: 'key-owner', amount: 2000 }, { key: 'one-body' });
    const otherOrder = await createOrder(waybill, { id: 'key-thief' }, { key: 'one-body' });
    expect(otherAmount).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(otherOrder).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await effects(/payment_intents$/)).toBe(before);
  });
});

it('two different captures at once make one', async () => {
  const { body: order } = await createOrder(waybill);
  const before = await effects(/capture$/);
  const answers = await Promise.all(
    [300, 700].map((amount) =>
      request(waybill, 'POST', `/v1/orders/${order.id}/capture`, { body: { amount } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await effects(/capture$/)).toBe(before + 1);
});

it('several refunds in flight together give back each its own amount and no more than was captured', async () => {
  const { body: order } = await createOrder(waybill, { capture_method: 'automatic' });
  const answers = await Promise.all(
    [400, 400, 400].map((amount) =>
      request(waybill, 'POST', `/v1/orders/${order.id}/refunds`, { body: { amount } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 422]);
  const { body } = await request(waybill, 'GET', `/v1/orders/${order.id}`);
  expect(body).toMatchObject({ status: 'captured', amount_refunded: 800 });
});

describe.each([
  ['the answer is lost after the effect', { drop: true, when: 'after' }],
  ['the connection breaks before the effect', { drop: true, when: 'before' }],
  ['Stripe answers 500', { status: 500 }],
  ['Stripe is rate limiting', { status: 429 }],
])('when %s', (_, effect) => {
  it.each([
    ['create', '/v1/payment_intents'],
    ['capture', '/v1/payment_intents/*/capture'],
    ['refund', '/v1/refunds'],
  ])('%s still takes effect once', async (_name, path) => {
    await control(waybill, 'faults', { match: { method: 'POST', path, times: 1 }, effect });
    const pattern = new RegExp(`${path.replace('*', '[^/]+')}$`);
    const before = await effects(pattern);
    const { body: order } = await createOrder(waybill, {}, {});
    await request(waybill, 'POST', `/v1/orders/${order.id}/capture`);
    await request(waybill, 'POST', `/v1/orders/${order.id}/refunds`, { body: { amount: 100 } });
    const { body } = await request(waybill, 'GET', `/v1/orders/${order.id}`);
    expect(body).toMatchObject({ status: 'captured', amount_captured: 1000, amount_refunded: 100 });
    const charges = await waybill.stripe.charges.list({ payment_intent: body.payment_intent });
    expect(charges.data).toHaveLength(1);
    expect(charges.data[0]).toMatchObject({ amount_captured: 1000, amount_refunded: 100 });
    expect(await effects(pattern)).toBeLessThanOrEqual(before + 1);
  });
});
