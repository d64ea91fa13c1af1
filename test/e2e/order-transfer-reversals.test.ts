import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderResource } from '../../api/orders/order-schema.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { earn, seller } from './sellers.ts';
import { control, createOrder, sandboxRequests, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => expect(await unbalanced(waybill)).toEqual([]));
afterAll(() => waybill?.stop());

/** A captured sale of 10.00, of which 5.00 went on by a special-case transfer. */
async function transferred(id: string) {
  await createOrder(waybill, { id, capture_method: 'automatic', transfer_amount: 300 });
  const made = await request(waybill, 'POST', `/v1/orders/${id}/transfers`, {
    body: { amount: 500, description: 'bonus' },
  });
  expect(made.status).toBe(200);
  return made.body.transfers[0];
}
const reverse = (id: string, transfer: string, body: object = {}, key?: string) =>
  request(waybill, 'POST', `/v1/orders/${id}/transfers/${transfer}/reversals`, {
    body,
    ...(key ? { key } : {}),
  });
const reversalsAtStripe = async (transfer: string) =>
  (await waybill.stripe.transfers.listReversals(transfer)).data.map(({ amount }) => amount);
const read = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`)).body;

describe("an order's special-case transfer", () => {
  it('shows what was reversed of it in the Dashboard', async () => {
    const transfer = await transferred('in-dashboard');
    expect(transfer).toMatchObject({ status: 'paid', amount_reversed: 0, reversals: [] });
    const reversal = await waybill.stripe.transfers.createReversal(transfer.id, { amount: 200 });
    await vi.waitFor(async () => {
      const order = await read('in-dashboard');
      expect(order).toMatchObject({
        transfers: [
          {
            status: 'partially_reversed',
            amount: 500,
            amount_reversed: 200,
            reversals: [{ id: reversal.id, object: 'transfer_reversal', amount: 200, currency: 'usd' }],
          },
        ],
        adjustments: [{ id: reversal.id, transfer: transfer.id }],
      });
      expect(orderResource.safeParse(order).error).toBeUndefined();
    }, WITHIN);
  });
});

describe("an order's special-case transfers", () => {
  it('are read together, however many there are', async () => {
    const { id: first } = await transferred('many');
    for (const amount of [5, 6, 7, 8, 9]) {
      const body = { amount, description: 'bonus' };
      expect((await request(waybill, 'POST', '/v1/orders/many/transfers', { body })).status).toBe(200);
    }
    const before = (await sandboxRequests(waybill)).length;
    await waybill.stripe.transfers.createReversal(first, { amount: 200 });
    await vi.waitFor(async () => expect((await read('many')).adjustments).toHaveLength(1), WITHIN);
    const since = (await sandboxRequests(waybill)).slice(before);
    const singly = since.filter(
      ({ method, path }) => method === 'GET' && /^\/v1\/transfers\/tr_\w+$/.test(path),
    );
    // Only the event looks at its own transfer, for the order that it belongs to.
    expect(singly.map(({ path }) => path).filter((path) => !path.endsWith(first))).toEqual([]);
  });
});

describe("reversing an order's special-case transfer", () => {
  it('reverses a part of it, and then all that is left', async () => {
    const { id: transfer } = await transferred('taken-back');
    const part = await reverse('taken-back', transfer, { amount: 200, reason: 'paid twice' });
    expect(part).toMatchObject({
      status: 200,
      body: {
        transfers: [{ status: 'partially_reversed', amount_reversed: 200, reversals: [{ amount: 200 }] }],
        funds: { connected_net: 300 + 500 - 200 },
      },
    });
    const rest = await reverse('taken-back', transfer);
    expect(rest).toMatchObject({
      status: 200,
      body: {
        status: 'captured',
        transfers: [
          { status: 'reversed', amount_reversed: 500, reversals: [{ amount: 300 }, { amount: 200 }] },
        ],
        funds: { connected_net: 300, platform_net: 1000 - 59 - 300 },
        complete: true,
        needs_attention: null,
      },
    });
    const { reversed } = await waybill.stripe.transfers.retrieve(transfer);
    expect(reversed).toBe(true);
    const { body: timeline } = await request(waybill, 'GET', '/v1/orders/taken-back/timeline');
    expect(timeline.data).toContainEqual(
      expect.objectContaining({ type: 'command', name: 'reverse_transfer', detail: 'paid twice' }),
    );
  });

  it('is refused for more than is left at Stripe, whoever reversed it', async () => {
    const { id: transfer } = await transferred('too-much');
    expect(await reverse('too-much', transfer, { amount: 501 })).toMatchObject({
      status: 422,
      body: { code: 'money_rule', param: 'amount', detail: expect.stringContaining('5.00 USD') },
    });
    await control(waybill, 'webhooks', { hold: true });
    await waybill.stripe.transfers.createReversal(transfer, { amount: 400 });
    expect(await reverse('too-much', transfer, { amount: 101 })).toMatchObject({
      status: 422,
      body: { code: 'money_rule', param: 'amount', detail: expect.stringContaining('1.00 USD') },
    });
    await control(waybill, 'webhooks', {});
    expect(await reverse('too-much', transfer)).toMatchObject({ status: 200 });
    expect(await reverse('too-much', transfer)).toMatchObject({
      status: 409,
      body: { code: 'state_conflict' },
    });
  });

  it("is refused for a transfer that is not one of the order's, and for the role service", async () => {
    const { id: transfer } = await transferred('mine');
    await transferred('other');
    expect(await reverse('other', transfer)).toMatchObject({
      status: 404,
      body: { code: 'not_found', param: 'transfer' },
    });
    const path = `/v1/orders/mine/transfers/${transfer}/reversals`;
    expect(await request(waybill, 'POST', path, { body: {}, as: 'service' })).toMatchObject({
      status: 403,
    });
  });

  it('is done once under one key', async () => {
    const { id: transfer } = await transferred('twice');
    const ask = (amount: number) => reverse('twice', transfer, { amount }, 'twice');
    const [one, other] = await Promise.all([ask(100), ask(100)]);
    expect([one.status, other.status]).toContain(200);
    const again = await ask(100);
    expect(again).toMatchObject({ status: 200, body: { transfers: [{ amount_reversed: 100 }] } });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await ask(50)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await reversalsAtStripe(transfer)).toEqual([100]);
  });

  it('is found again when its answer was lost', async () => {
    const { id: transfer } = await transferred('lost-answer');
    await control(waybill, 'faults', {
      match: { method: 'POST', path: `/v1/transfers/${transfer}/reversals`, times: 1 },
      effect: { drop: true, when: 'after' },
    });
    expect(await reverse('lost-answer', transfer, { amount: 100 })).toMatchObject({
      status: 200,
      body: { transfers: [{ amount_reversed: 100 }] },
    });
    expect(await reversalsAtStripe(transfer)).toEqual([100]);
  });
});

describe('a reversal that the account lacks the funds for', () => {
  beforeAll(() => control(waybill, 'settings', { negative_balances: false }));
  afterAll(() => control(waybill, 'settings', { negative_balances: true }));

  /** An order whose special-case transfer went to an account that has paid it out since. */
  async function paidOut(id: string) {
    const destination = await seller(waybill);
    const token = 'tok_bypassPending';
    const terms = { id, payment_method: undefined, token, capture_method: 'automatic', transfer_amount: 1 };
    await createOrder(waybill, terms);
    const { body } = await request(waybill, 'POST', `/v1/orders/${id}/transfers`, {
      body: { amount: 500, destination, description: 'bonus' },
    });
    await payoutsOf(waybill.stripe, asAccount(destination)).create({ amount: 500, currency: 'usd' }, {});
    const stuck = await reverse(id, body.transfers[0].id);
    expect(stuck).toMatchObject({
      status: 202,
      body: {
        complete: false,
        needs_attention: { operation: 'reverse_transfer', code: 'balance_insufficient' },
      },
    });
    return { destination, transfer: body.transfers[0].id };
  }
  const resolve = (id: string, action: string) =>
    request(waybill, 'POST', `/v1/orders/${id}/resolve`, { body: { action, reason: 'looked at it' } });

  it('needs attention, and is made by a retry once the account has them', async () => {
    const { destination, transfer } = await paidOut('funded-later');
    expect(await resolve('funded-later', 'retry')).toMatchObject({
      status: 202,
      body: { needs_attention: { code: 'balance_insufficient' } },
    });
    await earn(waybill, destination, 600);
    expect(await resolve('funded-later', 'retry')).toMatchObject({
      status: 200,
      body: { needs_attention: null, transfers: [{ status: 'reversed', amount_reversed: 500 }] },
    });
    expect(await reversalsAtStripe(transfer)).toEqual([500]);
  });

  it('leaves the transfer as it is when it is abandoned', async () => {
    const { transfer } = await paidOut('given-up');
    expect(await resolve('given-up', 'abandon')).toMatchObject({
      status: 200,
      body: {
        status: 'captured',
        needs_attention: null,
        transfers: [{ status: 'paid', amount_reversed: 0 }],
      },
    });
    expect(await reversalsAtStripe(transfer)).toEqual([]);
  });
});
