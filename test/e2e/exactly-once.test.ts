import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, sandboxRequests, unbalanced, WITHIN } from './support.ts';

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

async function lastFault(): Promise<unknown> {
  const response = await fetch(`${waybill.sandboxUrl}/_sandbox/faults`);
  return ((await response.json()) as { data: unknown[] }).data.at(-1);
}

it("a caller's key used for a second order is refused, and nothing is charged", async () => {
  await createOrder(waybill, { id: 'key-owner' }, { key: 'one-order' });
  const before = await effects(/payment_intents$/);
  const second = await createOrder(waybill, { id: 'key-thief' }, { key: 'one-order' });
  expect(second).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(await effects(/payment_intents$/)).toBe(before);
});

it('concurrent refunds each refund their own amount, and no more than was captured', async () => {
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

it('a refund that a person sends under a request id of any letters is made, once', async () => {
  const { body: order } = await createOrder(waybill, { capture_method: 'automatic' });
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(order.id));
  const refund = { request_id: '№ 4711 – zurück', actor: 'ada', amount: 300 };
  await handle.signal('refund', refund);
  await handle.signal('refund', refund);
  const read = async () => (await request(waybill, 'GET', `/v1/orders/${order.id}`)).body;
  await vi.waitFor(async () => expect(await read()).toMatchObject({ amount_refunded: 300 }), WITHIN);
  expect(await read()).toMatchObject({ needs_attention: null, refunds: [{ amount: 300 }] });
});

describe.each([
  // The client repeats a request once by itself when its connection breaks: only the second break is seen.
  ['the answer is lost after the effect', { drop: true, when: 'after' }, 2],
  ['the connection breaks before the effect', { drop: true, when: 'before' }, 2],
  ['Stripe answers 500', { status: 500 }, 1],
  ['Stripe answers 500 after the effect', { status: 500, when: 'after' }, 1],
  ['Stripe is rate limiting', { status: 429 }, 1],
])('when %s', (_, effect, times) => {
  it.each([
    ['create', '/v1/payment_intents'],
    ['capture', '/v1/payment_intents/*/capture'],
    ['refund', '/v1/refunds'],
  ])('%s still takes effect once', async (_name, path) => {
    await control(waybill, 'faults', { match: { method: 'POST', path, times }, effect });
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
    expect(await lastFault(), 'it went wrong as it should').toMatchObject({ match: { path }, fired: times });
  });
});
