import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { days, payOut, replaceBank, seller } from './sellers.ts';
import { createOrder } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const get = (path: string) => request(waybill, 'GET', path, { as: 'read' });

async function sale(account: string, body: Record<string, unknown> = {}): Promise<string> {
  const terms = { amount: 2_000, application_fee_amount: 123, connected_account: account };
  const { status, body: order } = await createOrder(waybill, {
    ...terms,
    capture_method: 'automatic',
    ...body,
  });
  expect(status, JSON.stringify(order)).toBe(201);
  return order.id;
}

async function payoutsOf(order: string) {
  const { status, body } = await get(`/v1/orders/${order}/payouts`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
}

describe('an order paid out by the schedule of its account', () => {
  let account: string;
  let order: string;
  let first: string;
  beforeAll(async () => {
    account = await seller(waybill, { schedule: 'daily' });
    order = await sale(account);
  });

  it('has its money on the balance at first', async () => {
    expect(await payoutsOf(order)).toEqual([
      {
        object: 'order_payout',
        connected_account: account,
        payout: null,
        amount: 1_877,
        currency: 'usd',
        available_on: expect.any(String),
        balance_transactions: [expect.stringMatching(/^txn_/)],
      },
    ]);
  });

  it('names the payout that carried it, and the payout names it with all that was in it', async () => {
    await days(waybill, 5);
    const [share] = await payoutsOf(order);
    expect(share).toMatchObject({
      amount: 1_877,
      payout: { amount: 1_877, status: expect.stringMatching(/in_transit|paid/), paid_again_by: null },
    });
    first = share.payout.id;
    const { body } = await get(`/v1/accounts/${account}/payouts/${first}/orders`);
    expect(body.data).toHaveLength(2);
    expect(body.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ order, transfers: 2_000, fees: -123, payouts: 0, net: 1_877 }),
        expect.objectContaining({ order: null, transfers: 0, payouts: -1_877, net: -1_877 }),
      ]),
    );
  });

  it('that was refunded later names the payout which paid less for it, too', async () => {
    const other = await sale(account);
    const body = { amount: 1_000, reverse_transfer: true };
    const { status } = await request(waybill, 'POST', `/v1/orders/${order}/refunds`, { body });
    expect(status).toBe(200);
    await days(waybill, 5);
    const shares = await payoutsOf(order);
    expect(shares).toMatchObject([{ amount: 1_877, payout: { id: first } }, { amount: -1_000 }]);
    const second = shares[1].payout.id;
    expect(second).not.toBe(first);
    expect(await payoutsOf(other)).toMatchObject([{ amount: 1_877, payout: { id: second, amount: 877 } }]);
    const { data } = (await get(`/v1/accounts/${account}/payouts/${second}/orders`)).body;
    const nets = data.map((line: { order: string | null; net: number }) => [line.order, line.net]);
    expect(Object.fromEntries(nets)).toEqual({ [order]: -1_000, [other]: 1_877, null: -877 });
    const { funds } = (await get(`/v1/orders/${order}`)).body;
    expect(funds.connected).toEqual([{ amount: 877, currency: 'usd' }]);
  });
});

it('money that comes every day is found in the payout that carried it, not in the one beside it', async () => {
  const account = await seller(waybill, { schedule: 'daily' });
  const orders: string[] = [];
  // An account's first payout takes a week.
  for (const pause of [8, 1, 1, 1, 5]) {
    orders.push(await sale(account));
    await days(waybill, pause);
  }
  const { body } = await get(`/v1/accounts/${account}/payouts?automatic=true`);
  expect(body.data.length).toBeGreaterThan(2);
  const carried = new Map<string, string>();
  for (const { id } of body.data) {
    const { data } = (await get(`/v1/accounts/${account}/payouts/${id}/orders`)).body;
    for (const { order } of data) if (order !== null) carried.set(order, id);
  }
  for (const order of orders) {
    expect(await payoutsOf(order)).toMatchObject([{ amount: 1_877, payout: { id: carried.get(order) } }]);
  }
});

describe('a payout that failed', () => {
  it('is followed to the one that carried the money again', async () => {
    const account = await seller(waybill, { schedule: 'daily', bank: 'closed' });
    const order = await sale(account);
    await days(waybill, 5);
    await vi.waitFor(async () => {
      expect(await payoutsOf(order)).toMatchObject([{ payout: { status: 'failed', paid_again_by: null } }]);
    }, WITHIN);
    await replaceBank(waybill, account, 'good');
    await days(waybill, 5);
    const [{ payout }] = await payoutsOf(order);
    const made = await waybill.stripe.payouts.list({}, { stripeAccount: account });
    const again = made.data.find(({ status }) => status !== 'failed');
    expect(payout).toMatchObject({ status: 'failed', paid_again_by: again?.id });
  });
});

describe('a payout made by hand', () => {
  it('carries what nobody can name: Stripe does not say', async () => {
    const account = await seller(waybill, { schedule: 'manual' });
    const order = await sale(account, { payment_method: undefined, token: 'tok_bypassPending' });
    const { body: paid } = await payOut(waybill, account, { amount: 1_000 });
    expect(await payoutsOf(order)).toMatchObject([{ amount: 1_877, payout: null }]);
    for (const id of [paid.id, paid.stripe_payout]) {
      const answer = await get(`/v1/accounts/${account}/payouts/${id}/orders`);
      expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('automatic') } });
    }
  });
});
