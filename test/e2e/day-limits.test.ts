import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { earn, payOut, seller } from './sellers.ts';
import { control, createOrder, DESTINATION, sandboxRequests, WITHIN } from './support.ts';

const stored = (name: string, scope: KeyScope) => ({
  id: 'key_0123456789ab',
  name,
  role: 'ops' as const,
  scope,
  sha256: createHash('sha256').update(`secret-of-${name}`).digest('hex'),
  expiresAt: null,
});
const KEYS = [
  stored('helpdesk', { per_day: { refund: { max: { usd: 500 } } } }),
  stored('twice', { per_day: { refund: { count: 2 }, transfer: { max: { usd: 50 } } } }),
  stored('gifts', { per_day: { transfer: { max: { usd: 50 } } } }),
  stored('parts', { per_day: { refund: { max: { usd: 232 } } } }),
  stored('bursts', { per_day: { refund: { count: 3 } } }),
  stored('patient', { per_day: { payout: { max: { usd: 600 } } } }),
  stored('seller', { payout_max: { usd: 400 }, per_day: { payout: { max: { usd: 600 } } } }),
];
/** Of one account; all others have the same, and none of them counts for another. */
const LIMITED = 'acct_1WaybillUSXpress';

let waybill: Waybill;
beforeAll(async () => {
  const keyFile = { path: '/nowhere/keys.json', read: () => KEYS };
  const accountLimits = { refund: { max: { usd: 100_000, eur: 800 } }, transfer: { count: 2 } };
  waybill = await startWaybill({}, {}, { api: { keyFile }, accountLimits });
});
afterAll(() => waybill?.stop());

const by = (name: string) => ({ headers: { authorization: `Bearer secret-of-${name}` } });
async function captured(more = {}): Promise<string> {
  const { body } = await createOrder(waybill, { capture_method: 'automatic', ...more });
  return `/v1/orders/${body.id}`;
}
const refund = (order: string, body: object, name: string, key?: string) =>
  request(waybill, 'POST', `${order}/refunds`, { body, ...by(name), ...(key ? { key } : {}) });
const asked = async (path: string) =>
  (await sandboxRequests(waybill)).filter((one) => one.method === 'POST' && one.path === path).length;

const tooMuch = (detail: string) => ({
  status: 403,
  body: { code: 'day_limit_exceeded', retryable: false, detail: expect.stringContaining(detail) },
});

describe('what a key may move in a day', () => {
  it('holds over all orders, to the cent, and above it Stripe is not asked', async () => {
    const [one, other] = [await captured(), await captured()];
    expect(await refund(one, { amount: 300 }, 'helpdesk')).toMatchObject({ status: 200 });
    const before = await asked('/v1/refunds');
    expect(await refund(other, { amount: 201 }, 'helpdesk')).toMatchObject(
      tooMuch('The limit of the key helpdesk for refunds a day: 3.00 USD of 5.00 USD were made'),
    );
    expect(await refund(other, {}, 'helpdesk')).toMatchObject(tooMuch('10.00 USD more is too much'));
    expect(await asked('/v1/refunds')).toBe(before);
    expect(await refund(other, { amount: 200 }, 'helpdesk')).toMatchObject({
      status: 200,
      body: { amount_refunded: 200 },
    });
  });

  it('counts all that is left of a payment that was captured in part as what it is', async () => {
    const { body } = await createOrder(waybill);
    const order = `/v1/orders/${body.id}`;
    await request(waybill, 'POST', `${order}/capture`, { body: { amount: 233 } });
    expect(await refund(order, {}, 'parts')).toMatchObject(tooMuch('2.33 USD more is too much'));
    expect(await refund(order, { amount: 1 }, 'parts')).toMatchObject({ status: 200 });
    expect(await refund(order, {}, 'parts')).toMatchObject(tooMuch('2.32 USD more is too much'));
  });

  it('counts a repeated request once, and one that Stripe refuses not at all', async () => {
    const order = await captured();
    expect(await refund(order, { amount: 400 }, 'twice', 'once')).toMatchObject({ status: 200 });
    const repeat = await refund(order, { amount: 400 }, 'twice', 'once');
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/refunds', nth: 1 },
      effect: { status: 400 },
    });
    expect(await refund(order, { amount: 10 }, 'twice')).toMatchObject({ body: { code: 'stripe_refused' } });
    // It is given back by a signal that follows the answer.
    await vi.waitFor(
      async () => expect(await refund(order, { amount: 10 }, 'twice')).toMatchObject({ status: 200 }),
      WITHIN,
    );
    expect(await refund(order, { amount: 10 }, 'twice')).toMatchObject(tooMuch('2 of 2 were made.'));
  });

  it('holds for requests at the same time', async () => {
    const orders = await Promise.all(Array.from({ length: 8 }, () => captured()));
    const answers = await Promise.all(orders.map((order) => refund(order, { amount: 1 }, 'bursts')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 403, 403, 403, 403, 403]);
  });

  it('limits transfers and payouts likewise', async () => {
    const order = await captured({
      amount: 5_000,
      payment_method: 'pm_card_bypassPending',
      transfer_amount: 2_000,
    });
    const gift = { amount: 30, description: 'Bonus' };
    const give = () => request(waybill, 'POST', `${order}/transfers`, { body: gift, ...by('twice') });
    expect(await give()).toMatchObject({ status: 200 });
    expect(await give()).toMatchObject(tooMuch('0.30 USD of 0.50 USD'));
    const body = { ...gift, currency: 'usd', destination: DESTINATION };
    expect(await request(waybill, 'POST', '/v1/transfers', { body, ...by('twice') })).toMatchObject(
      tooMuch('for transfers a day'),
    );
    const pay = (amount: number) =>
      request(waybill, 'POST', `/v1/accounts/${DESTINATION}/payouts`, {
        body: { amount, currency: 'usd' },
        ...by('seller'),
      });
    expect(await pay(401)).toMatchObject({ status: 403, body: { code: 'limit_exceeded' } });
    expect(await pay(400)).toMatchObject({ status: 201 });
    expect(await pay(201)).toMatchObject(tooMuch('4.00 USD of 6.00 USD'));
    expect(await pay(200)).toMatchObject({ status: 201 });
  });
});

