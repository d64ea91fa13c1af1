import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stripeEventWorkflowId } from '../../domain/ids.ts';
import { eventRefOf } from '../../domain/stripe-events/stripe-events.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import { completeAccount } from '../support/sellers.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { payOut, seller } from './sellers.ts';
import { control, createOrder, DESTINATION, ledgerBalances, unbalanced, WITHIN } from './support.ts';

const KEYS_FORGOTTEN_SECONDS = 25 * 3_600;
const dataDir = mkdtempSync(join(tmpdir(), 'waybill-lost-'));

let waybill: Waybill;
let account: string;
/** What each request was answered the first time. */
let first: Record<keyof typeof REQUESTS, Answer>;
/** What Stripe had then. */
let before: Awaited<ReturnType<typeof atStripe>>;

const ORDER = { id: 'lost-order', capture_method: 'automatic', transfer_amount: 800 };
const TRANSFER = {
  id: 'lost-transfer',
  amount: 70,
  currency: 'usd',
  destination: DESTINATION,
  description: 'bonus',
};
const refund = (amount: number, key: string) =>
  request(waybill, 'POST', '/v1/orders/lost-order/refunds', { body: { amount }, key });
const transfer = (body: object, key: string) => request(waybill, 'POST', '/v1/transfers', { body, key });
const reverse = (amount: number, key: string) =>
  request(waybill, 'POST', '/v1/transfers/lost-transfer/reversals', { body: { amount }, key });
const create = (body: object, key: string) => request(waybill, 'POST', '/v1/accounts', { body, key });

const REQUESTS = {
  order: () => createOrder(waybill, ORDER, { key: 'order' }),
  unnamed: () =>
    createOrder(
      waybill,
      { payment_method: 'pm_card_bypassPending', capture_method: 'automatic', application_fee_amount: 500 },
      { key: 'unnamed' },
    ),
  authorized: () => createOrder(waybill, { id: 'lost-authorized' }, { key: 'authorized' }),
  declined: () =>
    createOrder(
      waybill,
      { id: 'lost-declined', payment_method: 'pm_card_chargeDeclined' },
      { key: 'declined' },
    ),
  refund: () => refund(300, 'refund'),
  transferOfOrder: () =>
    request(waybill, 'POST', '/v1/orders/lost-order/transfers', {
      body: { amount: 50, description: 'bonus' },
      key: 'of-order',
    }),
  reversalOfOrder: async () => {
    const { body } = await request(waybill, 'GET', '/v1/orders/lost-order');
    const path = `/v1/orders/lost-order/transfers/${body.transfers[0].id}/reversals`;
    return request(waybill, 'POST', path, { body: { amount: 20 }, key: 'of-transfer' });
  },
  transfer: () => transfer(TRANSFER, 'transfer'),
  reversal: () => reverse(20, 'reversal'),
  payout: () => payOut(waybill, account, {}, { key: 'payout' }),
  account: () => create(completeAccount('lost-seller'), 'account'),
};
const NAMES = Object.keys(REQUESTS) as (keyof typeof REQUESTS)[];

const start = () => startWaybill({}, {}, { sandboxOptions: { dataDir } });

/** Everything at Stripe that a repeat could have made twice, and what every account of the ledger has. */
async function atStripe() {
  const { stripe } = waybill;
  const [payments, charges, refunds, transfers, payouts, accounts] = await Promise.all([
    stripe.paymentIntents.list({ limit: 100 }),
    stripe.charges.list({ limit: 100 }),
    stripe.refunds.list({ limit: 100 }),
    stripe.transfers.list({ limit: 100 }),
    payoutsOf(stripe, asAccount(account)).list({ limit: 100 }),
    stripe.accounts.list({ limit: 100 }),
  ]);
  const lists = { payments, charges, refunds, transfers, payouts, accounts };
  const ids = Object.entries(lists).map(([name, { data }]) => [name, data.map(({ id }) => id)]);
  const balances = await ledgerBalances(waybill);
  return { ...(Object.fromEntries(ids) as Record<keyof typeof lists, string[]>), balances };
}

