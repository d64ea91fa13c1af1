import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderResource, orderSummaryResource } from '../../api/orders/order-schema.ts';
import { payoutResource, payoutSummaryResource } from '../../api/payouts/payout-schema.ts';
import { serveApp } from '../api/serve-app.ts';
import { continuingAfter } from '../support/server-args.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { payOut, seller } from './sellers.ts';
import { control, createOrder, DESTINATION, WITHIN } from './support.ts';

/** So few events that an order continues as new after some refunds. */
const EVENTS = 60;
/** Each costs an order about as many events. */
const REFUND_EVENTS = 5;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 1_500 }, {}, { serverArgs: continuingAfter(EVENTS) });
});
afterAll(() => waybill?.stop());

const get = (path: string) => request(waybill, 'GET', path);
const post = (path: string, body: object = {}) => request(waybill, 'POST', path, { body });

async function listed(list: string, id: string): Promise<Answer['body']> {
  const { body } = await get(`${list}${list.includes('?') ? '&' : '?'}limit=100`);
  return body.data.find((item: { id: string }) => item.id === id);
}

/** What the list shows of it are the same values as when it is read alone, but for the time of the next attempt. */
async function isListedAsItIs(id: string): Promise<Answer['body']> {
  const { body: order } = await get(`/v1/orders/${id}`);
  const { needs_attention: need, ...rest } = orderSummaryResource.parse(order);
  const expected = { ...rest, needs_attention: need && { ...need, next_attempt_at: null } };
  await vi.waitFor(async () => expect(await listed('/v1/orders', id)).toEqual(expected), WITHIN);
  return expected;
}

describe('the summary of an order in a list', () => {
  it('has the values of the order, from its start to its refunds', async () => {
    const { id: customer } = await waybill.stripe.customers.create({});
    const { id: method } = await waybill.stripe.paymentMethods.attach('pm_card_visa', { customer });
    const metadata = { cart: '4711', 'a key': 'ü' };
    const { body } = await createOrder(waybill, {
      id: 'whole',
      customer,
      payment_method: method,
      metadata,
      description: 'two chairs',
    });
    expect([body.id, body.status]).toEqual(['whole', 'authorized']);
    expect(await isListedAsItIs('whole')).toMatchObject({
      metadata,
      customer,
      description: 'two chairs',
      amount_captured: 0,
      payment_intent: body.payment_intent,
      capture_before: body.capture_before,
    });
    await post('/v1/orders/whole/capture', { amount: 600 });
    expect(await isListedAsItIs('whole')).toMatchObject({ status: 'captured', amount_captured: 600 });
    await post('/v1/orders/whole/refunds', { amount: 100 });
    expect(await isListedAsItIs('whole')).toMatchObject({ status: 'captured', amount_refunded: 100 });
    await post('/v1/orders/whole/refunds');
    expect(await isListedAsItIs('whole')).toMatchObject({ status: 'refunded', amount_refunded: 600 });
  });

  it('says what needs attention while it does', async () => {
    await createOrder(waybill, { id: 'stuck' });
    const outage = { match: { method: 'POST', times: 1_000 }, effect: { error: 'lock_timeout' } };
    await control(waybill, 'faults', outage);
    await request(waybill, 'POST', '/v1/orders/stuck/capture', { headers: { prefer: 'wait=30' } });
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    expect(await isListedAsItIs('stuck')).toMatchObject({
      needs_attention: { operation: 'capture', code: 'lock_timeout' },
    });
    await post('/v1/orders/stuck/resolve', { action: 'retry', reason: 'it is over' });
    expect(await isListedAsItIs('stuck')).toMatchObject({ status: 'captured', needs_attention: null });
  });

  it('has the amount after an increment', async () => {
    await control(waybill, 'settings', { incremental_authorization: true });
    await createOrder(waybill, { id: 'more', request_incremental_authorization: true });
    await post('/v1/orders/more/increment', { amount: 1500 });
    expect(await isListedAsItIs('more')).toMatchObject({ amount: 1500 });
  });

  it('has the time of an adopted payment', async () => {
    const { id } = await waybill.stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_visa',
      transfer_data: { destination: DESTINATION },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    expect((await post('/v1/orders/adopted/adopt', { payment_intent: id })).status).toBeLessThan(300);
    await isListedAsItIs('adopted');
  });

  it('has them still after the order continued as new', async () => {
    await createOrder(waybill, { id: 'long', capture_method: 'automatic', metadata: { cart: '1' } });
    const workflow = waybill.env.client.workflow.getHandle('order/long');
    const { runId } = await workflow.describe();
    for (let refunds = 0; refunds * REFUND_EVENTS < EVENTS; refunds++) {
      await post('/v1/orders/long/refunds', { amount: 1 });
    }
    expect((await workflow.describe()).runId).not.toBe(runId);
    expect(await isListedAsItIs('long')).toMatchObject({ metadata: { cart: '1' } });
  });

  it('is given where no worker could answer for it', async () => {
    const alone = await serveApp({
      temporal: waybill.env.client,
      taskQueue: 'nobody',
      logger: pino({ level: 'silent' }),
    });
    const body = { id: 'waiting', amount: 1000, currency: 'usd', token: 'tok_visa' };
    await alone.call('POST', '/v1/orders', {
      key: 'waiting',
      body: { ...body, connected_account: DESTINATION },
      headers: { Prefer: 'wait=0' },
    });
    await alone.stop();
    await vi.waitFor(
      async () =>
        expect(await listed('/v1/orders', 'waiting')).toMatchObject({ status: 'pending', amount: 1000 }),
      WITHIN,
    );
    await waybill.env.client.workflow.getHandle('order/waiting').terminate();
  });

  it('gives way to the whole order with expand[]=data', async () => {
    await createOrder(waybill, { id: 'expanded' });
    await isListedAsItIs('expanded');
    const { body } = await get('/v1/orders/expanded');
    const whole = await listed('/v1/orders?expand[]=data', 'expanded');
    expect(whole).toEqual(body);
    expect(orderResource.safeParse(whole).error).toBeUndefined();
    expect(await get('/v1/orders?expand[]=refunds')).toMatchObject({
      status: 400,
      body: { param: 'expand[]' },
    });
  });

  it('is left out of a search by capture_before once the order was captured', async () => {
    await createOrder(waybill, { id: 'due' });
    const due = () => listed('/v1/orders?capture_before[gte]=2020-01-01T00:00:00Z', 'due');
    await vi.waitFor(async () => expect(await due()).toMatchObject({ id: 'due' }), WITHIN);
    await post('/v1/orders/due/capture');
    await vi.waitFor(async () => expect(await due()).toBeUndefined(), WITHIN);
  });
});

it('the summary of a payout in a list has the values of the payout', async () => {
  const account = await seller(waybill, { earned: 1000 });
  const { body } = await payOut(waybill, account, { metadata: { week: '1' }, description: 'weekly' });
  const { body: payout } = await get(`/v1/accounts/${account}/payouts/${body.id}`);
  const expected = payoutSummaryResource.parse(payout);
  expect(expected).toMatchObject({ metadata: { week: '1' }, description: 'weekly' });
  const lists = ['/v1/payouts', `/v1/accounts/${account}/payouts`];
  for (const list of lists) {
    await vi.waitFor(async () => expect(await listed(list, body.id)).toEqual(expected), WITHIN);
    const whole = await listed(`${list}?expand[]=data`, body.id);
    expect(payoutResource.safeParse(whole).error).toBeUndefined();
    expect(whole).toEqual(payout);
  }
});
