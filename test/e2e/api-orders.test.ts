import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { timelineResource } from '../../api/commands/timeline.ts';
import { orderResource } from '../../api/orders/order-schema.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import {
  control,
  createOrder,
  DESTINATION,
  endFaults,
  HELD_BACK,
  sandboxRequests,
  WITHIN,
} from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const post = (path: string, body: object = {}, key?: string, headers?: Record<string, string>) =>
  request(waybill, 'POST', path, { body, ...(key ? { key } : {}), ...(headers ? { headers } : {}) });
const get = (path: string) => request(waybill, 'GET', path);

describe('starting an order', () => {
  it('authorizes, and answers with the whole Order object', async () => {
    const created = await createOrder(waybill, {
      id: 'whole',
      application_fee_amount: 123,
      metadata: { cart: '7' },
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('Location')).toBe('/v1/orders/whole');
    expect(orderResource.safeParse(created.body).error).toBeUndefined();
    expect(created.body).toMatchObject({
      id: 'whole',
      status: 'authorized',
      amount_capturable: 1000,
      connected_account: DESTINATION,
      application_fee_amount: 123,
      metadata: { cart: '7' },
      livemode: false,
    });
    expect((await get('/v1/orders/whole')).body).toEqual(created.body);
  });

  it('makes an id if none was given', async () => {
    const { status, body } = await createOrder(waybill);
    expect(status).toBe(201);
    expect(body.id).toMatch(/^ord_[0-9a-f]{24}$/);
  });

  it('answers a decline with 402 and the order, which another card pays', async () => {
    const declined = await createOrder(waybill, { id: 'declined', payment_method: 'pm_card_chargeDeclined' });
    expect(declined.status).toBe(402);
    expect(declined.body).toMatchObject({ code: 'card_declined', order: 'declined', retryable: false });
    expect((await get('/v1/orders/declined')).body.status).toBe('requires_payment_method');
    const paid = await post('/v1/orders/declined/confirm', { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 200, body: { status: 'authorized' } });
  });

  it('refuses an unknown account, naming it, and lets the id be used again', async () => {
    const unknown = { id: 'twice', connected_account: 'acct_1Unknown0000' };
    const refused = await createOrder(waybill, unknown, { key: 'twice-1' });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'stripe_refused', param: 'connected_account' });
    const replayed = await createOrder(waybill, unknown, { key: 'twice-1' });
    expect(replayed.status).toBe(400);
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
    const good = await createOrder(waybill, { id: 'twice' }, { key: 'twice-2' });
    expect(good).toMatchObject({ status: 201, body: { id: 'twice', status: 'authorized' } });
  });

  it('refuses a second order under an id that is taken, also once the first has ended', async () => {
    await createOrder(waybill, { id: 'taken' });
    expect(await createOrder(waybill, { id: 'taken' })).toMatchObject({
      status: 409,
      body: { code: 'order_exists' },
    });
    await post('/v1/orders/taken/cancel');
    expect(await createOrder(waybill, { id: 'taken' })).toMatchObject({
      status: 409,
      body: { code: 'order_exists' },
    });
  });
});

