import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { orderResource } from '../../api/orders/order-schema.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { termsOf } from '../../stripe/adoption.ts';
import { progress } from '../../worker/heartbeats.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, unbalanced, WITHIN } from './support.ts';

const DAY_SECONDS = 86_400;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true }, { onDisputeLost: 'recover' });
});
afterEach(async () => {
  await control(waybill, 'settings', { multicapture: false });
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

type Intents = Waybill['stripe']['paymentIntents'];
type Params = Record<string, unknown>;

/** A payment of 10.00, fee 1.23, that somebody made at Stripe before Waybill was there. */
function payment(changes: Params = {}) {
  return waybill.stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    capture_method: 'automatic',
    application_fee_amount: 123,
    transfer_data: { destination: DESTINATION },
    payment_method_types: ['card'],
    ...changes,
  } as Parameters<Intents['create']>[0]);
}

const adopt = (id: string, paymentIntent: string) =>
  request(waybill, 'POST', `/v1/orders/${id}/adopt`, { body: { payment_intent: paymentIntent } });

async function shows(id: string, expected: object) {
  await vi.waitFor(async () => {
    expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body).toMatchObject(expected);
  }, WITHIN);
}

describe('a payment is adopted', () => {
  it('that was never confirmed, and is paid by its order', async () => {
    const { id, status } = await payment({ confirm: false });
    expect(status).toBe('requires_confirmation');
    expect(await adopt('unconfirmed', id)).toMatchObject({ body: { status: 'requires_payment_method' } });
    const body = { payment_method: 'pm_card_visa' };
    expect(await request(waybill, 'POST', '/v1/orders/unconfirmed/confirm', { body })).toMatchObject({
      status: 200,
      body: { status: 'captured', funds: { connected_net: 877 } },
    });
  });

  it('that takes days, and is then seen to arrive', async () => {
    const bank = { payment_method: 'pm_usBankAccount_success', payment_method_types: ['us_bank_account'] };
    const { id, status } = await payment(bank);
    expect(status).toBe('processing');
    expect(await adopt('on-its-way', id)).toMatchObject({ status: 201, body: { status: 'processing' } });
    await control(waybill, 'clock/advance', { seconds: 5 * DAY_SECONDS });
    await shows('on-its-way', { status: 'captured', funds: { connected_net: 877 }, complete: true });
  });

  it('that is disputed, with its deadline; a loss is recovered, as configured', async () => {
    const { id } = await payment({ payment_method: 'pm_card_createDispute' });
    const { body } = await adopt('disputed', id);
    expect(body).toMatchObject({
      status: 'captured',
      on_dispute_lost: 'recover',
      dispute: { status: 'needs_response', withdrawn: [{ amount: 1000, currency: 'usd' }] },
      needs_attention: { code: 'dispute_needs_response' },
    });
    await control(waybill, `disputes/${body.dispute.id}/decide`, { verdict: 'lost' });
    await shows('disputed', { dispute: { status: 'lost', recovery: { status: 'recovered' } } });
  });

  it('whose dispute was lost already, by an order that had another payment: nothing is taken from its seller either', async () => {
    await createOrder(waybill, { id: 'lost-by-another' });
    await request(waybill, 'POST', '/v1/orders/lost-by-another/cancel');
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId('lost-by-another'));
    await vi.waitFor(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'), WITHIN);
    const { id } = await payment({ payment_method: 'pm_card_createDispute' });
    const { data } = await waybill.stripe.disputes.list({ payment_intent: id });
    await control(waybill, `disputes/${data[0]?.id}/decide`, { verdict: 'lost' });
    expect(await adopt('lost-by-another', id)).toMatchObject({
      status: 201,
      body: { on_dispute_lost: 'recover', dispute: { status: 'lost', recovery: { status: 'given_up' } } },
    });
  });

  it('whose dispute was lost already, for which nothing is taken from its seller; and one that was refunded', async () => {
    const lost = await payment({ payment_method: 'pm_card_createDispute' });
    const { data } = await waybill.stripe.disputes.list({ payment_intent: lost.id });
    await control(waybill, `disputes/${data[0]?.id}/decide`, { verdict: 'lost' });
    const adopted = { dispute: { status: 'lost', recovery: { status: 'given_up' } }, needs_attention: null };
    expect(await adopt('lost-before', lost.id)).toMatchObject({ body: adopted });
    expect(await adopt('lost-before', lost.id)).toMatchObject({ status: 409 });
    const { latest_charge: charge } = await waybill.stripe.paymentIntents.retrieve(lost.id);
    const { transfer } = await waybill.stripe.charges.retrieve(String(charge));
    expect((await waybill.stripe.transfers.listReversals(String(transfer))).data).toEqual([]);
    const refunded = await payment();
    await waybill.stripe.refunds.create({ payment_intent: refunded.id, amount: 1000 });
    expect(await adopt('refunded-before', refunded.id)).toMatchObject({
      body: { status: 'refunded', amount_refunded: 1000, refunds: [{ amount: 1000 }] },
    });
  });

  it('with a special-case transfer that somebody else made out of it, and reversed in part', async () => {
    const { id, latest_charge } = await payment({
      application_fee_amount: undefined,
      transfer_data: { destination: DESTINATION, amount: 500 },
    });
    const { id: transfer } = await waybill.stripe.transfers.create({
      amount: 50,
      currency: 'usd',
      destination: DESTINATION,
      source_transaction: String(latest_charge),
    });
    await waybill.stripe.transfers.createReversal(transfer, { amount: 20 });
    const { body } = await adopt('with-transfer', id);
    expect(orderResource.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({
      transfers: [{ amount: 50 }],
      adjustments: [{ amount: 20 }],
      funds: { connected_net: 530, platform_net: 1000 - 59 - 530 },
    });
  });

  it('that was captured in part, and whose rest can be captured', async () => {
    await control(waybill, 'settings', { multicapture: true });
    const { id } = await payment({
      capture_method: 'manual',
      payment_method_options: { card: { request_multicapture: 'if_available' } },
    });
    await waybill.stripe.paymentIntents.capture(id, { amount_to_capture: 300, final_capture: false });
    expect(await adopt('in-parts', id)).toMatchObject({
      body: { status: 'authorized', amount_captured: 300, amount_capturable: 700 },
    });
    await request(waybill, 'POST', '/v1/orders/in-parts/capture', { body: { amount: 100, final: false } });
    await request(waybill, 'POST', '/v1/orders/in-parts/capture', { body: { amount: 200 } });
    await shows('in-parts', { status: 'captured', amount_captured: 600 });
    const { body } = await request(waybill, 'GET', '/v1/orders/in-parts');
    const { body: explained } = await request(waybill, 'GET', '/v1/orders/in-parts/balance_transactions');
    expect(explained.totals.platform).toEqual(body.funds.platform);
    expect(explained.totals.connected).toEqual(body.funds.connected);
  });

  it.each([
    ['platform', undefined, { merchant: 'platform', country: 'US', currency: 'usd' }],
    ['account', DESTINATION, { merchant: DESTINATION, country: 'US', currency: 'usd' }],
  ] as const)('and says that the %s is its settlement merchant', async (who, onBehalfOf, settlement) => {
    const { id } = await payment({ on_behalf_of: onBehalfOf });
    expect((await adopt(`merchant-${who}`, id)).body.settlement).toMatchObject(settlement);
  });

  it('once by one order, however many requests ask at the same time', async () => {
    const { id } = await payment();
    const answers = await Promise.all([1, 2, 3, 4].map(() => adopt('at-once', id)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  });
});

it('a payment that changes before it is claimed is not adopted under its former terms', async () => {
  const { stripe, env } = waybill;
  const { id } = await payment({ confirm: false });
  const terms = termsOf(await stripe.paymentIntents.retrieve(id), 'changed');
  await stripe.paymentIntents.update(id, { amount: 900 });
  const { adopt } = createActivities({
    stripe,
    clientId: null,
    taskQueue: 'waybill',
    accountLimits: {},
    lookBeforeCreate: true,
    temporal: env.client,
    progress,
    now: Date.now,
  });
  const asked = {
    operation: 'adopt',
    orderId: 'changed',
    operationId: id,
    paymentIntent: id,
    terms,
  } as const;
  const rest = { generation: 0, requestedAt: Date.now(), livemode: false, isReopened: false };
  expect(await adopt({ ...asked, ...rest })).toMatchObject({
    type: 'refused',
    problem: { code: 'state_conflict', param: 'payment_intent' },
  });
  expect((await stripe.paymentIntents.retrieve(id)).metadata).toEqual({});
});

describe('an order whose workflow was ended', () => {
  it('continues with its own payment under its terms', async () => {
    const terms = { id: 'own-terms', on_dispute_lost: 'bear', application_fee_amount: 123 };
    const { body: order } = await createOrder(waybill, terms);
    await waybill.env.client.workflow.getHandle(orderWorkflowId('own-terms')).terminate('by mistake');
    const { body } = await adopt('own-terms', order.payment_intent);
    expect(body).toMatchObject({
      status: 'authorized',
      on_dispute_lost: 'bear',
      settlement: order.settlement,
    });
    expect(await request(waybill, 'POST', '/v1/orders/own-terms/capture')).toMatchObject({
      body: { status: 'captured', funds: { connected_net: 877 } },
    });
  });
});

describe('a refund that was on its way when somebody terminated the order', () => {
  const error = { type: 'invalid_request_error', message: 'The key does not have the required permissions.' };
  it.each([
    ['was being retried', { status: 429 }, { pending: { operation: 'refund' } }],
    ['needed somebody', { status: 403, error }, { needs_attention: { operation: 'refund' } }],
  ])('and %s is made once its request is repeated', async (how, effect, shown) => {
    const id = `stopped-${how.replaceAll(' ', '-')}`;
    const path = `/v1/orders/${id}`;
    await createOrder(waybill, { id, capture_method: 'automatic' });
    const match = { method: 'POST', path: '/v1/refunds', times: 1_000 };
    await control(waybill, 'faults', { match, effect });
    const refund = (amount: number, headers = {}) =>
      request(waybill, 'POST', `${path}/refunds`, { body: { amount }, key: id, headers });
    await refund(300, { prefer: 'wait=0' });
    await shows(id, shown);
    await waybill.env.client.workflow.getHandle(orderWorkflowId(id)).terminate('by mistake');
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });

    expect(await refund(400)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await refund(300)).toMatchObject({ status: 200, body: { amount_refunded: 300 } });
    expect(await refund(300)).toMatchObject({ status: 200, body: { amount_refunded: 300 } });
    expect((await request(waybill, 'GET', path)).body.refunds).toHaveLength(1);
  });
});

it('an order that somebody terminated before it was paid begins again when its request is repeated', async () => {
  const id = 'stopped-at-first';
  const match = { method: 'POST', path: '/v1/payment_intents', times: 1_000 };
  await control(waybill, 'faults', { match, effect: { status: 429 } });
  const create = (headers = {}) => createOrder(waybill, { id }, { key: id, headers });
  await create({ prefer: 'wait=0' });
  await shows(id, { pending: { operation: 'authorize' } });
  await waybill.env.client.workflow.getHandle(orderWorkflowId(id)).terminate('by mistake');
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });

  const answer = await create();
  expect(answer).toMatchObject({ status: 201, body: { status: 'authorized' } });
  expect(await create()).toMatchObject({ status: 201, body: { payment_intent: answer.body.payment_intent } });
});

