import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StripeEventSignal } from '../../domain/commands/stripe-event-signal.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, createOrder, endFaults, HELD_BACK, putInReview, unbalanced } from './support.ts';

/** Without webhooks: what orders learn here, they learn from the feed or by themselves. */
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { syncEveryMs: 1_000 });
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function comesToShow(id: string, expected: object): Promise<void> {
  await vi.waitFor(async () => {
    expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body).toMatchObject(expected);
  }, WITHIN);
}

describe('with webhooks off entirely, an order finds out', () => {
  it('that its payment was captured elsewhere', async () => {
    const { body } = await createOrder(waybill);
    await waybill.stripe.paymentIntents.capture(body.payment_intent);
    await comesToShow(body.id, { status: 'captured', amount_captured: 1000, complete: true });
  });

  it('that its payment was canceled elsewhere', async () => {
    const { body } = await createOrder(waybill);
    await waybill.stripe.paymentIntents.cancel(body.payment_intent);
    await comesToShow(body.id, { status: 'canceled' });
  });

  it('that it was refunded elsewhere', async () => {
    const { body } = await createOrder(waybill, { capture_method: 'automatic' });
    const refund = { payment_intent: body.payment_intent, amount: 250, reverse_transfer: true };
    const { id } = await waybill.stripe.refunds.create(refund);
    await comesToShow(body.id, { status: 'captured', amount_refunded: 250, refunds: [{ id, amount: 250 }] });
  });

  it('that it is in review, and that somebody approved it', async () => {
    const { body } = await createOrder(waybill);
    const review = await putInReview(waybill, body.latest_charge);
    await comesToShow(body.id, { needs_attention: { code: 'payment_in_review', subject: review } });
    await waybill.stripe.reviews.approve(review);
    await comesToShow(body.id, { status: 'authorized', needs_attention: null });
  });

  it('that Stripe let the authorization lapse', async () => {
    const { body } = await createOrder(waybill);
    await control(waybill, 'clock/advance', { seconds: 8 * 86_400 });
    await comesToShow(body.id, { status: 'expired' });
  });
});

it('each event is fed once over all runs, and those of own refunds never', async () => {
  const { body } = await createOrder(waybill, { capture_method: 'automatic' });
  await waybill.stripe.refunds.create({ payment_intent: body.payment_intent, amount: 100 });
  await comesToShow(body.id, { amount_refunded: 100 });
  const types = ['charge.refunded', 'refund.created'];
  const { data: foreign } = await waybill.stripe.events.list({ types, limit: 2 });
  await request(waybill, 'POST', `/v1/orders/${body.id}/refunds`, { body: { amount: 200 } });
  await anotherRound();
  const fed = (await signalsOf(body.id)).filter(({ eventType }) => types.includes(eventType));
  expect(fed.map(({ eventId }) => eventId).toSorted()).toEqual(foreign.map(({ id }) => id).toSorted());
});

it('the event of its own payment is fed to an order that does not show the payment yet', async () => {
  const id = randomUUID();
  const match = { method: 'POST', path: '/v1/payment_intents' };
  await control(waybill, 'faults', { match, effect: { ...HELD_BACK, when: 'after' } });
  const answer = createOrder(waybill, { id, capture_method: 'automatic' });
  const told = expect.objectContaining({ eventType: 'payment_intent.succeeded' });
  await vi.waitFor(async () => expect(await signalsOf(id)).toContainEqual(told), WITHIN);
  await endFaults(waybill);
  await answer;
  await comesToShow(id, { status: 'captured' });
});

it('the reversal of an own refund costs no request to Stripe', async () => {
  const { body } = await createOrder(waybill, { capture_method: 'automatic', application_fee_amount: 123 });
  const refund = { reverse_transfer: true, refund_application_fee: true };
  await request(waybill, 'POST', `/v1/orders/${body.id}/refunds`, { body: refund });
  await anotherRound();
  const types = ['transfer.reversed', 'application_fee.refunded'];
  const { data } = await waybill.stripe.events.list({ types, limit: 2 });
  expect(data.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
  for (const { id } of data) {
    const keeping = waybill.env.client.workflow.getHandle(`stripe-event/${id}`);
    await expect(keeping.describe()).rejects.toThrow(WorkflowNotFoundError);
  }
});

/** The events that the order was told of, repeats included. */
async function signalsOf(id: string): Promise<StripeEventSignal[]> {
  const { events } = await waybill.env.client.workflow.getHandle(`order/${id}`).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
    const payload = signal?.input?.payloads?.[0]?.data;
    return payload ? [JSON.parse(Buffer.from(payload).toString()) as StripeEventSignal] : [];
  });
}

/** Waits until a whole round of the feed has begun and ended from here. */
async function anotherRound(): Promise<void> {
  const before = await rounds();
  await vi.waitFor(async () => expect(await rounds()).toBeGreaterThan(before + 1), WITHIN);
}

async function rounds(): Promise<number> {
  const { info } = await waybill.env.client.schedule.getHandle('waybill-sync').describe();
  const each = info.recentActions.map(async ({ action: { workflow } }) => {
    const { events } = await waybill.env.client.workflow.getHandle(workflow.workflowId).fetchHistory();
    return (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length;
  });
  return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
}
