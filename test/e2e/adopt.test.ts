import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderResource } from '../../api/orders/order-schema.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { FORGETS_AT_ONCE } from '../support/server-args.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, sandboxRequests, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, {}, { serverArgs: FORGETS_AT_ONCE });
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

const PAYMENT = {
  amount: 1000,
  currency: 'usd',
  confirm: true,
  payment_method: 'pm_card_visa',
  application_fee_amount: 123,
  transfer_data: { destination: DESTINATION },
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
} as const;

type Params = Record<string, unknown>;

/** A payment that somebody made at Stripe before Waybill was there. */
async function payment(changes: Params = {}): Promise<string> {
  const { id } = await waybill.stripe.paymentIntents.create({
    ...PAYMENT,
    capture_method: 'automatic',
    ...changes,
  } as Parameters<Waybill['stripe']['paymentIntents']['create']>[0]);
  return id;
}

const adopt = (id: string, paymentIntent: string, key?: string) =>
  request(waybill, 'POST', `/v1/orders/${id}/adopt`, {
    body: { payment_intent: paymentIntent },
    ...(key ? { key } : {}),
  });

const refund = (id: string, body: object, key?: string) =>
  request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body, ...(key ? { key } : {}) });

async function effectiveRefunds(): Promise<number> {
  const calls = await sandboxRequests(waybill);
  return calls.filter(
    ({ method, path, status, replayed }) =>
      method === 'POST' && path === '/v1/refunds' && status === 200 && !replayed,
  ).length;
}

/** Once retention is over, Temporal knows nothing of it. */
async function forget(id: string): Promise<void> {
  const { client } = waybill.env;
  const workflowId = orderWorkflowId(id);
  const handle = client.workflow.getHandle(workflowId);
  const { namespace } = client.options;
  await handle.terminate('the test lets years pass');
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  await vi.waitFor(() => expect(handle.describe()).rejects.toThrow(WorkflowNotFoundError), WITHIN);
}

