import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { previewResource } from '../../api/commands/preview-schema.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { seller } from './sellers.ts';
import { control, createOrder, DESTINATION, sandboxRequests, unbalanced } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterEach(async () => expect(await unbalanced(waybill)).toEqual([]));
afterAll(() => waybill?.stop());

type Funds = Record<'platform' | 'connected', readonly { amount: number; currency: string }[]>;
const read = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
const post = (path: string, body: object = {}) => request(waybill, 'POST', `/v1/orders/${path}`, { body });

/** What a command did to both balances, by the order's funds before and after, Stripe's fee aside. */
async function changeBy(id: string, run: () => Promise<unknown>) {
  const before = await read(id);
  await run();
  const after = await read(id);
  const usd = (order: { funds: Funds }, side: keyof Funds) =>
    order.funds[side].find(({ currency }) => currency === 'usd')?.amount ?? 0;
  const difference = (side: keyof Funds) => usd(after, side) - usd(before, side);
  const fee = after.funds.stripe_fee - before.funds.stripe_fee;
  const balance = (amount: number) => (amount === 0 ? [] : [{ amount, currency: 'usd' }]);
  const given = after.amount_refunded - before.amount_refunded;
  const paid = after.amount_captured - before.amount_captured;
  return {
    customer: balance(given - paid),
    platform: balance(difference('platform') + fee),
    connected: balance(difference('connected')),
    has_stripe_fee: fee > 0,
  };
}

