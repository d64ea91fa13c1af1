import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId, payoutWorkflowId, transferWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { seller } from './sellers.ts';
import { control, createOrder, DESTINATION, sandboxRequests, WITHIN } from './support.ts';

const ABOVE = 500;
const HOUR_MS = 3_600_000;
const KEYS = [
  { name: 'ada', role: 'ops', secret: 'dev_ops' },
  { name: 'bob', role: 'ops', secret: 'secret-of-bob' },
  { name: 'shop', role: 'service', secret: 'secret-of-shop' },
] as const;

let waybill: Waybill;
beforeAll(async () => {
  const approval = { above: { usd: ABOVE }, withinMs: HOUR_MS };
  waybill = await startWaybill({ approval, retryBudgetMs: 1_000 }, {}, { api: { keys: KEYS } });
});
afterAll(() => waybill?.stop());

const as = (who: 'bob' | 'shop') => ({ headers: { authorization: `Bearer secret-of-${who}` } });
const bob = as('bob');

async function captured(more = {}): Promise<string> {
  const { body } = await createOrder(waybill, { capture_method: 'automatic', ...more });
  return `/v1/orders/${body.id}`;
}

const refund = (order: string, body: object, options = {}) =>
  request(waybill, 'POST', `${order}/refunds`, { body, ...options });
const decide = (of: string, action: 'approve' | 'decline', options = {}, more = {}) =>
  request(waybill, 'POST', `${of}/resolve`, {
    body: { action, reason: 'looked at it', ...more },
    ...options,
  });
const read = async (path: string) => (await request(waybill, 'GET', path)).body;
const refundsAtStripe = async () =>
  (await sandboxRequests(waybill)).filter(({ method, path }) => method === 'POST' && path === '/v1/refunds')
    .length;

