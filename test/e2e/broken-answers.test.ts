import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Meddle } from '../support/meddling-proxy.ts';
import { MeddlingProxy } from '../support/meddling-proxy.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, unbalanced, WITHIN } from './support.ts';

const proxy = new MeddlingProxy();
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, {}, { proxy });
});
afterEach(async () => {
  proxy.meddle = () => null;
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(async () => {
  await waybill?.stop();
  await proxy.close();
});

const HTML = '<html><body><h1>502 Bad Gateway</h1></body></html>';
const html = { contentType: 'text/html', body: HTML };
const BROKEN: readonly (readonly [string, Meddle])[] = [
  ['JSON that is cut off', ({ body }) => ({ body: body.slice(0, body.length / 2) })],
  ['nothing', () => ({ body: '' })],
  ['a page of HTML with status 200', () => ({ ...html, status: 200 })],
  ['a page of HTML with status 502', () => ({ ...html, status: 502 })],
  ['another object', () => ({ status: 200, body: '{"id":"cus_1","object":"customer","metadata":{}}' })],
  ['no object', () => ({ status: 200, body: '{"status":"ok"}' })],
];

/** Breaks the first answers to requests that move money, which have taken effect. */
function breakFirst(broken: Meddle, times: number): void {
  let left = times;
  proxy.meddle = (answer) => {
    if (answer.method !== 'POST' || !answer.path.startsWith('/v1/payment_intents') || left === 0) return null;
    left -= 1;
    return broken(answer);
  };
}

describe('where something between Waybill and Stripe answers with', () => {
  it.each(BROKEN)('%s, the payment is made once, and its order has it', async (_, broken) => {
    breakFirst(broken, 2);
    const { body } = await createOrder(waybill, { capture_method: 'manual' });
    const id: string = body.id ?? body.order;
    await vi.waitFor(async () => {
      const { body: order } = await request(waybill, 'GET', `/v1/orders/${id}`);
      expect(order).toMatchObject({ status: 'authorized', needs_attention: null, pending: null });
    }, WITHIN);
    breakFirst(broken, 2);
    await request(waybill, 'POST', `/v1/orders/${id}/capture`, { body: {} });
    await vi.waitFor(async () => {
      const { body: order } = await request(waybill, 'GET', `/v1/orders/${id}`);
      expect(order).toMatchObject({ status: 'captured', amount_captured: 1000, needs_attention: null });
    }, WITHIN);
    const { data } = await waybill.stripe.paymentIntents.list({ limit: 100 });
    expect(data.filter(({ metadata }) => metadata.waybill_order === id)).toHaveLength(1);
  });
});

describe('where Stripe’s version is ahead', () => {
  it('fields and values that nobody knows yet change nothing', async () => {
    proxy.meddle = ({ body }) => {
      const answer = JSON.parse(body);
      answer.a_new_field = { deep: ['value'] };
      if (answer.latest_charge?.payment_method_details) {
        answer.latest_charge.payment_method_details.type = 'card_of_tomorrow';
        answer.latest_charge.outcome = { type: 'a_new_type' };
      }
      return { body: JSON.stringify(answer) };
    };
    const { status, body } = await createOrder(waybill, { capture_method: 'automatic' });
    expect([status, body.status]).toEqual([201, 'captured']);
    const refunded = await request(waybill, 'POST', `/v1/orders/${body.id}/refunds`, { body: {} });
    expect(refunded.body).toMatchObject({ status: 'refunded' });
  });
});
