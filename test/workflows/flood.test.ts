import { expect, it, vi } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { facts } from '../support/builders.ts';
import type { OrderUnderTest } from '../support/order-bench.ts';
import { COMMANDS, refusalOf, useOrderBench, WITHIN } from '../support/order-bench.ts';
import { continuingAfter } from '../support/server-args.ts';

const EVENTS_SUGGESTED = 60;
/** Far more than fit into the runs that a test waits for. */
const FLOOD = 200;

/** Stripe tells of something more each time it is asked. */
let told = 0;
let order: OrderUnderTest;

function signal() {
  told += 1;
  return order.handle.signal(stripeEventSignal, { eventId: `evt_${told}`, eventType: 'charge.updated' });
}

const bench = useOrderBench({
  serverArgs: continuingAfter(EVENTS_SUGGESTED),
  activities: {
    observePayment: async () => {
      if (told < FLOOD) await signal();
      const { payment } = order.stripe;
      return { payment, decline: null, metadata: {}, refunds: [], adjustments: [], disputes: [] };
    },
  },
});

it('an endless stream of events does not stop an order from continuing as new, and loses nothing', async () => {
  order = await bench.create('flooded');
  const firstRun = (await order.handle.describe()).runId;
  const current = bench.client.workflow.getHandle(order.handle.workflowId);
  await signal();
  await vi.waitFor(async () => expect((await current.describe()).runId).not.toBe(firstRun), WITHIN);
  expect(told).toBeLessThan(FLOOD);
  told = FLOOD;
  order.stripe.payment = facts('succeeded', { paymentIntent: order.stripe.payment.paymentIntent });
  await current.signal(stripeEventSignal, { eventId: 'evt_last', eventType: 'payment_intent.succeeded' });
  await vi.waitFor(async () => {
    expect((await order.order()).payment.status).toBe('captured');
  }, WITHIN);
});

it('refused commands make the order continue as new too, and the new run remembers the refusals', async () => {
  order = await bench.create('refused-often');
  const firstRun = (await order.handle.describe()).runId;
  const current = bench.client.workflow.getHandle(order.handle.workflowId);
  for (let count = 0; count < EVENTS_SUGGESTED / 5; count++) {
    expect(await refusalOf(order.command(`refund-${count}`, COMMANDS.refund))).toMatchObject({
      code: 'state_conflict',
    });
  }
  await vi.waitFor(async () => expect((await current.describe()).runId).not.toBe(firstRun), WITHIN);
  expect((await order.command('capture-1', COMMANDS.capture)).result.outcome).toBe('done');
  expect(await refusalOf(order.command('refund-0', COMMANDS.refund))).toMatchObject({
    code: 'state_conflict',
  });
});
