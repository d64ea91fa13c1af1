import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, sandboxRequests } from './support.ts';

const OTHER = 'acct_1WaybillUSXpress';
const stored = (name: string, scope: KeyScope) => ({
  id: 'key_0123456789ab',
  name,
  role: 'ops' as const,
  scope,
  sha256: createHash('sha256').update(`secret-of-${name}`).digest('hex'),
  expiresAt: null,
});
const KEYS = [
  stored('seller', { accounts: [DESTINATION] }),
  stored('helpdesk', { refund_max: { usd: 500 }, transfer_max: { usd: 50 } }),
];

let waybill: Waybill;
let mine: string;
let theirs: string;
/** A transfer of the seller's order to the other account. */
let given: string;
beforeAll(async () => {
  const keyFile = { path: '/nowhere/keys.json', read: () => KEYS };
  waybill = await startWaybill({}, {}, { api: { keyFile } });
  const order = (connected_account: string) =>
    createOrder(waybill, { capture_method: 'automatic', connected_account, transfer_amount: 100 });
  mine = (await order(DESTINATION)).body.id;
  theirs = (await order(OTHER)).body.id;
  const body = { amount: 1, destination: OTHER, description: 'x' };
  given = (await request(waybill, 'POST', `/v1/orders/${mine}/transfers`, { body })).body.transfers[0].id;
});
afterAll(() => waybill?.stop());

const by = (name: string) => ({ headers: { authorization: `Bearer secret-of-${name}` } });
const get = (path: string) => request(waybill, 'GET', path, by('seller'));
const post = (path: string, body: object, name = 'seller') =>
  request(waybill, 'POST', path, { body, ...by(name) });

describe('a key for some connected accounts', () => {
  it('reads and steers what is theirs', async () => {
    expect(await get(`/v1/orders/${mine}`)).toMatchObject({ status: 200 });
    expect(await get(`/v1/orders/${mine}/timeline`)).toMatchObject({ status: 200 });
    expect(await get(`/v1/accounts/${DESTINATION}/balance`)).toMatchObject({ status: 200 });
    expect(await get(`/v1/orders?connected_account=${DESTINATION}`)).toMatchObject({ status: 200 });
    expect(await post(`/v1/orders/${mine}/refunds`, { amount: 100 })).toMatchObject({ status: 200 });
    expect(await post('/v1/transfers/preview', TRANSFER)).toMatchObject({ status: 200 });
  });

  it.each<[string, () => ReturnType<typeof get>]>([
    ['another account’s order', () => get(`/v1/orders/${theirs}`)],
    ['its timeline', () => get(`/v1/orders/${theirs}/timeline`)],
    ['a refund of it', () => post(`/v1/orders/${theirs}/refunds`, { amount: 100 })],
    ['a preview of that', () => post(`/v1/orders/${theirs}/refunds/preview`, { amount: 100 })],
    ['a new order for it', () => post('/v1/orders', orderFor(OTHER))],
    ['a preview of that order', () => post('/v1/orders/preview', orderFor(OTHER))],
    [
      'a transfer to it',
      () => post(`/v1/orders/${mine}/transfers`, { amount: 1, destination: OTHER, description: 'x' }),
    ],
    ['the reversal of one', () => post(`/v1/orders/${mine}/transfers/${given}/reversals`, {})],
    ['a preview of that', () => post(`/v1/orders/${mine}/transfers/${given}/reversals/preview`, {})],
    ['a transfer without an order', () => post('/v1/transfers', { ...TRANSFER, destination: OTHER })],
    ['a preview of that transfer', () => post('/v1/transfers/preview', { ...TRANSFER, destination: OTHER })],
    [
      'a preview of a payout of it',
      () => post(`/v1/accounts/${OTHER}/payouts/preview`, { amount: 1, currency: 'usd' }),
    ],
    ['its balance', () => get(`/v1/accounts/${OTHER}/balance`)],
    ['its payouts', () => get(`/v1/payouts?connected_account=${OTHER}`)],
  ])('is refused %s, and says so', async (_, ask) => {
    expect(await ask()).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: expect.stringContaining(OTHER) },
    });
  });

  it('is refused every endpoint that is about the whole platform', async () => {
    const { body: document } = await request(waybill, 'GET', '/openapi.json');
    const reads = Object.entries<Record<string, { security?: unknown[] }>>(document.paths).filter(
      ([path, { get: read }]) =>
        read && !path.includes('{') && path.startsWith('/v1/') && !path.includes('oauth/callback'),
    );
    expect(reads.length).toBeGreaterThan(8);
    const answers = await Promise.all(reads.map(async ([path]) => [path, (await get(path)).status] as const));
    expect(answers.filter(([, status]) => status !== 403 && status !== 400)).toEqual([]);
    expect(answers.filter(([, status]) => status === 403).length).toBeGreaterThan(5);
    expect(await post(`/v1/orders/adopted/adopt`, { payment_intent: 'pi_1' })).toMatchObject({ status: 403 });
    expect(await post('/codec/decode', { payloads: [] })).toMatchObject({ status: 403 });
  });
});