/** Previews a command, carries it out, and compares the two to the cent. */
async function holds(id: string, command: string, body: object = {}): Promise<string> {
  const asked = (await sandboxRequests(waybill)).length;
  const preview = await post(`${id}/${command}/preview`, body);
  expect(preview.status, JSON.stringify(preview.body)).toBe(200);
  expect(previewResource.safeParse(preview.body).error).toBeUndefined();
  const calls = (await sandboxRequests(waybill)).slice(asked);
  expect(calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  const happened = await changeBy(id, () => post(`${id}/${command}`, body));
  expect(preview.body, `${command} ${JSON.stringify(body)}`).toMatchObject(happened);
  return preview.body.summary;
}

const SALE = {
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account: DESTINATION,
};

/** Previews a new order, makes it, captures it, and compares the two to the cent. */
async function newOrderHolds(body: Record<string, unknown>): Promise<string> {
  const asked = (await sandboxRequests(waybill)).length;
  const whole = { ...SALE, ...body };
  const preview = await post('preview', whole);
  expect(preview.status, JSON.stringify(preview.body)).toBe(200);
  const calls = (await sandboxRequests(waybill)).slice(asked);
  expect(calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  const { id, status } = (await createOrder(waybill, body)).body;
  if (status === 'authorized') await post(`${id}/capture`);
  const { funds, amount_captured: captured } = await read(id);
  expect(preview.body).toMatchObject({
    customer: [{ amount: -captured, currency: 'usd' }],
    platform:
      funds.platform_net + funds.stripe_fee === 0
        ? []
        : [{ amount: funds.platform_net + funds.stripe_fee, currency: 'usd' }],
    connected: [{ amount: funds.connected_net, currency: 'usd' }],
    has_stripe_fee: true,
  });
  return preview.body.summary;
}

const SPLITS = [
  ['an application fee', { application_fee_amount: 123 }],
  ['a transfer amount', { transfer_amount: 877 }],
  ['everything for the seller', {}],
] as const;

describe.each(SPLITS)('with %s a preview says to the cent what then happens', (_, split) => {
  const shares = { reverse_transfer: true, refund_application_fee: 'application_fee_amount' in split };

  it('to a new order, captured at once or later', async () => {
    expect(await newOrderHolds(split)).toMatch(/^Authorizes 10\.00 USD/);
    expect(await newOrderHolds({ ...split, capture_method: 'automatic' })).toMatch(/^Charges 10\.00 USD/);
  });

  it('to a capture, refunds of every kind, transfers and their reversals', async () => {
    const { id } = (await createOrder(waybill, split)).body;
    await holds(id, 'capture', { amount: 903 });
    await holds(id, 'refunds', { amount: 101, ...shares });
    await holds(id, 'refunds', { amount: 33, ...shares });
    await holds(id, 'refunds', { amount: 100 });
    await holds(id, 'refunds', { reverse_transfer: true });
  });

  it('to the refund that completes others of its kind', async () => {
    const { id } = (await createOrder(waybill, { ...split, capture_method: 'automatic' })).body;
    await holds(id, 'refunds', { amount: 333, ...shares });
    await holds(id, 'refunds', { amount: 333, ...shares });
    await holds(id, 'refunds', shares);
    expect((await read(id)).status).toBe('refunded');
  });

  it('to what was reversed in the Dashboard before', async () => {
    const { id, transfer } = (await createOrder(waybill, { ...split, capture_method: 'automatic' })).body;
    await waybill.stripe.transfers.createReversal(transfer, { amount: 801 });
    const preview = await post(`${id}/refunds/preview`, { amount: 900, reverse_transfer: true });
    const refunded = await post(`${id}/refunds`, { amount: 900, reverse_transfer: true });
    const [refund] = refunded.body.refunds;
    expect(preview.body).toMatchObject({ platform: refund.platform, connected: refund.connected });
  });
});

it('says what transfers and their reversals do', async () => {
  const { id } = (await createOrder(waybill, { transfer_amount: 500, capture_method: 'automatic' })).body;
  await holds(id, 'transfers', { amount: 200, description: 'bonus' });
  const [{ id: transfer }] = (await read(id)).transfers;
  await holds(id, `transfers/${transfer}/reversals`, { amount: 50 });
  await waybill.stripe.transfers.createReversal(transfer, { amount: 30 });
  const rest = await post(`${id}/transfers/${transfer}/reversals/preview`);
  expect(rest.body).toMatchObject({ platform: [{ amount: 120, currency: 'usd' }] });
});

it('says what several captures take, and what a cancellation of the rest releases', async () => {
  await control(waybill, 'settings', { multicapture: true });
  const { id } = (await createOrder(waybill, { request_multicapture: true, application_fee_amount: 123 }))
    .body;
  await holds(id, 'capture', { amount: 300, final: false });
  await holds(id, 'capture', { amount: 201, final: false });
  const cancel = await post(`${id}/cancel/preview`);
  expect(cancel.body).toMatchObject({ amount_released: 499, movements: [], has_stripe_fee: false });
  await post(`${id}/cancel`);
  await holds(id, 'refunds', { reverse_transfer: true, refund_application_fee: true });
  await control(waybill, 'settings', { multicapture: false });
});

it('knows of no cent that Stripe converts', async () => {
  const { id } = (await createOrder(waybill, { currency: 'gbp', capture_method: 'automatic' })).body;
  const preview = await post(`${id}/refunds/preview`, { amount: 500 });
  expect(preview.body).toMatchObject({ customer: [{ amount: 500, currency: 'gbp' }], platform: null });
});

it('reads in words, for a person who decides', async () => {
  const { id } = (await createOrder(waybill, { application_fee_amount: 123, capture_method: 'automatic' }))
    .body;
  const summary = await holds(id, 'refunds', {
    amount: 500,
    reverse_transfer: true,
    refund_application_fee: true,
  });
  expect(summary).toBe(
    'Gives 5.00 USD back: 4.38 USD from the seller, 0.62 USD from you. The fee of 0.59 USD stays with Stripe.',
  );
});

describe('a preview refuses what the command refuses, in the same words', () => {
  const problemOf = ({ request_id: _, ...problem }: Record<string, unknown>) => problem;

  it.each<[string, () => Promise<object> | object]>([
    ['a malformed body', () => ({ amount: -1 })],
    ['a rule of money', () => ({ amount: 1 })],
    ['an account that is not there', () => ({ connected_account: 'nobody' })],
    [
      'an account that cannot be paid yet',
      async () => {
        const { id } = await waybill.stripe.accounts.create({ type: 'custom', country: 'US' });
        return { connected_account: id };
      },
    ],
    ['an id that is the path of previews', () => ({ id: 'preview' })],
  ])('of a new order: %s', async (_, changes) => {
    const body = { ...SALE, ...(await changes()) };
    const preview = await post('preview', body);
    const refused = await request(waybill, 'POST', '/v1/orders', { body });
    expect(preview.status).toBeGreaterThanOrEqual(400);
    expect(problemOf(preview.body)).toEqual(problemOf(refused.body));
  });

  it.each([
    ['a malformed body', 'refunds', { amount: -1 }],
    ['a flag without the other', 'refunds', { refund_application_fee: true }],
    ['too much', 'refunds', { amount: 1001 }],
    ['another state', 'capture', {}],
    ['a transfer that is not there', 'transfers/tr_none/reversals', {}],
    ['nothing that is stuck', 'resolve', { action: 'retry', reason: 'looked at it' }],
    ['no dispute', 'dispute/accept', {}],
    ['no dispute to answer', 'dispute/evidence', { evidence: {}, submit: true }],
  ])('%s', async (_, command, body) => {
    const { id } = (await createOrder(waybill, { capture_method: 'automatic' })).body;
    const preview = await post(`${id}/${command}/preview`, body);
    const refused = await post(`${id}/${command}`, body);
    expect(preview.status).toBeGreaterThanOrEqual(400);
    expect(problemOf(preview.body)).toEqual(problemOf(refused.body));
  });

  it('an order that is not there, one that is closed, and a role that is too low', async () => {
    expect(await post('not-there/refunds/preview')).toMatchObject({ status: 404 });
    const { id } = (await createOrder(waybill)).body;
    await post(`${id}/cancel`);
    for (const command of ['capture', 'refunds', 'cancel']) {
      const preview = await post(`${id}/${command}/preview`);
      const refused = await post(`${id}/${command}`);
      expect(problemOf(preview.body)).toEqual(problemOf(refused.body));
    }
    const low = await request(waybill, 'POST', `/v1/orders/${id}/refunds/preview`, { as: 'read' });
    expect(low).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('the preview of what moves money without an order', () => {
  const send = (path: string, body: object = {}) => request(waybill, 'POST', path, { body });
  const available = async (path: string) =>
    (await request(waybill, 'GET', `${path}/balance`)).body.available[0].amount;

  it('says what a transfer takes from the platform and gives to the seller', async () => {
    await createOrder(waybill, {
      amount: 50_000,
      payment_method: 'pm_card_bypassPending',
      capture_method: 'automatic',
      transfer_amount: 1,
    });
    const bonus = {
      amount: 400,
      currency: 'usd',
      destination: 'acct_1WaybillUSCustom',
      description: 'bonus',
    };
    const before = await available('/v1');
    const preview = await send('/v1/transfers/preview', bonus);
    expect(preview.body).toMatchObject({
      object: 'preview',
      platform: [{ amount: -400, currency: 'usd' }],
      connected: [{ amount: 400, currency: 'usd' }],
    });
    expect(await available('/v1')).toBe(before);
    expect((await send('/v1/transfers', bonus)).status).toBe(201);
    expect(await available('/v1')).toBe(before - 400);
    const tooMuch = await send('/v1/transfers/preview', { ...bonus, amount: 10_000_000 });
    expect(tooMuch.body).toMatchObject({
      summary: expect.stringMatching(/Stripe would refuse it\.$/),
      movements: [],
    });
    const wrong = await send('/v1/transfers/preview', { ...bonus, amount: -1 });
    expect(wrong).toMatchObject({ status: 400, body: { param: 'amount' } });
    const low = await request(waybill, 'POST', '/v1/transfers/preview', { as: 'service', body: bonus });
    expect(low).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('says what a payout and its cancellation do to the balance of the seller', async () => {
    const account = await seller(waybill, { earned: 1_000 });
    const path = `/v1/accounts/${account}`;
    const body = { amount: 300, currency: 'usd' };
    const before = await available(path);
    const preview = await send(`${path}/payouts/preview`, body);
    expect(preview.body).toMatchObject({
      summary: `Pays 3.00 USD of ${account} out to its bank.`,
      connected: [{ amount: -300, currency: 'usd' }],
      platform: [],
    });
    const { body: payout } = await send(`${path}/payouts`, body);
    expect(await available(path)).toBe(before - 300);
    const cancel = await send(`${path}/payouts/${payout.id}/cancel/preview`);
    expect(cancel.body).toMatchObject({ connected: [{ amount: 300, currency: 'usd' }] });
    expect((await send(`${path}/payouts/${payout.id}/cancel`)).body).toMatchObject({ status: 'canceled' });
    expect(await available(path)).toBe(before);
    const resolve = { action: 'retry', reason: 'nothing is stuck' };
    for (const [command, asked] of [
      ['cancel', {}],
      ['resolve', resolve],
    ] as const) {
      const refused = await send(`${path}/payouts/${payout.id}/${command}/preview`, asked);
      expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    }
    const decision = await send('/v1/transfers/not-there/resolve/preview', resolve);
    expect(decision).toMatchObject({ status: 404 });
  });
});

describe('the preview of a reversal of a transfer with no order', () => {
  it('says what is left at Stripe, and refuses more', async () => {
    await createOrder(waybill, {
      amount: 50_000,
      payment_method: 'pm_card_bypassPending',
      capture_method: 'automatic',
      transfer_amount: 1,
    });
    const bonus = { id: 'bonus', amount: 500, currency: 'usd', destination: 'acct_1WaybillUSCustom' };
    const paid = await request(waybill, 'POST', '/v1/transfers', {
      body: { ...bonus, description: 'bonus' },
    });
    await waybill.stripe.transfers.createReversal(paid.body.stripe_transfer, { amount: 120 });
    const path = '/v1/transfers/bonus/reversals';
    const preview = await request(waybill, 'POST', `${path}/preview`);
    expect(preview.body).toMatchObject({
      summary: 'Takes 3.80 USD back from acct_1WaybillUSCustom.',
      platform: [{ amount: 380, currency: 'usd' }],
      connected: [{ amount: -380, currency: 'usd' }],
    });
    const tooMuch = await request(waybill, 'POST', `${path}/preview`, { body: { amount: 381 } });
    expect(tooMuch).toMatchObject({ status: 422, body: { code: 'money_rule' } });
  });
});
