import { describe, expect, it, vi } from 'vitest';
import { memoryQuery } from '../../../contract/orders.ts';
import { stripeEventSignal } from '../../../contract/stripe-events.ts';
import { EARLY_FRAUD_WARNING } from '../../../domain/stripe-events/stripe-events.ts';
import { facts } from '../../support/builders.ts';
import type { OrderUnderTest } from '../../support/order-bench.ts';
import { COMMANDS, refusalOf, resolve, useOrderBench, WITHIN } from '../../support/order-bench.ts';
import { refused } from '../../support/scripted-stripe.ts';

const bench = useOrderBench();

function signal(order: OrderUnderTest, eventId: string) {
  return order.handle.signal(stripeEventSignal, { eventId, eventType: 'payment_intent.succeeded' });
}

async function comesToBe(order: OrderUnderTest, status: string): Promise<void> {
  await vi.waitFor(async () => expect((await order.order()).payment.status).toBe(status), WITHIN);
}

/** Captured at Stripe, of which the order was told by an event alone. */
async function captured(id: string): Promise<OrderUnderTest> {
  const order = await bench.create(id);
  const { paymentIntent } = order.stripe.payment;
  order.stripe.payment = facts('succeeded', { paymentIntent });
  await signal(order, 'evt_1');
  await comesToBe(order, 'captured');
  return order;
}

