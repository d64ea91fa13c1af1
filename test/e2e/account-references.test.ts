import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountWorkflowId } from '../../domain/ids.ts';
import { completeAccount } from '../support/sellers.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { payOut } from './sellers.ts';
import { control, createOrder, WITHIN } from './support.ts';

const SELLER = 'seller-7';
const PAST = '2020-01-01T00:00:00Z';

let waybill: Waybill;
/** Stripe's id of the seller. */
let account: string;

beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
  account = (await post('/v1/accounts', completeAccount(SELLER))).body.id;
  await control(waybill, 'clock/advance', { seconds: 10 });
  await vi.waitFor(async () => expect(await accountStatus()).toBe('enabled'), WITHIN);
  // Money for the seller, and for the platform's transfers.
  await createOrder(waybill, {
    payment_method: undefined,
    token: 'tok_bypassPending',
    amount: 5_000,
    transfer_amount: 4_000,
    connected_account: SELLER,
    capture_method: 'automatic',
  });
});
afterAll(() => waybill?.stop());

const get = (path: string) => request(waybill, 'GET', path);
const post = (path: string, body: unknown, key?: string) =>
  request(waybill, 'POST', path, { body, ...(key === undefined ? {} : { key }) });

async function accountStatus(): Promise<unknown> {
  const described = await waybill.env.client.workflow.getHandle(accountWorkflowId(SELLER)).describe();
  return described.searchAttributes.AccountStatus?.[0];
}

/** Of a list that shows the object once visibility has it. */
async function listed(path: string, id: string): Promise<void> {
  await vi.waitFor(async () => {
    const { body } = await get(path);
    expect(body.data.map((item: { id: string }) => item.id)).toContain(id);
  }, WITHIN);
}

describe("the caller's own reference names an account", () => {
  it('in an order and its list; a repeat stays a repeat', async () => {
    const terms = { id: 'by-reference', connected_account: SELLER };
    const made = await createOrder(waybill, terms, { key: 'order-by-reference' });
    expect(made).toMatchObject({ status: 201, body: { connected_account: account } });
    const repeat = await createOrder(waybill, terms, { key: 'order-by-reference' });
    expect(repeat).toMatchObject({ status: 201, body: { id: 'by-reference', connected_account: account } });
    expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
    await listed(`/v1/orders?connected_account=${SELLER}`, 'by-reference');
  });

  it('in a special-case transfer, of an order or without one, and in their list', async () => {
    const terms = { id: 'to-seller', amount: 50, currency: 'usd', destination: SELLER, description: 'bonus' };
    expect(await post('/v1/transfers', terms, 'transfer')).toMatchObject({
      status: 201,
      body: { destination: account },
    });
    expect((await post('/v1/transfers', terms, 'transfer')).headers.get('Idempotent-Replayed')).toBe('true');
    await listed(`/v1/transfers?destination=${SELLER}`, 'to-seller');

    const { body: order } = await createOrder(waybill, {
      capture_method: 'automatic',
      transfer_amount: 500,
    });
    const made = await post(`/v1/orders/${order.id}/transfers`, {
      amount: 50,
      destination: SELLER,
      description: 'bonus',
    });
    expect(made).toMatchObject({ status: 200, body: { transfers: [{ destination: account }] } });
  });

  it('in every path of its payouts and in their list; either name makes a repeat', async () => {
    const made = await payOut(waybill, SELLER, { when_available: true, amount: 90_000 }, { key: 'payout' });
    expect(made).toMatchObject({
      status: 202,
      body: { status: 'waiting_for_funds', connected_account: account },
    });
    const { id } = made.body;
    const repeat = await payOut(
      waybill,
      account,
      { when_available: true, amount: 90_000 },
      { key: 'payout' },
    );
    expect(repeat.body.id).toBe(id);
    expect(await get(`/v1/accounts/${SELLER}/payouts/${id}`)).toMatchObject({ status: 200, body: { id } });
    await listed(`/v1/accounts/${SELLER}/payouts`, id);
    await listed(`/v1/payouts?connected_account=${SELLER}`, id);
    expect(await get(`/v1/accounts/${SELLER}/payouts?automatic=true`)).toMatchObject({
      status: 200,
      body: { url: `/v1/accounts/${account}/payouts` },
    });
    const resolve = { action: 'retry', reason: 'as a test' };
    expect(await post(`/v1/accounts/${SELLER}/payouts/${id}/resolve`, resolve)).toMatchObject({
      status: 409,
      body: { code: 'state_conflict' },
    });
    expect(await post(`/v1/accounts/${SELLER}/payouts/${id}/cancel`, {})).toMatchObject({
      status: 200,
      body: { status: 'canceled' },
    });
  });

  it('in the reports of fees, and where the list of accounts goes on', async () => {
    const { body: fees } = await get(`/v1/reports/fees?connected_account=${SELLER}`);
    expect(fees).toEqual((await get(`/v1/reports/fees?connected_account=${account}`)).body);
    const { body: page } = await get(`/v1/accounts?starting_after=${SELLER}&limit=1`);
    expect(page).toEqual((await get(`/v1/accounts?starting_after=${account}&limit=1`)).body);
  });
});

