import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, sandboxRequests } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const post = (path: string, key: string, body: object = {}) => request(waybill, 'POST', path, { key, body });
const isReplay = ({ headers }: { headers: Headers }) => headers.get('Idempotent-Replayed') === 'true';

async function refundsAtStripe(): Promise<number> {
  const requests = await sandboxRequests(waybill);
  return requests.filter(({ method, path }) => method === 'POST' && path === '/v1/refunds').length;
}

describe("a refusal by an order's state", () => {
  it('is the answer to its key for good: a repeat after the state changed is not carried out', async () => {
    const { body: order } = await createOrder(waybill);
    const refunds = `/v1/orders/${order.id}/refunds`;
    const first = await post(refunds, 'too-early', { amount: 400 });
    expect(first).toMatchObject({ status: 409, body: { code: 'state_conflict', retryable: false } });
    expect(isReplay(first)).toBe(false);
    expect(await post(`/v1/orders/${order.id}/capture`, `capture ${order.id}`)).toMatchObject({
      status: 200,
    });

    const again = await post(refunds, 'too-early', { amount: 400 });
    expect(again).toMatchObject({ status: 409, body: { code: 'state_conflict', detail: first.body.detail } });
    expect(isReplay(again)).toBe(true);
    const other = await post(refunds, 'too-early', { amount: 500 });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await refundsAtStripe()).toBe(0);

    expect((await post(refunds, 'in-time', { amount: 400 })).body).toMatchObject({ amount_refunded: 400 });
    const { body: timeline } = await request(waybill, 'GET', `/v1/orders/${order.id}/timeline`);
    expect(JSON.stringify(timeline)).toContain('refund refused');
  });

  it('is stored, also if it is about an amount', async () => {
    const { body: order } = await createOrder(waybill);
    const capture = `/v1/orders/${order.id}/capture`;
    const first = await post(capture, 'too-much', { amount: 1001 });
    expect(first).toMatchObject({ status: 422, body: { code: 'money_rule', retryable: false } });
    expect(isReplay(await post(capture, 'too-much', { amount: 1001 }))).toBe(true);
    expect(await post(capture, 'too-much', { amount: 1000 })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it("is stored as Stripe's own refusal is", async () => {
    const transfer = { amount: 500, currency: 'usd', destination: DESTINATION, description: 'a bonus' };
    const first = await post('/v1/transfers', 'no-funds', transfer);
    expect(first).toMatchObject({ status: 422, body: { code: 'balance_insufficient', retryable: false } });
    const again = await post('/v1/transfers', 'no-funds', transfer);
    expect(again).toMatchObject({ status: 422, body: { code: 'balance_insufficient' } });
    expect(isReplay(again)).toBe(true);
  });

  it('of a key that made another transfer before is given to every other id: nothing is paid twice', async () => {
    // So that there is money that may be transferred.
    const rich = { amount: 10_000, payment_method: 'pm_card_bypassPending', transfer_amount: 1_000 };
    await createOrder(waybill, { ...rich, capture_method: 'automatic' });
    const bonus = { amount: 500, currency: 'usd', destination: DESTINATION, description: 'a bonus' };
    const transfer = (id: string, key = 'one-bonus') => post('/v1/transfers', key, { ...bonus, id });
    expect(await transfer('bonus-1')).toMatchObject({ status: 201, body: { status: 'paid' } });
    const other = await transfer('bonus-2');
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused', retryable: false } });
    expect(isReplay(await transfer('bonus-1'))).toBe(true);
    expect(await transfer('bonus-2', 'another-bonus')).toMatchObject({ status: 201 });
  });
});

describe('a refusal before anything is known of the command', () => {
  it('by validation leaves the key unused: the corrected body is carried out', async () => {
    const wrong = await createOrder(waybill, { amount: 0 }, { key: 'corrected' });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_request', retryable: false } });
    expect(isReplay(wrong)).toBe(false);
    expect(await createOrder(waybill, {}, { key: 'corrected' })).toMatchObject({ status: 201 });
  });

  it('by an account that is not ready says that the same request may succeed later, and then it does', async () => {
    const account = 'acct_1WaybillUSXpress';
    await control(waybill, `accounts/${account}`, { capabilities: { transfers: 'inactive' } });
    const order = { connected_account: account };
    const early = await createOrder(waybill, order, { key: 'not-ready' });
    expect(early).toMatchObject({ status: 422, body: { code: 'account_not_ready', retryable: true } });
    await control(waybill, `accounts/${account}`, { capabilities: { transfers: 'active' } });
    const ready = await createOrder(waybill, order, { key: 'not-ready' });
    expect(ready).toMatchObject({ status: 201 });
    expect(isReplay(ready)).toBe(false);
  });
});
