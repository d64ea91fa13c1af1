import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, WITHIN } from './support.ts';

/** More than a page of Stripe's list, with two or more events for each. */
const REFUNDS = 60;

/** Without webhooks: orders wait hours for their own next reading. */
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { syncEveryMs: 1_000 });
});
afterAll(() => waybill?.stop());

const feed = () => waybill.env.client.schedule.getHandle('waybill-sync');

/** Captured by somebody else: the order hears of it from the feed alone. */
async function capturedElsewhere(): Promise<string> {
  const { body } = await createOrder(waybill);
  await waybill.stripe.paymentIntents.capture(body.payment_intent);
  return body.id;
}

async function comesToBe(id: string, expected: object): Promise<void> {
  await vi.waitFor(async () => {
    expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body).toMatchObject(expected);
  }, WITHIN);
}

it('a paused feed catches up, over as many pages as it takes', async () => {
  await comesToBe(await capturedElsewhere(), { status: 'captured' });
  await feed().pause();
  for (const { workflow } of (await feed().describe()).info.runningActions)
    await waybill.env.client.workflow.getHandle(workflow.workflowId).cancel();
  await vi.waitFor(async () => {
    expect((await feed().describe()).info.runningActions).toEqual([]);
  }, WITHIN);
  const { body: first } = await createOrder(waybill, { capture_method: 'automatic' });
  for (let refund = 0; refund < REFUNDS; refund += 1) {
    await waybill.stripe.refunds.create({ payment_intent: first.payment_intent, amount: 1 });
  }
  const last = await capturedElsewhere();
  const { data } = await waybill.stripe.events.list({ type: 'refund.created', limit: 100 });
  expect(data.length).toBeGreaterThanOrEqual(REFUNDS);
  expect((await request(waybill, 'GET', `/v1/orders/${last}`)).body.status).toBe('authorized');
  await feed().unpause();
  await comesToBe(first.id, { amount_refunded: REFUNDS });
  await comesToBe(last, { status: 'captured' });
});

it('a feed that Stripe did not answer for a while misses nothing', async () => {
  const path = '/v1/events';
  await control(waybill, 'faults', {
    match: { method: 'GET', path, times: 3 },
    effect: { error: 'server_error' },
  });
  await comesToBe(await capturedElsewhere(), { status: 'captured' });
});

it('a feed whose last event Stripe has forgotten continues with what there is', async () => {
  await control(waybill, 'clock/advance', { seconds: 31 * 86_400 });
  const { data } = await waybill.stripe.events.list({ limit: 1, type: 'refund.created' });
  expect(data).toEqual([]);
  await comesToBe(await capturedElsewhere(), { status: 'captured' });
  await comesToBe(await capturedElsewhere(), { status: 'captured' });
});