describe('the same request again', () => {
  it('gets the first answer, whatever happened since', async () => {
    const first = await createOrder(waybill, { id: 'again' }, { key: 'again' });
    const second = await createOrder(waybill, { id: 'again' }, { key: 'again' });
    expect(first.headers.get('Idempotent-Replayed')).toBeNull();
    expect(second.headers.get('Idempotent-Replayed')).toBe('true');
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    expect((await post('/v1/orders/again/cancel', {}, 'c')).status).toBe(200);
    const canceled = await post('/v1/orders/again/cancel', {}, 'c');
    expect(canceled).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(canceled.headers.get('Idempotent-Replayed')).toBe('true');
  });

  it('with another body is refused', async () => {
    await createOrder(waybill, {}, { key: 'other-body' });
    const other = await createOrder(waybill, { amount: 2000 }, { key: 'other-body' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('as another command of the same order is refused', async () => {
    await createOrder(waybill, { id: 'other-command' });
    await post('/v1/orders/other-command/capture', {}, 'k');
    const refund = await post('/v1/orders/other-command/refunds', {}, 'k');
    expect(refund).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('sent 50 times at once makes one order and one charge', async () => {
    const before = await intents();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        createOrder(waybill, { capture_method: 'automatic' }, { key: 'burst' }),
      ),
    );
    expect(statuses(answers)).toEqual(new Set([201, 409]));
    expect(answers.filter(({ status }) => status === 201).map(({ body }) => body.status)).toContain(
      'captured',
    );
    for (const { status, body, headers } of answers) {
      if (status !== 409) continue;
      expect(body).toMatchObject({ code: 'idempotency_key_in_use', retryable: true });
      expect(headers.get('Retry-After')).toBe('1');
    }
    expect((await createOrder(waybill, { capture_method: 'automatic' }, { key: 'burst' })).status).toBe(201);
    expect((await intents()) - before).toBe(1);
  });

  it('two different captures at once make one', async () => {
    await createOrder(waybill, { id: 'race' });
    const answers = await Promise.all([
      post('/v1/orders/race/capture', { amount: 400 }),
      post('/v1/orders/race/capture', { amount: 500 }),
    ]);
    expect(statuses(answers)).toEqual(new Set([200, 409]));
    const { body } = await get('/v1/orders/race');
    expect([400, 500]).toContain(body.amount_captured);
  });
});

describe('a command that the order’s state does not allow', () => {
  beforeAll(async () => {
    await createOrder(waybill, { id: 'open' });
    await createOrder(waybill, { id: 'paid', capture_method: 'automatic' });
    await createOrder(waybill, { id: 'ended' });
    await post('/v1/orders/ended/cancel');
  });

  it.each<[string, string, object, number, object]>([
    ['capture of more than authorized', 'open/capture', { amount: 1001 }, 422, { param: 'amount' }],
    ['refund before capture', 'open/refunds', {}, 409, { code: 'state_conflict' }],
    [
      'confirm of what is confirmed with another card',
      'open/confirm',
      { payment_method: 'pm_card_visa' },
      409,
      { code: 'state_conflict' },
    ],
    ['resolve where nothing is stuck', 'open/resolve', { action: 'retry', reason: 'x' }, 409, {}],
    ['capture of what is captured', 'paid/capture', {}, 409, { code: 'state_conflict' }],
    ['cancel after capture', 'paid/cancel', {}, 409, { code: 'state_conflict' }],
    ['refund beyond the rest', 'paid/refunds', { amount: 1001 }, 422, { param: 'amount' }],
    ['capture of what is canceled', 'ended/capture', {}, 409, { code: 'state_conflict' }],
    ['capture of nothing', 'unknown/capture', {}, 404, { code: 'not_found' }],
  ])('%s', async (_what, path, body, status, expected) => {
    const answer = await post(`/v1/orders/${path}`, body);
    expect(answer.body).toMatchObject({ status, ...expected });
  });

  it('leaves the order as it was', async () => {
    expect((await post('/v1/orders/open/capture', { amount: 600 })).body).toMatchObject({
      status: 'captured',
      amount_captured: 600,
    });
  });
});

it('an order with a fee of 0 has no fee', async () => {
  const sale = { capture_method: 'automatic', application_fee_amount: 0 };
  expect(await createOrder(waybill, sale)).toMatchObject({
    status: 201,
    body: { status: 'captured', application_fee_amount: null, funds: { connected_net: 1000 } },
  });
});

it('a refund of the rest refunds what is left at Stripe, whatever the order has read', async () => {
  const { body } = await createOrder(waybill, { capture_method: 'automatic' });
  await waybill.stripe.refunds.create({ payment_intent: body.payment_intent, amount: 400 });
  const { status, body: refunded } = await post(`/v1/orders/${body.id}/refunds`, {});
  expect(status).toBe(200);
  expect(refunded.refunds).toContainEqual(expect.objectContaining({ amount: 600 }));
});

it('a failure that Stripe stored when a token became a payment method does not hold up its order', async () => {
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/payment_methods', times: 1 },
    effect: { status: 500 },
  });
  const body = { id: 'token-stored', payment_method: undefined, token: 'tok_visa' };
  expect(await createOrder(waybill, body)).toMatchObject({ status: 201, body: { status: 'authorized' } });
});

it('a token becomes one payment method, also where its payment needs another key', async () => {
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/payment_intents', times: 1 },
    effect: { status: 500 },
  });
  const body = { id: 'token-once', payment_method: undefined, token: 'tok_visa' };
  expect(await createOrder(waybill, body)).toMatchObject({ status: 201, body: { status: 'authorized' } });
});