describe('an order that has a payment', () => {
  const ended = async (id: string, why: 'terminated' | 'canceled') => {
    await createOrder(waybill, { id, application_fee_amount: 123 });
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
    if (why === 'terminated') await handle.terminate('by mistake');
    else await request(waybill, 'POST', `/v1/orders/${id}/cancel`);
    await vi.waitFor(async () => expect((await handle.describe()).status.name).not.toBe('RUNNING'), WITHIN);
  };

  it('adopts no other, though its workflow has ended', async () => {
    await ended('has-one', 'terminated');
    const answer = await adopt('has-one', (await payment()).id);
    expect(answer).toMatchObject({ status: 409, body: { param: 'payment_intent' } });
    expect(answer.body.detail).toContain('has a payment already');
  });

  it('adopts another once its own, unpaid one was canceled', async () => {
    await ended('had-one', 'canceled');
    const { id } = await payment();
    expect(await adopt('had-one', id)).toMatchObject({
      status: 201,
      body: { status: 'captured', payment_intent: id },
    });
  });
});

describe('Waybill in live mode', () => {
  it('adopts no test-mode payment', async () => {
    const live = await startWaybill({}, {}, { livemode: true });
    try {
      const { id } = await live.stripe.paymentIntents.create({
        amount: 1000,
        currency: 'usd',
        transfer_data: { destination: DESTINATION },
      });
      const body = { payment_intent: id };
      const answer = await request(live, 'POST', '/v1/orders/of-test-mode/adopt', { body });
      expect(answer).toMatchObject({ status: 400, body: { param: 'payment_intent' } });
      expect(answer.body.detail).toContain('is in test mode, and Waybill runs in live mode');
      expect((await live.stripe.paymentIntents.retrieve(id)).metadata).toEqual({});
    } finally {
      await live.stop();
    }
  });
});