describe('a refund above the limit', () => {
  it('waits for another person, moves nothing meanwhile, and is seen where people look', async () => {
    const order = await captured();
    const before = await refundsAtStripe();
    const asked = await refund(order, { amount: 600 });
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({
      amount_refunded: 0,
      approvals: [{ command: 'refund', amount: 600, currency: 'usd', requested_by: 'ada' }],
      needs_attention: { code: 'approval_needed', operation: null, allowed_actions: ['approve', 'decline'] },
    });
    expect(asked.body.needs_attention.message).toMatch(/^ada asks for a refund of 6\.00 USD\./);
    expect(await refundsAtStripe()).toBe(before);
    await vi.waitFor(async () => {
      const { data } = await read('/v1/orders?needs_attention=true');
      expect(data).toContainEqual(
        expect.objectContaining({
          id: asked.body.id,
          needs_attention: expect.objectContaining({ code: 'approval_needed' }),
        }),
      );
    }, WITHIN);
  });

  it('is made once another person approves, and its caller gets that answer under the same key', async () => {
    const order = await captured();
    await refund(order, { amount: 600 }, { key: 'refund-approved' });
    const approved = await decide(order, 'approve', bob);
    expect(approved).toMatchObject({ status: 200, body: { amount_refunded: 600, approvals: [] } });
    const repeat = await refund(order, { amount: 600 }, { key: 'refund-approved' });
    expect(repeat).toMatchObject({ status: 200, body: { amount_refunded: 600 } });
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const { data } = await read(`${order}/timeline`);
    expect(data).toContainEqual(
      expect.objectContaining({ name: 'approve', actor: 'bob', detail: 'refund of ada: looked at it' }),
    );
    expect(data).toContainEqual(
      expect.objectContaining({ type: 'stripe_call', name: 'refund', actor: 'ada' }),
    );
  });

  it('is not approved by who asked for it, by another role, or twice', async () => {
    const order = await captured();
    await refund(order, { amount: 600 });
    expect(await decide(order, 'approve')).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: 'ada asked for this refund: another person has to decide.' },
    });
    expect(await decide(order, 'approve', as('shop'))).toMatchObject({ status: 403 });
    expect(await read(order)).toMatchObject({ amount_refunded: 0, approvals: [{ command: 'refund' }] });
    expect(await decide(order, 'approve', bob)).toMatchObject({ status: 200 });
    expect(await decide(order, 'approve', bob)).toMatchObject({ status: 409 });
    expect(await read(order)).toMatchObject({ amount_refunded: 600 });
  });

  it('is given up when another person declines, and the same key says so ever after', async () => {
    const order = await captured();
    await refund(order, { amount: 600 }, { key: 'refund-declined' });
    expect(await decide(order, 'decline', bob)).toMatchObject({
      status: 200,
      body: { amount_refunded: 0, approvals: [], needs_attention: null },
    });
    expect(await refund(order, { amount: 600 }, { key: 'refund-declined' })).toMatchObject({
      status: 409,
      body: { detail: 'bob declined this refund: looked at it' },
    });
  });

  it('is not split: parts that come to more together wait, too', async () => {
    const order = await captured();
    expect(await refund(order, { amount: 300 })).toMatchObject({ status: 200 });
    expect(await refund(order, { amount: 300 })).toMatchObject({
      status: 202,
      body: { amount_refunded: 300, approvals: [{ amount: 300 }] },
    });
  });

  it('without an amount means what was left when it was asked for', async () => {
    const order = await captured();
    expect(await refund(order, {})).toMatchObject({ status: 202, body: { approvals: [{ amount: 1000 }] } });
    await refund(order, { amount: 100 });
    expect(await decide(order, 'approve', bob)).toMatchObject({ status: 422, body: { code: 'money_rule' } });
    expect(await read(order)).toMatchObject({ amount_refunded: 100, approvals: [] });
  });

  it('of several is decided by name', async () => {
    const order = await captured();
    await refund(order, { amount: 600 });
    const [first, second] = (await refund(order, { amount: 700 })).body.approvals;
    expect(await decide(order, 'approve', bob)).toMatchObject({
      status: 400,
      body: { param: 'stripe_id', detail: expect.stringContaining(second.id) },
    });
    expect(await decide(order, 'approve', bob, { stripe_id: second.id })).toMatchObject({
      body: { amount_refunded: 700, approvals: [{ id: first.id }] },
    });
  });

  it('is asked for and approved by signals too, and not by one person under two names', async () => {
    const order = await captured();
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(order.split('/').at(-1) ?? ''));
    await handle.signal('refund', { request_id: 'r-1', actor: 'ada', amount: 600 });
    await vi.waitFor(
      async () =>
        expect(await read(order)).toMatchObject({ approvals: [{ requested_by: 'ada (via temporal)' }] }),
      WITHIN,
    );
    expect(await decide(order, 'approve')).toMatchObject({ status: 403 });
    await handle.signal('resolve', { request_id: 'r-2', actor: 'bob', action: 'approve', reason: 'fine' });
    await vi.waitFor(async () => expect(await read(order)).toMatchObject({ amount_refunded: 600 }), WITHIN);
  });

  it('in a currency without a limit always waits', async () => {
    const { body } = await createOrder(waybill, {
      amount: 100,
      currency: 'eur',
      capture_method: 'automatic',
    });
    expect(await refund(`/v1/orders/${body.id}`, { amount: 50 })).toMatchObject({ status: 202 });
  });
});