describe('a caller that does not wait', () => {
  it('gets 202 with the order as it is, and the answer later under the same key', async () => {
    const headers = { Prefer: 'wait=0' };
    const body = {
      id: 'hasty',
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      connected_account: DESTINATION,
    };
    const soon = await post('/v1/orders', body, 'hasty', headers);
    expect(soon.status).toBe(202);
    expect(soon.headers.get('Location')).toBe('/v1/orders/hasty');
    expect(soon.headers.get('Preference-Applied')).toBe('wait=0');
    expect(orderResource.safeParse(soon.body).error).toBeUndefined();
    const later = await settled(() => post('/v1/orders', body, 'hasty'));
    expect(later).toMatchObject({ status: 201, body: { status: 'authorized' } });
    expect(later.headers.get('Idempotent-Replayed')).toBe('true');
  });

  it('gets 202 before a slow Stripe has answered, and the order’s state when it asks again', async () => {
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/payment_intents' },
      effect: HELD_BACK,
    });
    const create = (wait: number) =>
      request(waybill, 'POST', '/v1/orders', {
        key: 'slow-create',
        body: {
          amount: 1000,
          currency: 'usd',
          payment_method: 'pm_card_visa',
          connected_account: DESTINATION,
        },
        headers: { Prefer: `wait=${wait}` },
      });
    expect(await create(1)).toMatchObject({ status: 202, body: { status: 'pending', payment_intent: null } });
    expect(await create(0)).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    await endFaults(waybill);
    expect(await settled(() => create(10))).toMatchObject({ status: 201, body: { status: 'authorized' } });
  });

  it('learns that its command is still running', async () => {
    await createOrder(waybill, { id: 'slow' });
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/payment_intents/*/cancel' },
      effect: HELD_BACK,
    });
    const cancel = (wait: number) => post('/v1/orders/slow/cancel', {}, 'slow', { Prefer: `wait=${wait}` });
    expect(await cancel(1)).toMatchObject({ status: 202, body: { status: 'authorized' } });
    expect(await cancel(0)).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    const other = await post('/v1/orders/slow/cancel', { reason: 'duplicate' }, 'slow', { Prefer: 'wait=0' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    await endFaults(waybill);
    expect(await settled(() => cancel(10))).toMatchObject({ status: 200, body: { status: 'canceled' } });
  });
});

describe('reading', () => {
  it('shows the timeline', async () => {
    await createOrder(waybill, { id: 'told' });
    await post('/v1/orders/told/capture');
    const { status, body } = await get('/v1/orders/told/timeline');
    expect(status).toBe(200);
    expect(timelineResource.safeParse(body).error).toBeUndefined();
    expect(body.data.map(({ actor }: { actor: string }) => actor)).toContain('dev_ops');
  });

  it('does not find an unknown order', async () => {
    expect(await get('/v1/orders/none')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await get('/v1/orders/none/timeline')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('is ready', async () => {
    const ready = { status: 'ready', temporal: 'reachable', workers: 'polling', stripe: 'reachable' };
    await expect.poll(() => get('/readyz'), WITHIN).toMatchObject({ status: 200, body: ready });
  });
});

function statuses(answers: readonly Answer[]): Set<number> {
  return new Set(answers.map(({ status }) => status));
}

async function intents(): Promise<number> {
  const calls = await sandboxRequests(waybill);
  return calls.filter(({ method, path }) => method === 'POST' && path === '/v1/payment_intents').length;
}

/** What a patient caller does with a 409 that says Retry-After. */
function settled(send: () => Promise<Answer>): Promise<Answer> {
  return vi.waitFor(async () => {
    const answer = await send();
    expect(answer.body.code).not.toBe('idempotency_key_in_use');
    return answer;
  }, WITHIN);
}
