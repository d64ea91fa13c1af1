import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dynamicConfig } from '../../dev/temporal/server-flags.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { payOut, seller } from './sellers.ts';
import { createOrder, WITHIN } from './support.ts';

const SIGNALS_MAX = 3;

/** The server's own limit is 10 000 signals a run. */
let waybill: Waybill;
beforeAll(async () => {
  const serverArgs = dynamicConfig(`history.maximumSignalsPerExecution=${SIGNALS_MAX}`);
  waybill = await startWaybill({}, { syncEveryMs: 1_000 }, { serverArgs });
});
afterAll(() => waybill?.stop());

it('an order that can take no more signals does not hold up other orders’ events: its own are parked', async () => {
  const { stripe, env } = waybill;
  const { body: full } = await createOrder(waybill, { capture_method: 'automatic' });
  for (let refunds = 0; refunds <= SIGNALS_MAX; refunds += 1) {
    await stripe.refunds.create({ payment_intent: full.payment_intent, amount: 10 });
  }
  const { body: other } = await createOrder(waybill);
  await stripe.paymentIntents.capture(other.payment_intent);
  await vi.waitFor(async () => {
    const { body } = await request(waybill, 'GET', `/v1/orders/${other.id}`);
    expect(body).toMatchObject({ status: 'captured', complete: true });
  }, WITHIN);
  const { data } = await stripe.events.list({ type: 'refund.created', limit: 1 });
  const kept = env.client.workflow.getHandle(`stripe-event/${data[0]?.id}`);
  expect((await kept.describe()).status.name).toBe('RUNNING');
});

it('an event of a payout that can take no more signals is acknowledged, or Stripe would repeat it for days', async () => {
  const account = await seller(waybill, { earned: 2_000 });
  const { body: payout } = await payOut(waybill, account, { amount: 100 });
  const event = {
    eventType: 'payout.updated',
    own: false,
    subject: { kind: 'payout', payout: payout.id, account },
  } as const;
  const to = { temporal: waybill.env.client, taskQueue: 'waybill' };
  const told: string[] = [];
  for (let sent = 0; sent <= SIGNALS_MAX; sent += 1) {
    told.push(await deliver(to, { ...event, eventId: `evt_full_${sent}` }));
  }
  expect(told.slice(-1)).toEqual(['ignored']);
  expect(told[0]).toBe('signaled');
});