describe('other commands above the limit', () => {
  it('a transfer out of an order waits', async () => {
    const order = await captured({ transfer_amount: 100 });
    const transfer = { amount: 501, description: 'Bonus' };
    expect(await request(waybill, 'POST', `${order}/transfers`, { body: transfer })).toMatchObject({
      status: 202,
      body: { transfers: [], approvals: [{ command: 'transfer', amount: 501 }] },
    });
    expect(await decide(order, 'approve', bob)).toMatchObject({
      status: 200,
      body: { transfers: [{ amount: 501 }] },
    });
  });

  it('a transfer without an order is paid only when another person approves', async () => {
    await captured({ payment_method: 'pm_card_bypassPending', amount: 5_000, transfer_amount: 100 });
    const body = {
      id: 'bonus-1',
      amount: 501,
      currency: 'usd',
      destination: DESTINATION,
      description: 'Bonus',
    };
    const asked = await request(waybill, 'POST', '/v1/transfers', { body });
    expect(asked).toMatchObject({
      status: 202,
      body: { status: 'pending', stripe_transfer: null, needs_attention: { code: 'approval_needed' } },
    });
    expect(await decide('/v1/transfers/bonus-1', 'approve')).toMatchObject({ status: 403 });
    expect(await decide('/v1/transfers/bonus-1', 'approve', bob)).toMatchObject({
      status: 200,
      body: { status: 'paid', approvals: [] },
    });
    expect(await isAskedLater(transferWorkflowId('bonus-1'), 'transfer'), 'the day of its approval').toBe(
      true,
    );
  });

  it('a transfer without an order that is declined is abandoned', async () => {
    const body = {
      id: 'bonus-2',
      amount: 501,
      currency: 'usd',
      destination: DESTINATION,
      description: 'Bonus',
    };
    await request(waybill, 'POST', '/v1/transfers', { body });
    expect(await decide('/v1/transfers/bonus-2', 'decline', bob)).toMatchObject({
      status: 200,
      body: { status: 'abandoned', stripe_transfer: null, needs_attention: null },
    });
  });

  it('mark_done waits, while the stuck operation can still be retried', async () => {
    const order = await captured();
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/refunds', times: 1_000 },
      effect: { status: 429 },
    });
    expect(await refund(order, { amount: 100 })).toMatchObject({ status: 202 });
    await vi.waitFor(
      async () => expect(await read(order)).toMatchObject({ needs_attention: { operation: 'refund' } }),
      WITHIN,
    );
    const done = { action: 'mark_done', stripe_id: 're_by_hand', reason: 'seen in the Dashboard' };
    expect(await request(waybill, 'POST', `${order}/resolve`, { body: done })).toMatchObject({
      status: 202,
      body: { approvals: [{ command: 'mark_done', amount: 1000 }], needs_attention: { operation: 'refund' } },
    });
    expect(await decide(order, 'approve', bob)).toMatchObject({ status: 409, body: { param: 'stripe_id' } });
  });
});

/** Whether an operation counts, for the day's limits, as asked for after its workflow began. */
async function isAskedLater(workflowId: string, activity: string): Promise<boolean> {
  const handle = waybill.env.client.workflow.getHandle(workflowId);
  const { startTime } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const scheduled = (events ?? [])
    .map(({ activityTaskScheduledEventAttributes: attributes }) => attributes)
    .find((attributes) => attributes?.activityType?.name === activity);
  const [payload] = scheduled?.input?.payloads ?? [];
  return JSON.parse(Buffer.from(payload?.data ?? []).toString()).requestedAt > startTime.getTime();
}