describe('a key with a limit', () => {
  it('refunds up to it, and nothing moves above it', async () => {
    const before = (await sandboxRequests(waybill)).filter(({ path }) => path === '/v1/refunds').length;
    expect(await post(`/v1/orders/${theirs}/refunds`, { amount: 501 }, 'helpdesk')).toMatchObject({
      status: 403,
      body: { code: 'limit_exceeded', detail: expect.stringContaining('5.00 USD (refund_max)') },
    });
    expect(await post(`/v1/orders/${theirs}/refunds`, {}, 'helpdesk')).toMatchObject({ status: 403 });
    expect(await post(`/v1/orders/${theirs}/refunds/preview`, {}, 'helpdesk')).toMatchObject({ status: 403 });
    const after = (await sandboxRequests(waybill)).filter(({ path }) => path === '/v1/refunds').length;
    expect(after).toBe(before);
    expect(await post(`/v1/orders/${theirs}/refunds`, { amount: 500 }, 'helpdesk')).toMatchObject({
      status: 200,
      body: { amount_refunded: 500 },
    });
    expect(await post(`/v1/orders/${theirs}/refunds`, {}, 'helpdesk')).toMatchObject({
      status: 200,
      body: { status: 'refunded' },
    });
  });

  it('gets the first answer to a refund of all that is left, whatever is left by then', async () => {
    const { id } = (await createOrder(waybill, { amount: 400, capture_method: 'automatic' })).body;
    const all = () =>
      request(waybill, 'POST', `/v1/orders/${id}/refunds`, { key: 'all-that-is-left', ...by('helpdesk') });
    const first = await all();
    expect(first).toMatchObject({ status: 200, body: { status: 'refunded' } });
    expect(first.headers.has('Idempotent-Replayed')).toBe(false);
    const repeat = await all();
    expect(repeat).toMatchObject({ status: 200, body: { status: 'refunded' } });
    expect(repeat.headers.get('Idempotent-Replayed')).toBe('true');
    for (const path of ['refunds', 'refunds/preview']) {
      expect(await post(`/v1/orders/${id}/${path}`, {}, 'helpdesk')).toMatchObject({
        status: 409,
        body: { code: 'state_conflict', detail: 'This order has been refunded in full.' },
      });
    }
  });

  it('learns why there is nothing to refund yet', async () => {
    const { id } = (await createOrder(waybill, { amount: 400 })).body;
    expect(await post(`/v1/orders/${id}/refunds`, {}, 'helpdesk')).toMatchObject({
      status: 409,
      body: { code: 'state_conflict', detail: expect.stringContaining('authorized') },
    });
  });

  it('transfers up to it, with an order and without', async () => {
    const gift = { amount: 51, description: 'Bonus' };
    for (const path of ['transfers', 'transfers/preview']) {
      expect(await post(`/v1/orders/${mine}/${path}`, gift, 'helpdesk')).toMatchObject({ status: 403 });
    }
    expect(await post('/v1/transfers', { ...TRANSFER, amount: 51 }, 'helpdesk')).toMatchObject({
      status: 403,
    });
    expect(await post('/v1/transfers/preview', { ...TRANSFER, amount: 51 }, 'helpdesk')).toMatchObject({
      status: 403,
    });
    expect(await post('/v1/transfers', { ...TRANSFER, currency: 'eur' }, 'helpdesk')).toMatchObject({
      status: 403,
    });
    expect(await post(`/v1/orders/${mine}/transfers`, { ...gift, amount: 50 }, 'helpdesk')).toMatchObject({
      status: 200,
    });
  });
});

const TRANSFER = { amount: 5, currency: 'usd', destination: DESTINATION, description: 'Bonus' };
const orderFor = (connected_account: string) => ({
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account,
});