describe('an existing payment is adopted', () => {
  it.each([
    [
      'waiting for a card',
      { payment_method: undefined, confirm: false },
      { status: 'requires_payment_method' },
    ],
    [
      'waiting for 3-D Secure',
      { payment_method: 'pm_card_authenticationRequired' },
      { status: 'requires_action' },
    ],
    ['authorized', { capture_method: 'manual' }, { status: 'authorized', amount_capturable: 1000 }],
    ['captured', {}, { status: 'captured', amount_captured: 1000, application_fee_amount: 123 }],
    ['captured later', { capture_method: 'automatic_async' }, { status: 'captured', complete: true }],
    [
      'captured with a transfer amount',
      { application_fee_amount: undefined, transfer_data: { destination: DESTINATION, amount: 877 } },
      { transfer_amount: 877, application_fee_amount: null },
    ],
    [
      'captured on behalf of the account',
      { on_behalf_of: DESTINATION, description: 'a lamp', metadata: { sku: '7' } },
      { on_behalf_of: true, description: 'a lamp', metadata: { sku: '7' } },
    ],
  ] as const)('%s', async (name, changes, expected) => {
    const id = `adopt-${name.replaceAll(/[^a-z]/gi, '-')}`;
    const { status, body } = await adopt(id, await payment(changes));
    expect(status).toBe(201);
    expect(orderResource.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({ id, amount: 1000, currency: 'usd', connected_account: DESTINATION });
    await vi.waitFor(
      async () => expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body).toMatchObject(expected),
      WITHIN,
    );
  });

  it('canceled', async () => {
    const id = await payment({ capture_method: 'manual' });
    await waybill.stripe.paymentIntents.cancel(id);
    expect(await adopt('adopt-canceled', id)).toMatchObject({ status: 201, body: { status: 'canceled' } });
  });

  it('with refunds, reversals, fee refunds and transfers, and every cent in its funds', async () => {
    const { stripe } = waybill;
    const id = await payment();
    const paid = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    const charge = paid.latest_charge as { id: string; transfer: string; application_fee: string };
    await stripe.refunds.create({
      payment_intent: id,
      amount: 200,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    await stripe.refunds.create({ payment_intent: id, amount: 100 });
    await stripe.transfers.createReversal(charge.transfer, { amount: 50 });
    await stripe.applicationFees.createRefund(charge.application_fee, { amount: 10 });
    const { body } = await adopt('adopt-moved', id);
    expect(body).toMatchObject({
      status: 'captured',
      amount_refunded: 300,
      refunds: [
        { amount: 200, transfer_reversal: { amount: 200 } },
        { amount: 100, transfer_reversal: null },
      ],
      complete: true,
    });
    // 8.77 − (2.00 − 0.25) of the refund − 0.50 reversed + 0.10 of the fee; the platform bears what is left.
    expect(body.funds).toMatchObject({
      connected_net: 662,
      platform_net: 1000 - 59 - 662 - 300,
      stripe_fee: 59,
    });
    expect(body.adjustments).toHaveLength(1);
  });

  it('with a transfer out of it that its account converted', async () => {
    const { stripe } = waybill;
    const destination = 'acct_1WaybillDECustom';
    const intent = await payment({
      application_fee_amount: undefined,
      transfer_data: { destination, amount: 500 },
    });
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(intent);
    const transfer = { amount: 50, currency: 'usd', destination, source_transaction: String(charge) };
    await stripe.transfers.create(transfer);
    const { body } = await adopt('adopt-converted', intent);
    const { body: explained } = await request(
      waybill,
      'GET',
      '/v1/orders/adopt-converted/balance_transactions',
    );
    expect(explained.totals.connected).toMatchObject([{ currency: 'eur' }]);
    expect(body.funds).toMatchObject({
      platform: explained.totals.platform,
      connected: explained.totals.connected,
    });
  });

  it('and continues as any order, found by Stripe’s events', async () => {
    const id = await payment({ capture_method: 'manual' });
    await adopt('adopt-goes-on', id);
    expect((await waybill.stripe.paymentIntents.retrieve(id)).metadata).toEqual({
      waybill_order: 'adopt-goes-on',
    });
    expect(
      await request(waybill, 'POST', '/v1/orders/adopt-goes-on/capture', { body: { amount: 600 } }),
    ).toMatchObject({
      status: 200,
      body: { status: 'captured', amount_captured: 600 },
    });
    expect(await refund('adopt-goes-on', { reverse_transfer: true })).toMatchObject({
      status: 200,
      body: { status: 'refunded' },
    });
  });

  it('once, however often it is asked for', async () => {
    const id = await payment();
    const first = await adopt('adopt-once', id, 'adopt-once');
    const again = await adopt('adopt-once', id, 'adopt-once');
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await adopt('adopt-once', id)).toMatchObject({ status: 409, body: { code: 'order_exists' } });
  });

  it('by one of two orders that ask for it at once', async () => {
    const id = await payment();
    const answers = await Promise.all([adopt('adopt-rival-1', id), adopt('adopt-rival-2', id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const { metadata } = await waybill.stripe.paymentIntents.retrieve(id);
    const winner = answers.find(({ status }) => status === 201);
    expect(metadata.waybill_order).toBe(winner?.body.id);
  });

  it('by the second of two orders, once the first one’s claim is removed', async () => {
    const id = await payment();
    await adopt('adopt-first', id);
    await waybill.stripe.paymentIntents.update(id, { metadata: { waybill_order: '' } });
    for (const order of ['adopt-second', 'adopt-third']) {
      const isSecond = order === 'adopt-second';
      expect(await adopt(order, id)).toMatchObject({ status: isSecond ? 201 : 409 });
      const { metadata } = await waybill.stripe.paymentIntents.retrieve(id);
      expect(metadata).toEqual({ waybill_order: 'adopt-second' });
    }
  });

  it('even though Stripe loses its answer', async () => {
    const id = await payment();
    const match = { method: 'POST', path: `/v1/payment_intents/${id}`, times: 2 };
    await control(waybill, 'faults', { match, effect: { drop: true, when: 'after' } });
    expect(await adopt('adopt-lost', id)).toMatchObject({ status: 201, body: { status: 'captured' } });
  });
});

describe('a payment is not adopted', () => {
  it.each([
    [
      'is not a destination charge',
      () => payment({ transfer_data: undefined, application_fee_amount: undefined }),
      400,
    ],
    ['is on behalf of another account', () => payment({ on_behalf_of: 'acct_1WaybillUSXpress' }), 400],
    ['does not exist', async () => 'pi_none', 404],
    ['is another order’s', async () => (await createOrder(waybill)).body.payment_intent as string, 409],
  ])('that %s', async (_, paymentIntent, status) => {
    const answer = await adopt('adopt-refused', await paymentIntent());
    expect(answer).toMatchObject({ status, body: { param: 'payment_intent' } });
    expect(await request(waybill, 'GET', '/v1/orders/adopt-refused')).toMatchObject({ status: 404 });
  });
});

describe('an order that Temporal has forgotten', () => {
  it('is read from Stripe, refunded once under one key, and takes no other command', async () => {
    const { body: order } = await createOrder(waybill, {
      id: 'gone',
      application_fee_amount: 123,
      metadata: { sku: '1' },
    });
    await request(waybill, 'POST', '/v1/orders/gone/capture');
    await refund('gone', { amount: 100, reverse_transfer: true }, 'gone-first');
    await forget('gone');

    const { body } = await request(waybill, 'GET', '/v1/orders/gone');
    expect(body).toMatchObject({
      id: 'gone',
      status: 'captured',
      amount_refunded: 100,
      payment_intent: order.payment_intent,
      metadata: { sku: '1' },
    });
    expect(await request(waybill, 'POST', '/v1/orders/gone/cancel')).toMatchObject({ status: 409 });
    const before = await effectiveRefunds();

    // The key of a refund that was made before gives that refund, and takes nothing up.
    const replayed = await refund('gone', { amount: 100, reverse_transfer: true }, 'gone-first');
    expect(replayed).toMatchObject({ status: 200, body: { amount_refunded: 100 } });
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await refund('gone', { amount: 77 }, 'gone-first')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await effectiveRefunds()).toBe(before);

    const refunded = await refund('gone', { amount: 300 }, 'gone-second');
    expect(refunded).toMatchObject({ status: 200, body: { amount_refunded: 400, metadata: { sku: '1' } } });
    const again = await refund('gone', { amount: 300 }, 'gone-second');
    expect(again).toMatchObject({ status: 200, body: { amount_refunded: 400 } });
    expect(await refund('gone', { amount: 700 })).toMatchObject({
      status: 422,
      body: { code: 'money_rule' },
    });
    expect(await effectiveRefunds()).toBe(before + 1);

    await forget('gone');
    expect(await refund('gone', { amount: 300 }, 'gone-second')).toMatchObject({
      status: 200,
      body: { amount_refunded: 400 },
    });
    expect(await effectiveRefunds()).toBe(before + 1);
  });

  it('makes a transfer out of its charge', async () => {
    await createOrder(waybill, { id: 'gone-transfer', capture_method: 'automatic', transfer_amount: 500 });
    await forget('gone-transfer');
    const body = { amount: 40, description: 'forgotten' };
    expect(
      await request(waybill, 'POST', '/v1/orders/gone-transfer/transfers', { body, key: 'gone-tr' }),
    ).toMatchObject({
      status: 200,
      body: { transfers: [{ amount: 40 }], funds: { connected_net: 540 } },
    });
    await forget('gone-transfer');
    expect((await request(waybill, 'GET', '/v1/orders/gone-transfer')).body).toMatchObject({
      transfers: [{ amount: 40 }],
      funds: { connected_net: 540 },
    });
  });

  it('is not found where Stripe knows none, or does not search', async () => {
    expect(await refund('never-was', {})).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await control(waybill, 'faults', {
      match: { method: 'GET', path: '/v1/payment_intents/search' },
      effect: {
        error: { type: 'invalid_request_error', message: 'Search is not available in your country.' },
        status: 400,
      },
    });
    expect(await request(waybill, 'GET', '/v1/orders/never-was')).toMatchObject({ status: 404 });
  });
});