describe.concurrent('an order that is signaled an event', () => {
  it('reads its payment, once for each event, and takes nothing from the event itself', async () => {
    const order = await bench.create('reads');
    for (const eventId of ['evt_1', 'evt_1', 'evt_1']) await signal(order, eventId);
    await vi.waitFor(() => expect(order.stripe.reads).toBe(1), WITHIN);
    expect((await order.order()).payment.status).toBe('authorized');
    await signal(order, 'evt_2');
    await vi.waitFor(() => expect(order.stripe.reads).toBe(2), WITHIN);
    const { entries } = await order.timeline();
    expect(entries.filter(({ type }) => type === 'event')).toMatchObject([
      { name: 'payment_intent.succeeded', actor: 'stripe', stripeId: 'evt_1' },
      { stripeId: 'evt_2' },
    ]);
  });

  it('takes from a report of fraud that it came, also before it knows its payment', async () => {
    bench.stripe.of('reported').steps.push({ attention: 'api_key_expired' });
    const order = await bench.create('reported');
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: EARLY_FRAUD_WARNING });
    expect((await order.order()).notices).toEqual([]);
    await order.command('resolve-1', resolve('retry'));
    await comesToBe(order, 'authorized');
    expect((await order.order()).notices).toMatchObject([{ code: 'early_fraud_warning', subject: 'ch_1' }]);
  });

  it('keeps what was reported, and who acknowledged it, when it is reopened, and asks no second time', async () => {
    const report = { eventId: 'evt_report', eventType: EARLY_FRAUD_WARNING };
    const before = await captured('reported-before');
    await before.handle.signal(stripeEventSignal, report);
    await before.command('resolve-1', resolve('acknowledge'));
    const memory = await before.handle.query(memoryQuery);
    const { paymentIntent } = before.stripe.payment;
    bench.stripe.of('reported-again').payment = facts('succeeded', { paymentIntent });
    const again = await bench.create('reported-again', { adopted: true, commandId: 'cmd_again', memory });
    const acknowledged = [{ code: 'early_fraud_warning', acknowledgedBy: expect.any(String) }];
    expect((await again.order()).notices).toMatchObject(acknowledged);
    await again.handle.signal(stripeEventSignal, report);
    expect((await again.order()).notices).toMatchObject(acknowledged);
  });

  it('keeps nothing that was reported of another payment, and asks for itself', async () => {
    const report = { eventId: 'evt_report', eventType: EARLY_FRAUD_WARNING };
    const before = await captured('reported-other');
    await before.handle.signal(stripeEventSignal, report);
    await before.command('resolve-1', resolve('acknowledge'));
    const memory = await before.handle.query(memoryQuery);
    bench.stripe.of('another').payment = facts('succeeded', { paymentIntent: 'pi_another' });
    const changes = { adopted: true, commandId: 'cmd_again', memory, isAnother: true } as const;
    const another = await bench.create('another', changes);
    expect((await another.order()).notices).toEqual([]);
    await another.handle.signal(stripeEventSignal, { ...report, eventId: 'evt_another' });
    const asked = [{ code: 'early_fraud_warning', acknowledgedBy: null }];
    expect((await another.order()).notices).toMatchObject(asked);
  });

  it('reads its payment once it knows it, for an event that came before', async () => {
    const stripe = bench.stripe.of('early');
    stripe.steps.push({ attention: 'api_key_expired' });
    const order = await bench.create('early');
    await signal(order, 'evt_1');
    await vi.waitFor(async () => {
      const { entries } = await order.timeline();
      expect(entries).toContainEqual(expect.objectContaining({ stripeId: 'evt_1' }));
    }, WITHIN);
    expect(stripe.reads).toBe(0);
    await order.command('resolve-1', resolve('retry'));
    await vi.waitFor(() => expect(stripe.reads).toBe(1), WITHIN);
  });

  it('probes what is stuck, which may have ended by it', async () => {
    const order = await bench.create('stuck');
    order.stripe.steps.push({ attention: 'api_key_expired' });
    await order.command('capture-1', COMMANDS.capture);
    const { paymentIntent } = order.stripe.payment;
    const payment = facts('succeeded', { paymentIntent });
    order.stripe.payment = payment;
    order.stripe.effects.set('capture-1', { type: 'payment', payment, stripeRequestId: 'req_late' });
    await signal(order, 'evt_1');
    await vi.waitFor(async () => {
      expect(await order.order()).toMatchObject({ attention: null, payment: { status: 'captured' } });
    }, WITHIN);
    expect(await order.known('capture-1')).toMatchObject({ outcome: 'done' });
  });

  it('needs attention while it may not read its payment', async () => {
    const order = await bench.create('unreadable');
    order.stripe.unreadable = 'permission_error';
    await signal(order, 'evt_1');
    await vi.waitFor(async () => {
      expect((await order.order()).notices).toMatchObject([
        { code: 'reading_failed', subject: 'pi_unreadable', allowedActions: ['acknowledge'] },
      ]);
    }, WITHIN);
    expect((await order.order()).notices[0]?.message).toContain('permission_error: look at it');
    order.stripe.unreadable = null;
    await signal(order, 'evt_2');
    await vi.waitFor(async () => {
      expect(await order.order()).toMatchObject({ unreadable: null, notices: [] });
    }, WITHIN);
  });

  it('stays as it is while Stripe cannot be read', async () => {
    const order = await bench.create('unread');
    order.stripe.down = true;
    await signal(order, 'evt_1');
    await vi.waitFor(() => expect(order.stripe.reads).toBeGreaterThan(0), WITHIN);
    order.stripe.down = false;
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('succeeded', { paymentIntent });
    await comesToBe(order, 'captured');
  });
});

describe.concurrent('a capture that Stripe shows, and no history', () => {
  it('answers the repeat of the command whose answer was lost with its worker', async () => {
    const order = await captured('own');
    expect(await order.command('capture-1', COMMANDS.capture)).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'captured', amountCaptured: 1000 } },
    });
    // The amount that its first attempt had under the same key.
    expect(order.stripe.calls.at(-1)).toMatchObject({ operation: 'capture', amount: 1000 });
    expect(await refusalOf(order.command('capture-2', COMMANDS.capture))).toMatchObject({
      code: 'state_conflict',
    });
  });

  it('is somebody else’s if Stripe refuses the command', async () => {
    const order = await captured('not-own');
    order.stripe.steps.push({ answer: refused });
    const { result } = await order.command('capture-1', { kind: 'capture', final: true, amount: 300 });
    expect(result).toMatchObject({ outcome: 'refused', problem: { code: 'stripe_refused' } });
    expect((await order.order()).payment).toMatchObject({ status: 'captured', amountCaptured: 1000 });
  });
});
