import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { transferResource } from '../../api/transfers/transfer-schema.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { earn, seller } from './sellers.ts';
import { control, createOrder, DESTINATION, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
  // A transfer with no order comes out of the available balance.
  await createOrder(waybill, {
    amount: 50_000,
    payment_method: 'pm_card_bypassPending',
    capture_method: 'automatic',
    transfer_amount: 1,
  });
});
afterEach(async () => expect(await unbalanced(waybill)).toEqual([]));
afterAll(() => waybill?.stop());

const pay = (id: string, destination = DESTINATION) =>
  request(waybill, 'POST', '/v1/transfers', {
    body: { id, amount: 500, currency: 'usd', destination, description: 'bonus' },
    key: id,
  });
const reverse = (id: string, body: object = {}, key?: string) =>
  request(waybill, 'POST', `/v1/transfers/${id}/reversals`, { body, ...(key ? { key } : {}) });
const resolve = (id: string, action: string) =>
  request(waybill, 'POST', `/v1/transfers/${id}/resolve`, { body: { action, reason: 'looked at it' } });
const reversalsAtStripe = async (transfer: string) =>
  (await waybill.stripe.transfers.listReversals(transfer)).data.map(({ amount }) => amount);

async function paid(id: string, destination = DESTINATION): Promise<string> {
  const { status, body } = await pay(id, destination);
  expect(status).toBe(201);
  return body.stripe_transfer;
}

/** The answer to a repeat of what created it: a busy worker says meanwhile that the first one is still running. */
function paidAgain(id: string, destination = DESTINATION) {
  return vi.waitFor(async () => {
    const again = await pay(id, destination);
    expect(again.status, again.body.code).toBe(201);
    return again;
  }, WITHIN);
}

describe('reversing a transfer without an order', () => {
  it('reverses a part of it, and then all that is left, though its workflow has ended', async () => {
    const transfer = await paid('taken-back');
    const part = await reverse('taken-back', { amount: 200, reason: 'paid twice' });
    expect(part).toMatchObject({
      status: 200,
      body: { status: 'partially_reversed', amount_reversed: 200, reversals: [{ amount: 200 }] },
    });
    expect(transferResource.safeParse(part.body).error).toBeUndefined();
    await waybill.stripe.transfers.createReversal(transfer, { amount: 50 });
    expect(await reverse('taken-back')).toMatchObject({
      status: 200,
      body: { status: 'reversed', amount_reversed: 500, needs_attention: null },
    });
    expect(await reversalsAtStripe(transfer)).toEqual([250, 50, 200]);

    const { body: timeline } = await request(waybill, 'GET', '/v1/transfers/taken-back/timeline');
    expect(timeline.data).toMatchObject([
      { type: 'command', name: 'pay' },
      { type: 'stripe_call', name: 'transfer', stripe_id: transfer },
      { type: 'state', name: 'paid' },
      { type: 'command', name: 'reverse_transfer', detail: 'paid twice' },
      { type: 'stripe_call', name: 'reverse_transfer' },
      { type: 'command', name: 'reverse_transfer' },
      { type: 'stripe_call', name: 'reverse_transfer' },
    ]);
    const again = await paidAgain('taken-back');
    expect(again.body).toMatchObject({ status: 'reversed', stripe_transfer: transfer });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/transfers');
      const listed = body.data.filter(({ id }: { id: string }) => id === 'taken-back');
      expect(listed).toMatchObject([{ status: 'reversed' }]);
    }, WITHIN);
  });

  it('is refused for more than is left at Stripe, whoever reversed it, and leaves it paid', async () => {
    const transfer = await paid('too-much');
    await waybill.stripe.transfers.createReversal(transfer, { amount: 400 });
    const refused = await reverse('too-much', { amount: 101 }, 'too-much-once');
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'money_rule', param: 'amount', detail: expect.stringContaining('1.00 USD') },
    });
    const handle = waybill.env.client.workflow.getHandle(transferWorkflowId('too-much'));
    expect(await handle.result()).toMatchObject({ status: 'paid' });
    const again = await reverse('too-much', { amount: 101 }, 'too-much-once');
    expect([again.status, again.headers.get('Idempotent-Replayed')]).toEqual([422, 'true']);
    expect((await reverse('too-much')).status).toBe(200);
    expect(await reverse('too-much')).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    // Its id was never free to be paid again.
    expect((await paidAgain('too-much')).body).toMatchObject({ stripe_transfer: transfer });
  });

  it('is done once under one key', async () => {
    const transfer = await paid('twice');
    const ask = (amount: number) => reverse('twice', { amount }, 'twice-reversed');
    const both = await Promise.all([ask(100), ask(100)]);
    expect(both.map(({ status }) => status)).toContain(200);
    const again = await ask(100);
    expect(again).toMatchObject({ status: 200, body: { amount_reversed: 100 } });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await ask(50)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await reversalsAtStripe(transfer)).toEqual([100]);
  });

  it('is found again when its answer was lost', async () => {
    const transfer = await paid('lost-answer');
    await control(waybill, 'faults', {
      match: { method: 'POST', path: `/v1/transfers/${transfer}/reversals`, times: 1 },
      effect: { drop: true, when: 'after' },
    });
    expect(await reverse('lost-answer')).toMatchObject({ status: 200, body: { amount_reversed: 500 } });
    expect(await reversalsAtStripe(transfer)).toEqual([500]);
  });

  it('answers 202 to a caller that does not wait, and is made', async () => {
    const transfer = await paid('no-wait');
    const answer = await request(waybill, 'POST', '/v1/transfers/no-wait/reversals', {
      body: {},
      headers: { prefer: 'wait=0' },
    });
    expect(answer).toMatchObject({ status: 202, body: { id: 'no-wait' } });
    await vi.waitFor(async () => expect(await reversalsAtStripe(transfer)).toEqual([500]), WITHIN);
  });

  it('needs the role ops and a transfer that exists', async () => {
    await paid('not-yours');
    const path = '/v1/transfers/not-yours/reversals';
    expect((await request(waybill, 'POST', path, { body: {}, as: 'service' })).status).toBe(403);
    expect((await reverse('not-there')).status).toBe(404);
  });

  it('is refused where nothing was paid', async () => {
    const body = { id: 'unpaid', amount: 500, currency: 'usd', destination: 'acct_unknown' };
    const refused = await request(waybill, 'POST', '/v1/transfers', {
      body: { ...body, description: 'bonus' },
    });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(await reverse('unpaid')).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });
});