beforeAll(async () => {
  waybill = await start();
  account = await seller(waybill, { earned: 1000 });
  const answers: Partial<typeof first> = {};
  for (const name of NAMES) answers[name] = await REQUESTS[name]();
  first = answers as typeof first;
  // Temporal's data go with its server; Stripe stays.
  await waybill.stop();
  waybill = await start();
  await control(waybill, 'clock/advance', { seconds: KEYS_FORGOTTEN_SECONDS });
  before = await atStripe();
});
afterAll(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
  await waybill?.stop();
  rmSync(dataDir, { recursive: true });
});

/** Stripe's event of the first payout comes in. */
async function payoutFails(id: string) {
  const object = await payoutsOf(waybill.stripe, asAccount(account)).retrieve(
    first.payout.body.stripe_payout,
  );
  const to = { temporal: waybill.env.client, taskQueue: 'waybill' };
  return deliver(to, eventRefOf({ id, type: 'payout.failed', created: 1, account, data: { object } }));
}

/** What names a thing at Stripe, in an answer. */
const idOf = ({ body }: Answer) =>
  body.stripe_payout ?? body.stripe_transfer ?? body.payment_intent ?? body.id;

describe('with all data of Temporal gone and all keys of Stripe expired', () => {
  it('every request was carried out once before', () => {
    for (const name of NAMES) expect(first[name].headers.get('Idempotent-Replayed'), name).toBeNull();
    const statuses = Object.fromEntries(NAMES.map((name) => [name, first[name].status]));
    expect(statuses).toEqual({
      order: 201,
      unnamed: 201,
      authorized: 201,
      declined: 402,
      refund: 200,
      transferOfOrder: 200,
      reversalOfOrder: 200,
      transfer: 201,
      reversal: 200,
      payout: 201,
      account: 201,
    });
    expect(before.payouts).toHaveLength(1);
    expect(before.refunds).toHaveLength(1);
  });

  it('a transfer is read from Stripe, and a repeated reversal of it is not made twice', async () => {
    const { body } = await request(waybill, 'GET', '/v1/transfers/lost-transfer');
    expect(body).toMatchObject({
      ...TRANSFER,
      status: 'partially_reversed',
      amount_reversed: 20,
      stripe_transfer: first.transfer.body.stripe_transfer,
    });
    const resolve = { body: { action: 'retry', reason: 'looked at it' } };
    const path = '/v1/transfers/lost-transfer/resolve';
    expect(await request(waybill, 'POST', path, resolve)).toMatchObject({
      status: 409,
      body: { code: 'state_conflict' },
    });
    expect(await REQUESTS.reversal()).toMatchObject({ status: 200, body: { amount_reversed: 20 } });
    expect(await reverse(10, 'reversal')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await REQUESTS.transfer()).toMatchObject({ status: 201, body: { amount_reversed: 20 } });
    expect(await atStripe()).toEqual(before);
  });

  it('a refund repeated before its order is known again is not made twice', async () => {
    expect((await REQUESTS.refund()).status).toBe(200);
    expect(await atStripe()).toEqual(before);
  });

  it.each(NAMES)('%s: a repeat under its own key gets the first answer', async (name) => {
    const again = await REQUESTS[name]();
    expect(again.status).toBe(first[name].status);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(idOf(again)).toEqual(idOf(first[name]));
    expect(await atStripe()).toEqual(before);
  });

  it('what happened to the order since is known again', async () => {
    const { body } = await request(waybill, 'GET', '/v1/orders/lost-order');
    expect(body).toMatchObject({
      payment_intent: first.order.body.payment_intent,
      amount_refunded: 300,
      refunds: [{ amount: 300 }],
      transfers: [{ amount: 50, amount_reversed: 20 }],
    });
    const captured = await request(waybill, 'POST', '/v1/orders/lost-authorized/capture');
    expect(captured).toMatchObject({
      status: 200,
      body: { status: 'captured', payment_intent: first.authorized.body.payment_intent },
    });
  });
});

