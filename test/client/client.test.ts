import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Waybill as Client, each, verifyEvent, WaitTimeout } from '../../client/src/index.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import { control, createOrder, DESTINATION } from '../e2e/support.ts';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

let waybill: Waybill;
let client: Client;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 1_500 });
  client = new Client({ baseUrl: waybill.apiUrl, apiKey: 'dev_ops' });
});
afterAll(() => waybill?.stop());

const SALE = {
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account: DESTINATION,
  application_fee_amount: 123,
} as const;

describe('the client', () => {
  it('takes an order from its payment to its refund', async () => {
    const order = await client.orders.create({ body: SALE });
    expect(order.status).toBe('authorized');
    const path = { id: order.id };
    expect(await client.orders.capture({ path })).toMatchObject({ status: 'captured' });
    const body = { amount: 300, reverse_transfer: true };
    expect(await client.orders.refund({ path, body })).toMatchObject({ amount_refunded: 300 });
    const { data } = await client.orders.timeline({ path });
    expect(JSON.stringify(data)).toContain('dev_ops');
  });

  it('throws a refusal as a typed problem, with the order that a declined payment belongs to', async () => {
    const declined = await client.orders
      .create({ body: { ...SALE, payment_method: 'pm_card_chargeDeclined' } })
      .catch((error) => error);
    expect(declined).toMatchObject({ name: 'WaybillProblem', status: 402, code: 'card_declined' });
    const confirmed = await client.orders.confirm({
      path: { id: declined.problem.order },
      body: { payment_method: 'pm_card_visa' },
    });
    expect(confirmed.status).toBe('authorized');
  });

  it('captures once, though the first answer is lost on its way', async () => {
    const { id } = await client.orders.create({ body: SALE });
    let lost = 0;
    const unlucky = new Client({
      baseUrl: waybill.apiUrl,
      apiKey: 'dev_service',
      fetch: async (...request) => {
        const answer = await fetch(...request);
        if (lost++ === 0) throw new TypeError('the connection was reset');
        return answer;
      },
    });
    expect(await unlucky.orders.capture({ path: { id }, body: { amount: 400 } })).toMatchObject({
      amount_captured: 400,
    });
    expect(lost).toBe(2);
  });

  it('goes through every page of a list', async () => {
    const customer = (await client.customers.create({ body: { name: 'Jenny' } })).id;
    const method = { path: { id: customer }, body: { payment_method: 'pm_card_visa' } };
    for (const _ of [1, 2, 3]) await client.customers.attachPaymentMethod(method);
    const path = { id: customer };
    const list = (from: object) =>
      client.customers.listPaymentMethods({ path, query: { limit: 2, ...from } });
    const seen: string[] = [];
    for await (const { id } of each(list)) seen.push(id);
    expect(new Set(seen).size).toBe(3);
  });
});

describe('waitFor', () => {
  it('reads what was answered with 202 until its outcome is known', async () => {
    const { id } = await client.orders.create({ body: SALE });
    const captured = await client.orders.capture({ path: { id }, headers: { Prefer: 'wait=0' } });
    expect((await client.waitFor(captured)).status).toBe('captured');
  });

  it('ends with the last state when it takes too long', async () => {
    const order = await client.orders.create({ body: SALE });
    const never = client.waitFor(order, { until: ({ status }) => status === 'refunded', timeoutMs: 300 });
    const error = await never.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WaitTimeout);
    expect(error.last.status).toBe('authorized');
  });

  it('ends when an operator has to act', async () => {
    const { body: order } = await createOrder(waybill);
    const path = `/v1/payment_intents/${order.payment_intent}/capture`;
    const match = { method: 'POST', path, times: 1_000 };
    await control(waybill, 'faults', { match, effect: { error: 'lock_timeout' } });
    const captured = await client.orders.capture({ path: { id: order.id }, headers: { Prefer: 'wait=0' } });
    const stuck = await client.waitFor(captured);
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    expect(stuck.needs_attention).toMatchObject({ operation: 'capture' });
  });
});

describe('verifyEvent', () => {
  it('knows what Waybill sent, and refuses what anybody else did', async () => {
    const receiver = await startReceiver();
    const { secret = '' } = await client.eventSubscriptions.create({
      body: { url: receiver.url, events: ['order.authorized'] },
    });
    const { id } = await client.orders.create({ body: SALE });
    await expect.poll(() => receiver.received.length, WITHIN).toBeGreaterThan(0);
    await receiver.stop();
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[0]];
    const event = verifyEvent(secret, body, headers);
    expect(event).toMatchObject({ type: 'order.authorized', data: { id, status: 'authorized' } });
    expect(event.id).toBe(headers['webhook-id']);
    expect(
      verifyEvent(
        secret,
        new TextEncoder().encode(body),
        new Headers(Object.entries(headers) as [string, string][]),
      ),
    ).toEqual(event);
    expect(() => verifyEvent(secret, body.replace(id, 'other'), headers)).toThrow();
  });
});