describe('an account with an unknown reference', () => {
  it('is refused by the name of the field', async () => {
    const terms = { amount: 50, currency: 'usd', description: 'bonus' };
    const refused = [
      [await createOrder(waybill, { connected_account: 'nobody' }), 'connected_account'],
      [await post('/v1/transfers', { ...terms, destination: 'nobody' }), 'destination'],
      [
        await post('/v1/orders/o/transfers', { amount: 1, description: 'x', destination: 'nobody' }),
        'destination',
      ],
      [await get('/v1/orders?connected_account=nobody'), 'connected_account'],
      [await get('/v1/transfers?destination=nobody'), 'destination'],
      [await get('/v1/payouts?connected_account=nobody'), 'connected_account'],
      [await get('/v1/reports/fees?connected_account=nobody'), 'connected_account'],
      [
        await get(
          `/v1/reports/fees/totals?connected_account=nobody&created[gte]=${PAST}&created[lt]=${PAST}`,
        ),
        'connected_account',
      ],
      [await get('/v1/accounts?starting_after=nobody'), 'starting_after'],
    ] as const;
    for (const [answer, param] of refused) {
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', param, detail: 'There is no account nobody.' },
      });
    }
  });

  it('is not found in a path', async () => {
    const payout = '/v1/accounts/nobody/payouts/wpo_0123456789abcdef01234567';
    for (const answer of [
      await payOut(waybill, 'nobody'),
      await get('/v1/accounts/nobody/payouts'),
      await get(payout),
      await post(`${payout}/cancel`, {}),
      await post(`${payout}/resolve`, { action: 'retry', reason: 'x' }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', param: 'id' } });
    }
  });

  it('is not found in a path by an id like those of Stripe either', async () => {
    for (const path of ['', '/payouts', '/payouts?automatic=true', '/balance', '/balance_transactions']) {
      const answer = await get(`/v1/accounts/acct_nobody${path}`);
      expect(answer, path).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await get('/v1/accounts/acct_1WaybillUSNotYet/payouts')).body.data).toEqual([]);
  });

  it('is not ready before Stripe has created it', async () => {
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/accounts', times: 1 },
      effect: { status: 500 },
    });
    const asked = await request(waybill, 'POST', '/v1/accounts', {
      body: { id: 'unmade', type: 'express', country: 'US' },
      headers: { prefer: 'wait=0' },
    });
    expect(asked.status).toBe(202);
    const early = await createOrder(waybill, { connected_account: 'unmade' });
    expect(early).toMatchObject({
      status: 422,
      body: { code: 'account_not_ready', param: 'connected_account', retryable: true },
    });
    await vi.waitFor(
      async () => expect((await get('/v1/accounts/unmade')).body.id).toMatch(/^acct_/),
      WITHIN,
    );
    expect((await get('/v1/orders?connected_account=unmade')).status).toBe(200);
  });
});