describe('a reversal that the account lacks the funds for', () => {
  beforeAll(() => control(waybill, 'settings', { negative_balances: false }));
  afterAll(() => control(waybill, 'settings', { negative_balances: true }));

  /** A transfer that its account has paid out since. */
  async function paidOut(id: string) {
    const destination = await seller(waybill);
    const transfer = await paid(id, destination);
    await payoutsOf(waybill.stripe, asAccount(destination)).create({ amount: 500, currency: 'usd' }, {});
    expect(await reverse(id, {}, `${id}-reversed`)).toMatchObject({
      status: 202,
      body: {
        status: 'paid',
        needs_attention: { operation: 'reverse_transfer', code: 'balance_insufficient' },
      },
    });
    return { destination, transfer };
  }

  it('needs attention, and is made by a retry once the account has them', async () => {
    const { destination, transfer } = await paidOut('funded-later');
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/transfers?needs_attention=true');
      expect(body.data).toMatchObject([{ id: 'funded-later' }]);
    }, WITHIN);
    expect(await reverse('funded-later', { amount: 1 })).toMatchObject({
      status: 409,
      body: { code: 'needs_attention' },
    });
    expect((await resolve('funded-later', 'retry')).status).toBe(202);
    await earn(waybill, destination, 600);
    expect(await resolve('funded-later', 'retry')).toMatchObject({
      status: 200,
      body: { status: 'reversed', needs_attention: null },
    });
    expect(await reversalsAtStripe(transfer)).toEqual([500]);
  });

  it('leaves the transfer paid when it is abandoned, and its id taken', async () => {
    const { destination, transfer } = await paidOut('given-up');
    expect(await resolve('given-up', 'abandon')).toMatchObject({
      status: 200,
      body: { status: 'paid', amount_reversed: 0, needs_attention: null },
    });
    const handle = waybill.env.client.workflow.getHandle(transferWorkflowId('given-up'));
    expect(await handle.result()).toMatchObject({ status: 'paid' });
    const again = await reverse('given-up', {}, 'given-up-reversed');
    expect([again.status, again.headers.get('Idempotent-Replayed')]).toEqual([409, 'true']);
    expect(again.body.detail).toBe('Abandoned by dev_ops: looked at it');
    expect(await reversalsAtStripe(transfer)).toEqual([]);
    expect((await paidAgain('given-up', destination)).body).toMatchObject({ stripe_transfer: transfer });
  });
});
