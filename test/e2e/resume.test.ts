import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Resumed } from '../../activities/stripe-events/resume.ts';
import { RESUME_WORKFLOW } from '../../contract/stripe-events.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, sandboxRequests, unbalanced, WITHIN } from './support.ts';

/** Without webhooks, and with no pass but those that a test asks for; an order is probed on its own a minute after it got stuck. */
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 1_500 });
});
afterEach(async () => {
  await stripeIsBack();
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

const capture = (id: string) =>
  request(waybill, 'POST', `/v1/orders/${id}/capture`, { key: `${id}-capture` });

const client = () => waybill.env.client.workflow;
const resume = (): Promise<Resumed> =>
  client().execute(RESUME_WORKFLOW, { workflowId: 'by-hand/resume', taskQueue: 'waybill' });

async function stripeIsBack(): Promise<void> {
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
}

const DOWN = { match: { path: '/*', times: 'always' }, effect: { drop: true } };
const CAPTURES_FAIL = {
  match: { method: 'POST', path: '/v1/payment_intents/*/capture', times: 'always' },
  effect: { status: 503, error: { type: 'api_error', message: 'Captures are down.' } },
};
const KEY_REVOKED = {
  match: { path: '/*', times: 'always' },
  effect: { status: 401, error: { type: 'invalid_request_error', message: 'Invalid API Key provided.' } },
};

/** Orders whose capture meets that fault, until each needs attention. */
async function withStuckCaptures(count: number, fault: object): Promise<string[]> {
  const created = await Promise.all(Array.from({ length: count }, () => createOrder(waybill)));
  await control(waybill, 'faults', fault);
  const ids = created.map(({ body }) => body.id as string);
  await Promise.all(ids.map(async (id) => expect(await capture(id)).toMatchObject({ status: 202 })));
  await shown(ids, 'AwaitsStripe IS NOT NULL');
  return ids;
}

/** Temporal's lists show these orders so, a moment later. */
async function shown(ids: readonly string[], how: string): Promise<void> {
  const query = `${how} AND WorkflowId IN (${ids.map((id) => `'${orderWorkflowId(id)}'`).join(', ')})`;
  await vi.waitFor(async () => expect((await client().count(query)).count).toBe(ids.length), WITHIN);
}

async function expectCaptured(ids: readonly string[]): Promise<void> {
  for (const id of ids)
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', `/v1/orders/${id}`);
      expect(body).toMatchObject({ status: 'captured', amount_captured: 1000, needs_attention: null });
    }, WITHIN);
}

const capturesSent = async () =>
  (await sandboxRequests(waybill)).filter(({ path }) => path.endsWith('/capture')).length;

describe('orders that an outage of Stripe left in needs-attention', () => {
  it('continue with the first pass after its end, and are left alone before', async () => {
    const ids = await withStuckCaptures(5, DOWN);
    expect(await resume()).toEqual({ waiting: 5, resumed: 0 });
    await stripeIsBack();
    expect(await resume()).toEqual({ waiting: 5, resumed: 5 });
    await expectCaptured(ids);
    await shown(ids, 'AwaitsStripe IS NULL AND NeedsAttention = false');
    for (const id of ids)
      expect(await capture(id)).toMatchObject({
        status: 200,
        body: { status: 'captured', needs_attention: null },
      });
    expect(await resume()).toEqual({ waiting: 0, resumed: 0 });
  });

  it('cost Stripe two tries a pass while it fails at what they wait for', async () => {
    const ids = await withStuckCaptures(5, CAPTURES_FAIL);
    const before = await capturesSent();
    expect(await resume()).toEqual({ waiting: 5, resumed: 2 });
    await vi.waitFor(async () => expect(await capturesSent()).toBeGreaterThan(before), WITHIN);
    await stripeIsBack();
    await vi.waitFor(async () => {
      await resume();
      await shown(ids, 'AwaitsStripe IS NULL');
    }, WITHIN);
    await expectCaptured(ids);
  });

  it('continue once a revoked key is replaced', async () => {
    const ids = await withStuckCaptures(3, KEY_REVOKED);
    const { body } = await request(waybill, 'GET', `/v1/orders/${ids[0]}`);
    expect(body.needs_attention).toMatchObject({ code: 'authentication_error' });
    expect(await resume()).toEqual({ waiting: 3, resumed: 0 });
    await stripeIsBack();
    expect(await resume()).toEqual({ waiting: 3, resumed: 3 });
    await expectCaptured(ids);
  });

  it('and those that could not be read are read', async () => {
    const { body: order } = await createOrder(waybill);
    await control(waybill, 'faults', {
      match: { method: 'GET', path: '/*', times: 'always' },
      effect: { drop: true },
    });
    await waybill.stripe.paymentIntents.capture(order.payment_intent);
    await client()
      .getHandle(orderWorkflowId(order.id))
      .signal('stripeEvent', { eventId: 'evt_unread', eventType: 'payment_intent.succeeded' });
    await shown([order.id], "AwaitsStripe = 'read'");
    await stripeIsBack();
    expect(await resume()).toEqual({ waiting: 1, resumed: 1 });
    await expectCaptured([order.id]);
  });
});

it('an order that waits for a person is not resumed', async () => {
  const { body: order } = await createOrder(waybill);
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/payment_intents/*/capture' },
    effect: {
      status: 400,
      error: {
        type: 'invalid_request_error',
        code: 'insufficient_capabilities_for_transfer',
        message: 'Your destination account needs the transfers capability.',
      },
    },
  });
  const { body } = await request(waybill, 'POST', `/v1/orders/${order.id}/capture`);
  expect(body.needs_attention).toMatchObject({ code: 'account_restricted' });
  await shown([order.id], 'AwaitsStripe IS NULL AND NeedsAttention = true');
  expect(await resume()).toEqual({ waiting: 0, resumed: 0 });
});
