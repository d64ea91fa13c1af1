import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, unbalanced } from './support.ts';

const DE = 'acct_1WaybillDECustom';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

const get = (path: string, as: 'read' | 'service' | 'ops' = 'read') => request(waybill, 'GET', path, { as });
const post = (path: string, body: unknown) => request(waybill, 'POST', path, { body });

describe('the balance transactions of an order', () => {
  const refund = { reverse_transfer: true, refund_application_fee: true };
  it.each<[string, Record<string, unknown>, [string, unknown][]]>([
    ['a fee of 1.23', { application_fee_amount: 123 }, []],
    ['a transfer of 8.77', { transfer_amount: 877 }, []],
    ['all to the connected account', {}, []],
    [
      'a partial capture',
      { application_fee_amount: 123, capture_method: 'manual' },
      [['capture', { amount: 600 }]],
    ],
    ['a full refund with both flags', { application_fee_amount: 123 }, [['refunds', refund]]],
    [
      'two partial refunds, one of them without the fee',
      { application_fee_amount: 123 },
      [
        ['refunds', { amount: 333, ...refund }],
        ['refunds', { amount: 250, reverse_transfer: true }],
      ],
    ],
    ['a refund that the platform bears', { transfer_amount: 877 }, [['refunds', { amount: 100 }]]],
    [
      'a special-case transfer out of it',
      { transfer_amount: 500 },
      [['transfers', { amount: 100, description: 'bonus' }]],
    ],
    [
      'a settlement merchant in another currency, partly refunded',
      { connected_account: DE, on_behalf_of: true, application_fee_amount: 123 },
      [['refunds', { amount: 333, ...refund }]],
    ],
    [
      'a connected account that converts, partly refunded, with a bonus',
      { connected_account: DE, application_fee_amount: 123, amount: 1001 },
      [
        ['refunds', { amount: 333, ...refund }],
        ['transfers', { amount: 100, description: 'bonus' }],
      ],
    ],
  ])('add up to its funds: %s', async (_, terms, commands) => {
    const { body: created } = await createOrder(waybill, { capture_method: 'automatic', ...terms });
    for (const [command, body] of commands) {
      expect(await post(`/v1/orders/${created.id}/${command}`, body)).toMatchObject({ status: 200 });
    }
    const { body: order } = await get(`/v1/orders/${created.id}`);
    const { status, body } = await get(`/v1/orders/${created.id}/balance_transactions`);
    expect(status).toBe(200);
    expect(sorted(body.totals.platform)).toEqual(sorted(order.funds.platform));
    expect(sorted(body.totals.connected)).toEqual(sorted(order.funds.connected));
    expect(body.totals.stripe_fee).toEqual([
      { amount: order.funds.stripe_fee, currency: order.funds.settlement_currency },
    ]);
    expect(body.data.map(({ reason }: { reason: string }) => reason)).not.toContain('other');
  });

  it('come with their side and reason, oldest first', async () => {
    const { body: order } = await createOrder(waybill, {
      capture_method: 'automatic',
      application_fee_amount: 123,
    });
    await post(`/v1/orders/${order.id}/refunds`, refund);
    const { body } = await get(`/v1/orders/${order.id}/balance_transactions`);
    const told = body.data.map((one: Record<string, unknown>) => `${one.side} ${one.reason} ${one.net}`);
    expect(told.sort()).toEqual([
      'connected application_fee_refund 123',
      'connected transfer 877',
      'connected transfer_reversal -1000',
      'platform application_fee 123',
      'platform application_fee_refund -123',
      'platform charge 941',
      'platform refund -1000',
      'platform transfer -1000',
      'platform transfer_reversal 1000',
    ]);
  });

  it('are none before anything was captured', async () => {
    const { body: order } = await createOrder(waybill);
    const { body } = await get(`/v1/orders/${order.id}/balance_transactions`);
    expect(body).toMatchObject({ data: [], totals: { platform: [], connected: [], stripe_fee: [] } });
  });
});

describe('balances', () => {
  it('are the platform’s, or a connected account’s, and add up to their histories', async () => {
    await createOrder(waybill, { capture_method: 'automatic', application_fee_amount: 123 });
    for (const path of ['/v1', `/v1/accounts/${DESTINATION}`]) {
      const { body: balance } = await get(`${path}/balance`);
      const { body: history } = await get(`${path}/balance_transactions?limit=100&currency=usd`);
      const held = amountIn(balance.available, 'usd') + amountIn(balance.pending, 'usd');
      const reserved = amountIn(balance.connect_reserved, 'usd');
      const net = history.data.reduce((sum: number, entry: { net: number }) => sum + entry.net, 0);
      expect(history.has_more).toBe(false);
      expect(held + reserved).toBe(net);
    }
    expect(await get('/v1/balance')).toMatchObject({ body: { object: 'balance', account: null } });
    expect(await get(`/v1/accounts/${DESTINATION}/balance`)).toMatchObject({
      body: { account: DESTINATION },
    });
  });

  it('are not found for an account that is not the platform’s', async () => {
    for (const path of ['balance', 'balance_transactions', 'payouts?automatic=true']) {
      expect(await get(`/v1/accounts/acct_unknown/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
  });
});

describe('a balance history', () => {
  it('is filtered by type, source, currency and both times', async () => {
    const { body: order } = await createOrder(waybill, {
      capture_method: 'automatic',
      application_fee_amount: 123,
    });
    const list = async (query: string) =>
      (await get(`/v1/balance_transactions?limit=100&${query}`)).body.data;
    const types = (data: { type: string }[]) => [...new Set(data.map(({ type }) => type))];
    expect(types(await list('type=application_fee'))).toEqual(['application_fee']);
    const ofCharge = await list(`source=${order.latest_charge}`);
    expect(ofCharge).toMatchObject([{ type: 'charge', amount: 1000, fee: 59, net: 941 }]);
    const [{ created, available_on }] = ofCharge;
    const ids = (data: { id: string }[]) => data.map(({ id }) => id);
    expect(ids(await list(`created[gte]=${created}&created[lte]=${created}`))).toContain(ofCharge[0].id);
    expect(ids(await list(`created[gt]=${created}`))).not.toContain(ofCharge[0].id);
    expect(ids(await list(`available_on[gte]=${available_on}`))).toContain(ofCharge[0].id);
    expect(ids(await list(`available_on[lt]=${available_on}`))).not.toContain(ofCharge[0].id);
    expect(ids(await list('currency=jpy'))).toEqual([]);
  });

  it('comes in pages that miss nothing and repeat nothing', async () => {
    const path = '/v1/balance_transactions?limit=';
    const { body: all } = await get(`${path}100`);
    const seen: string[] = [];
    let more = true;
    while (more) {
      const after = seen.length === 0 ? '' : `&starting_after=${seen.at(-1)}`;
      const { body } = await get(`${path}3${after}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      more = body.has_more;
    }
    expect(seen).toEqual(all.data.map(({ id }: { id: string }) => id));
  });

  it.each([
    ['limit=0', 'limit'],
    ['available_on[gt]=yesterday', 'available_on[gt]'],
    ['currency=USD', 'currency'],
    ['source=', 'source'],
    ['nonsense=1', 'nonsense'],
  ])('refuses ?%s by name', async (query, param) => {
    expect(await get(`/v1/balance_transactions?${query}`)).toMatchObject({ status: 400, body: { param } });
  });
});

function sorted<T>(amounts: readonly T[]): T[] {
  return [...amounts].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

function amountIn(amounts: readonly { amount: number; currency: string }[], currency: string): number {
  return amounts.find((one) => one.currency === currency)?.amount ?? 0;
}