describe('a payout that waits for funds', () => {
  it('counts for nothing while it waits, and once it is made', async () => {
    const [poor, rich] = [await seller(waybill), await seller(waybill, { earned: 600 })];
    const { status, body } = await payOut(
      waybill,
      poor,
      { amount: 400, when_available: true },
      by('patient'),
    );
    expect([status, body.status]).toEqual([202, 'waiting_for_funds']);
    expect(await payOut(waybill, rich, { amount: 600 }, by('patient'))).toMatchObject({ status: 201 });
    await earn(waybill, poor, 500);
    const path = `/v1/accounts/${poor}/payouts/${body.id}`;
    await vi.waitFor(
      async () =>
        expect((await request(waybill, 'GET', path)).body.needs_attention).toMatchObject({
          code: 'payout_refused',
          message: expect.stringContaining('6.00 USD of 6.00 USD were made, and 4.00 USD more is too much'),
        }),
      WITHIN,
    );
  });
});

describe('a transfer under a key that made another one', () => {
  it('counts beside it, and gives back only what itself was counted', async () => {
    await captured({ amount: 5_000, payment_method: 'pm_card_bypassPending', transfer_amount: 2_000 });
    const give = (id: string, amount: number, key: string) => {
      const body = {
        id,
        amount,
        currency: 'usd',
        destination: 'acct_1WaybillUSStndrd',
        description: 'Bonus',
      };
      return request(waybill, 'POST', '/v1/transfers', { body, key, ...by('gifts') });
    };
    expect(await give('gift-1', 30, 'same')).toMatchObject({ status: 201 });
    expect(await give('gift-2', 30, 'same')).toMatchObject(tooMuch('0.30 USD of 0.50 USD'));
    expect(await give('gift-3', 20, 'same')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await give('gift-4', 21, 'other')).toMatchObject(tooMuch('0.30 USD of 0.50 USD'));
  });
});

describe('what an account may move in a day', () => {
  it('holds whoever asks, by request or by signal', async () => {
    const order = await captured({ amount: 1_000, currency: 'eur', connected_account: LIMITED });
    const id = order.split('/').at(-1) ?? '';
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
    await handle.signal('refund', { request_id: 'r-1', actor: 'ada', amount: 500 });
    const read = async (path = order) => (await request(waybill, 'GET', path)).body;
    await vi.waitFor(async () => expect(await read()).toMatchObject({ amount_refunded: 500 }), WITHIN);
    const body = { amount: 301 };
    expect(await request(waybill, 'POST', `${order}/refunds`, { body })).toMatchObject(
      tooMuch(`The limit of the account ${LIMITED} for refunds a day: 5.00 EUR of 8.00 EUR were made`),
    );
    await handle.signal('refund', { request_id: 'r-2', actor: 'ada', amount: 301 });
    await vi.waitFor(async () => {
      const { data } = await read(`${order}/timeline`);
      expect(data).toContainEqual(
        expect.objectContaining({
          actor: 'ada (via temporal)',
          detail: expect.stringContaining('5.00 EUR of 8.00 EUR were made'),
        }),
      );
    }, WITHIN);
    expect(await read()).toMatchObject({ amount_refunded: 500 });
  });

  it('counts signals to several orders each, though they have one request id', async () => {
    const orders = [await captured({ currency: 'eur' }), await captured({ currency: 'eur' })];
    const read = async (path: string) => (await request(waybill, 'GET', path)).body;
    for (const order of orders) {
      const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(order.split('/').at(-1) ?? ''));
      await handle.signal('refund', { request_id: 'complaint', actor: 'ada', amount: 500 });
      await vi.waitFor(async () => {
        const { data } = await read(`${order}/timeline`);
        expect(data).toContainEqual(expect.objectContaining({ type: 'stripe_call', name: 'refund' }));
      }, WITHIN);
    }
    const refunded = await Promise.all(orders.map(async (order) => (await read(order)).amount_refunded));
    expect(refunded).toEqual([500, 0]);
  });

  it('counts nothing of what the key was refused', async () => {
    const order = await captured({ transfer_amount: 100, connected_account: LIMITED });
    const give = (name: string | null, amount: number) =>
      request(waybill, 'POST', `${order}/transfers`, {
        body: { amount, description: 'Bonus' },
        ...(name === null ? {} : by(name)),
      });
    for (const amount of [51, 52]) {
      expect(await give('twice', amount)).toMatchObject(tooMuch('the key twice'));
    }
    expect(await give(null, 1)).toMatchObject({ status: 200 });
    expect(await give(null, 1)).toMatchObject({ status: 200 });
    expect(await give(null, 1)).toMatchObject(tooMuch(`the account ${LIMITED}`));
  });
});

it('the count outlives every worker', async () => {
  const order = await captured();
  await waybill.restartWorkers();
  expect(await refund(order, { amount: 1 }, 'bursts')).toMatchObject(tooMuch('3 of 3 were made.'));
});
