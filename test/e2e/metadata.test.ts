import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, sandboxRequests, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(() => fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' }));
afterAll(() => waybill?.stop());

const found = async (query: string): Promise<string[]> =>
  (await request(waybill, 'GET', `/v1/orders?${query}`)).body.data.map(({ id }: { id: string }) => id);
const update = (id: string, metadata: object, key?: string) =>
  request(waybill, 'POST', `/v1/orders/${id}`, { body: { metadata }, ...(key ? { key } : {}) });
const updatesOf = async (intent: string) =>
  (await sandboxRequests(waybill)).filter(
    ({ method, path }) => method === 'POST' && path === `/v1/payment_intents/${intent}`,
  );

it('an order is found by one pair of its metadata, or by several', async () => {
  await createOrder(waybill, { id: 'one', metadata: { cart: "a'b=[\u00e9]", shop: 'berlin' } });
  await createOrder(waybill, { id: 'two', metadata: { cart: 'other', shop: 'berlin' } });
  await vi.waitFor(async () => expect(await found('metadata[shop]=berlin')).toEqual(['two', 'one']), WITHIN);
  expect(await found(`metadata[cart]=${encodeURIComponent("a'b=[\u00e9]")}`)).toEqual(['one']);
  expect(await found('metadata[shop]=berlin&metadata[cart]=other')).toEqual(['two']);
  expect(await found('metadata[shop]=berlin&status=captured')).toEqual([]);
  expect(await found('metadata[shop]=paris')).toEqual([]);
  expect(await found('metadata[berlin]=shop')).toEqual([]);
});

it.each([
  ['metadata=cart', 'metadata'],
  ['metadata[cart]=', 'metadata[cart]'],
  ['metadata[waybill_order]=one', 'metadata[waybill_order]'],
  ['metadata[cart]=1&metadata[cart]=2', 'metadata[cart]'],
  ['constructor[a]=1', 'constructor[a]'],
  ['payment_intent=pi_1&metadata[cart]=1', 'metadata'],
])('no order is looked for by %s', async (query, param) => {
  expect(await request(waybill, 'GET', `/v1/orders?${query}`)).toMatchObject({
    status: 400,
    body: { param },
  });
});

it('metadata is changed as Stripe merges it, here and at Stripe, and found as it is now', async () => {
  const { body } = await createOrder(waybill, {
    id: 'changed',
    metadata: { cart: 'old', keep: 'it', gone: 'x' },
  });
  expect(await update('changed', { cart: 'new', gone: '' })).toMatchObject({ status: 200 });
  const { body: order } = await request(waybill, 'GET', '/v1/orders/changed');
  expect(order.metadata).toEqual({ cart: 'new', keep: 'it' });
  const { metadata } = await waybill.stripe.paymentIntents.retrieve(body.payment_intent);
  expect(metadata).toMatchObject({ cart: 'new', keep: 'it', waybill_order: 'changed' });
  expect(metadata).not.toHaveProperty('gone');
  await vi.waitFor(async () => expect(await found('metadata[cart]=new')).toEqual(['changed']), WITHIN);
  expect(await found('metadata[cart]=old')).toEqual([]);
  expect(await found('metadata[keep]=it')).toEqual(['changed']);
});

it('an answer that is lost changes nothing twice', async () => {
  const { body } = await createOrder(waybill, { id: 'lost' });
  const match = { method: 'POST', path: `/v1/payment_intents/${body.payment_intent}` };
  await control(waybill, 'faults', { match, effect: { drop: true, when: 'after' } });
  expect(await update('lost', { cart: '1' }, 'lost')).toMatchObject({
    status: 200,
    body: { metadata: { cart: '1' } },
  });
  expect(await update('lost', { cart: '1' }, 'lost')).toMatchObject({ status: 200 });
  const keys = (await updatesOf(body.payment_intent)).map((one) => one.idempotency_key);
  expect(new Set(keys).size).toBe(1);
});

it('what is changed in Stripe’s Dashboard is known after the next reading', async () => {
  const { body } = await createOrder(waybill, { id: 'outside', capture_method: 'automatic' });
  await waybill.stripe.paymentIntents.update(body.payment_intent, { metadata: { cart: 'by hand' } });
  await waybill.stripe.refunds.create({ payment_intent: body.payment_intent, amount: 100 });
  await vi.waitFor(async () => expect(await found('metadata[cart]=by hand')).toEqual(['outside']), WITHIN);
});

it('a closed order is reopened for it', async () => {
  await createOrder(waybill, { id: 'closed', capture_method: 'automatic', metadata: { a: '1' } });
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId('closed'));
  await handle.terminate();
  expect(await update('closed', { b: '2' })).toMatchObject({
    status: 200,
    body: { metadata: { a: '1', b: '2' } },
  });
  await vi.waitFor(async () => expect(await found('metadata[b]=2')).toEqual(['closed']), WITHIN);
});

it('what cannot be changed is refused, and nothing changes', async () => {
  await createOrder(waybill, { id: 'canceled' });
  await request(waybill, 'POST', '/v1/orders/canceled/cancel', { body: {} });
  expect(await update('canceled', { a: '1' })).toMatchObject({
    status: 409,
    body: { code: 'state_conflict' },
  });
  const full = Object.fromEntries(Array.from({ length: 47 }, (_, n) => [`key${n}`, 'x']));
  const { body } = await createOrder(waybill, { id: 'full', metadata: full });
  expect(await update('full', { more: 'x' })).toMatchObject({ status: 400, body: { param: 'metadata' } });
  expect(await update('full', { waybill_order: 'other' })).toMatchObject({
    status: 400,
    body: { param: 'metadata[waybill_order]' },
  });
  expect(await update('full', {})).toMatchObject({ status: 400, body: { param: 'metadata' } });
  expect(await update('full', { note: '4242 4242 4242 4242' })).toMatchObject({
    status: 400,
    body: { param: 'metadata[note]' },
  });
  expect(await updatesOf(body.payment_intent)).toEqual([]);
  expect(await update('full', { key0: '', more: 'x' })).toMatchObject({ status: 200 });
});