describe('a payout above the limit', () => {
  const payOut = (account: string, amount: number, key: string, options = {}) =>
    request(waybill, 'POST', `/v1/accounts/${account}/payouts`, {
      body: { amount, currency: 'usd' },
      key,
      ...options,
    });
  const at = ({ connected_account, id }: { connected_account: string; id: string }) =>
    `/v1/accounts/${connected_account}/payouts/${id}`;

  it('waits for another person, is not approved by who asked, and is given up when declined', async () => {
    const account = await seller(waybill, { earned: 1_000 });
    expect(await payOut(account, ABOVE, 'payout-below')).toMatchObject({ status: 201 });
    const asked = await payOut(account, 501, 'payout-above', bob);
    expect(asked).toMatchObject({
      status: 202,
      body: {
        status: 'creating',
        stripe_payout: null,
        needs_attention: { code: 'approval_needed' },
        approvals: [{ command: 'payout', amount: 501, currency: 'usd', requested_by: 'bob' }],
      },
    });
    await vi.waitFor(async () => {
      const { data } = await read('/v1/payouts?needs_attention=true');
      expect(data).toContainEqual(expect.objectContaining({ id: asked.body.id }));
    }, WITHIN);
    expect(await decide(at(asked.body), 'approve', bob)).toMatchObject({ status: 403 });
    expect(await decide(at(asked.body), 'decline')).toMatchObject({
      status: 200,
      body: { status: 'canceled', approvals: [], needs_attention: null },
    });
    expect(await payOut(account, 501, 'payout-above', bob)).toMatchObject({
      status: 409,
      body: { detail: 'ada declined this payout: looked at it' },
    });
  });

  it('is made once another person approves', async () => {
    const account = await seller(waybill, { earned: 1_000 });
    const { body } = await payOut(account, 600, 'payout-approved');
    expect(await decide(at(body), 'approve', bob)).toMatchObject({
      status: 200,
      body: { status: 'pending', amount: 600, approvals: [], stripe_payout: expect.stringMatching(/^po_/) },
    });
    expect(await payOut(account, 600, 'payout-approved')).toMatchObject({
      status: 201,
      body: { id: body.id, status: 'pending' },
    });
    expect(await decide(at(body), 'approve', bob)).toMatchObject({ status: 409 });
    expect(await isAskedLater(payoutWorkflowId(body.id), 'payout'), 'the day of its approval').toBe(true);
  });
});

describe('a decision that waits for an approval', () => {
  it('is refused once what it was about has ended, and leaves the payout as it is', async () => {
    const account = await seller(waybill, { earned: 1_000 });
    const { body } = await request(waybill, 'POST', `/v1/accounts/${account}/payouts`, {
      body: { amount: 600, currency: 'usd' },
    });
    const payout = `/v1/accounts/${account}/payouts/${body.id}`;
    const outage = { match: { method: 'POST', path: '/v1/payouts', times: 1_000 }, effect: { status: 429 } };
    await control(waybill, 'faults', outage);
    expect(await decide(payout, 'approve', bob)).toMatchObject({ status: 202 });
    const needs = async () => (await read(payout)).needs_attention;
    await vi.waitFor(async () => expect(await needs()).toMatchObject({ operation: 'payout' }), WITHIN);
    const done = { action: 'mark_done', stripe_id: 'po_by_hand', reason: 'seen in the Dashboard' };
    expect(await request(waybill, 'POST', `${payout}/resolve`, { body: done })).toMatchObject({
      status: 202,
      body: { approvals: [{ command: 'mark_done' }] },
    });
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    const again = { action: 'retry', reason: 'Stripe is back' };
    await request(waybill, 'POST', `${payout}/resolve`, { body: again });
    expect(await read(payout)).toMatchObject({ status: 'pending', approvals: [{ command: 'mark_done' }] });
    expect(await decide(payout, 'approve', bob)).toMatchObject({
      status: 409,
      body: { detail: 'Nothing needs attention here.' },
    });
    expect(await read(payout)).toMatchObject({ status: 'pending', approvals: [], needs_attention: null });
  });
});

describe('an approval that nobody gives', () => {
  it('ends with its time, and the same key says so', async () => {
    const short = await startWaybill({ approval: { above: { usd: ABOVE }, withinMs: 1_000 } });
    try {
      const { body } = await createOrder(short, { capture_method: 'automatic' });
      const ask = () =>
        request(short, 'POST', `/v1/orders/${body.id}/refunds`, { body: { amount: 600 }, key: 'too-late' });
      expect(await ask()).toMatchObject({ status: 202 });
      await vi.waitFor(
        async () =>
          expect(await ask()).toMatchObject({
            status: 409,
            body: { detail: 'Nobody approved this refund in time. Ask for it again.' },
          }),
        WITHIN,
      );
    } finally {
      await short.stop();
    }
  });
});