describe('with the same id under another key', () => {
  beforeAll(async () => {
    await waybill.stop();
    waybill = await start();
    before = await atStripe();
  });

  it('the same request gets the first answer', async () => {
    const order = await createOrder(waybill, ORDER, { key: 'another' });
    expect(order).toMatchObject({ status: 201, body: { payment_intent: first.order.body.payment_intent } });
    expect(order.headers.get('Idempotent-Replayed')).toBe('true');
    expect(idOf(await transfer(TRANSFER, 'another'))).toEqual(idOf(first.transfer));
    expect(idOf(await create(completeAccount('lost-seller'), 'another'))).toEqual(idOf(first.account));
    expect(await atStripe()).toEqual(before);
  });

  it('a payout that fails asks for somebody, until its request is repeated', async () => {
    const { stripe_payout: failing, id } = first.payout.body;
    await control(waybill, `payouts/${failing}/fail`, { failure_code: 'no_account' });
    expect(await payoutFails('evt_failed')).toBe('parked');
    const parked = waybill.env.client.workflow.getHandle(stripeEventWorkflowId('evt_failed'));
    await vi.waitFor(async () => {
      const { pendingActivities } = (await parked.describe()).raw;
      expect(pendingActivities?.[0]?.lastFailure?.message).toContain(`${failing} of ${account}`);
    }, WITHIN);
    expect(await REQUESTS.payout()).toMatchObject({ body: { id, stripe_payout: failing } });
    expect(await parked.result()).toBe('signaled');
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', `/v1/accounts/${account}/payouts/${id}`);
      expect(body).toMatchObject({ status: 'failed', needs_attention: { code: 'payout_failed' } });
    }, WITHIN);
    expect(await atStripe()).toMatchObject({ payouts: before.payouts });
  });
});

describe('with a request that differs', () => {
  beforeAll(async () => {
    await waybill.stop();
    waybill = await start();
    before = await atStripe();
  });

  it('an id that is taken at Stripe is refused', async () => {
    const taken = (noun: string) => ({ status: 409, body: { code: `${noun}_exists`, param: 'id' } });
    expect(await createOrder(waybill, { ...ORDER, amount: 900 }, { key: 'third' })).toMatchObject(
      taken('order'),
    );
    expect(await transfer({ ...TRANSFER, amount: 71 }, 'third')).toMatchObject(taken('transfer'));
    const other = { ...completeAccount('lost-seller'), email: 'other@example.com' };
    expect(await create(other, 'third')).toMatchObject(taken('account'));
    expect(await atStripe()).toEqual(before);
  });

  it('a key that was used for another request is refused', async () => {
    const reused = { status: 422, body: { code: 'idempotency_key_reused', param: 'Idempotency-Key' } };
    expect(await createOrder(waybill, { ...ORDER, amount: 900 }, { key: 'order' })).toMatchObject(reused);
    expect(await transfer({ ...TRANSFER, amount: 71 }, 'transfer')).toMatchObject(reused);
    expect(await payOut(waybill, account, { amount: 300 }, { key: 'payout' })).toMatchObject(reused);
    expect(await refund(301, 'refund')).toMatchObject(reused);
    expect(await atStripe()).toEqual(before);
    // The workflow that refused it has not seen what became of the first one's payout.
    expect(await payoutFails('evt_failed_again')).toBe('parked');
  });

  it('the order that has the id is shown', async () => {
    expect(await request(waybill, 'GET', '/v1/orders/lost-order')).toMatchObject({
      status: 200,
      body: { payment_intent: first.order.body.payment_intent, amount: 1000, amount_refunded: 300 },
    });
  });
});
