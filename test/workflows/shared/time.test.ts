import { expect, it } from 'vitest';
import type { DayBookInput } from '../../../contract/day-books.ts';
import { BOOK_USED_MS, DAY_BOOK_WORKFLOW, takeUpdate } from '../../../contract/day-books.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { stripeEventSignal } from '../../../contract/stripe-events.ts';
import { PROCESSED_WITHIN_MS, SETTLED_WITHIN_MS } from '../../../domain/orders/overdue.ts';
import { facts } from '../../support/builders.ts';
import { needs } from '../../support/needs.ts';
import { CAPTURE_WINDOW_MS, COMMANDS, DAY_MS, resolve, useOrderBench } from '../../support/order-bench.ts';
import { declinedLeaving, refused, UNREACHABLE } from '../../support/scripted-stripe.ts';
import { noTimeSkipping, startTimeSkipping } from '../../support/temporal.ts';

const MINUTE_MS = 60_000;

/** The clock jumps: one order after the other, each ended before the next begins. */
needs(noTimeSkipping)('as time passes', () => {
  const bench = useOrderBench({ startServer: startTimeSkipping });

  /** Lets time pass for as long as it takes: the clock stands still otherwise, and what is retried waits for it. */
  async function asTimePasses<T>(command: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => {
      ended = true;
    };
    command.then(end, end);
    while (!ended) await bench.sleep(10_000);
    return command;
  }

  it('the book of a day is still there when the last worker counts in it, whose clock is behind', async () => {
    const [now, owner] = [new Date(await bench.now()), { kind: 'key', name: 'late' } as const];
    const day = now.toISOString().slice(0, 10);
    await bench.client.workflow.start(DAY_BOOK_WORKFLOW, {
      workflowId: 'late-book',
      taskQueue: bench.taskQueue,
      args: [{ owner, day } satisfies DayBookInput],
    });
    const book = bench.client.workflow.getHandle('late-book');
    const take = (id: string) => {
      const taken = { id, what: 'refund', amount: 300, currency: 'usd' } as const;
      return book.executeUpdate(takeUpdate, { args: [{ take: taken, limit: { max: { usd: 500 } } }] });
    };
    expect(await take('r-1')).toBeNull();
    const usedUntil = Date.parse(day) + DAY_MS + BOOK_USED_MS;
    await bench.sleep(usedUntil + 30 * MINUTE_MS - now.getTime());
    expect(await take('r-2')).toMatchObject({ code: 'day_limit_exceeded' });
    await book.result();
  });

  it('an authorization that nobody captures is read about once a day, and right after its window', async () => {
    const order = await bench.create('lapsed');
    await bench.sleep(CAPTURE_WINDOW_MS - DAY_MS);
    expect((await order.order()).payment.status).toBe('authorized');
    expect(order.stripe.reads).toBeGreaterThan(4);
    expect(order.stripe.reads).toBeLessThan(10);
    await bench.sleep(DAY_MS - MINUTE_MS);
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('canceled', { paymentIntent, cancellationReason: 'automatic' });
    const { reads } = order.stripe;
    expect(await order.handle.result()).toMatchObject({ payment: { status: 'expired' } });
    expect(order.stripe.reads).toBe(reads + 1);
  });

  it('an authorization that Stripe extended is read a few times, not all the time', async () => {
    const order = await bench.create('extended');
    await bench.sleep(CAPTURE_WINDOW_MS + DAY_MS);
    expect(order.stripe.reads).toBeGreaterThan(5);
    expect(order.stripe.reads).toBeLessThan(50);
    const answer = await order.command('capture-1', COMMANDS.capture);
    expect(answer.result.outcome).toBe('done');
    await order.handle.result();
  });

  it.each(['requires_payment_method', 'requires_action'] as const)(
    'an order left in %s is canceled as abandoned',
    async (status) => {
      const id = `unpaid-${status}`;
      const waiting = bench.stripe.of(id);
      waiting.payment = facts(status, { paymentIntent: waiting.payment.paymentIntent });
      waiting.steps.push({ answer: declinedLeaving(waiting.payment) });
      const order = await bench.create(id, { policy: { abandonAfterMs: 2 * DAY_MS } });
      await bench.sleep(2 * DAY_MS - MINUTE_MS);
      expect((await order.order()).payment.status).toBe(status);
      expect(await order.handle.result()).toMatchObject({
        payment: { status: 'canceled', reason: 'abandoned' },
      });
      expect(order.stripe.calls.map(({ operation }) => operation)).toEqual(['authorize', 'cancel']);
    },
  );

  it('an unpaid order that Stripe would not cancel is canceled later, under another key', async () => {
    const waiting = bench.stripe.of('busy');
    const { payment } = waiting;
    waiting.steps.push({ answer: declinedLeaving(payment) }, { answer: { ...refused, payment } });
    const order = await bench.create('busy');
    expect(await order.handle.result()).toMatchObject({
      payment: { status: 'canceled', reason: 'abandoned' },
    });
    const cancels = order.stripe.calls.filter(({ operation }) => operation === 'cancel');
    expect(cancels.map(({ operationId }) => operationId)).toEqual(['unpaid-1', 'unpaid-2']);
  });

  it('a captured order stays open for refunds, and closes after that', async () => {
    const order = await bench.create('open', { policy: { openMs: 30 * DAY_MS } });
    await order.command('capture-1', COMMANDS.capture);
    await bench.sleep(29 * DAY_MS);
    const refunded = await order.command('refund-1', { ...COMMANDS.refund, amount: 5 });
    expect(refunded.result.outcome).toBe('done');
    await bench.sleep(29 * DAY_MS);
    expect((await order.handle.describe()).status.name).toBe('RUNNING');
    expect(await order.handle.result()).toMatchObject({
      payment: { status: 'captured' },
      refunds: [{ amount: 5 }],
    });
  });

  it('a capture whose settlement comes later is read again until it is known', async () => {
    const paymentIntent = 'pi_unsettled';
    const unsettled = { paymentIntent, transfer: null, applicationFee: null, settlement: null };
    const payment = facts('succeeded', unsettled);
    bench.stripe.of('unsettled').steps.push({ answer: { type: 'payment', payment, stripeRequestId: null } });
    const order = await bench.create('unsettled', { terms: { captureMethod: 'automatic_async' } });
    expect(order.created.state.payment).toMatchObject({ status: 'captured', settlement: null });
    await bench.sleep(10_000);
    expect(order.stripe.reads).toBeGreaterThan(1);
    order.stripe.payment = facts('succeeded', { paymentIntent });
    await bench.sleep(MINUTE_MS);
    expect((await order.order()).payment).toMatchObject({ transfer: 'tr_1', settlement: { stripeFee: 59 } });
    const { reads } = order.stripe;
    expect(await order.handle.result()).toMatchObject({ payment: { status: 'captured' } });
    expect(order.stripe.reads).toBeLessThan(reads + 12);
  });

  it('an order does not close before it has read what an event announced during an outage', async () => {
    const order = await bench.create('owed', { policy: { openMs: 30 * DAY_MS } });
    await order.command('capture-1', COMMANDS.capture);
    await bench.sleep(30 * DAY_MS - 10 * MINUTE_MS);
    order.stripe.down = true;
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'charge.dispute.created' });
    await bench.sleep(20 * MINUTE_MS);
    expect((await order.handle.describe()).status.name).toBe('RUNNING');
    order.stripe.down = false;
    const { reads } = order.stripe;
    expect(await order.handle.result()).toMatchObject({ payment: { status: 'captured' } });
    expect(order.stripe.reads).toBeGreaterThan(reads);
  });

  it('an order reads what an event announced during an outage as soon as Stripe is back', async () => {
    const order = await bench.create('behind');
    order.stripe.down = true;
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('succeeded', { paymentIntent });
    await order.handle.signal(stripeEventSignal, {
      eventId: 'evt_1',
      eventType: 'payment_intent.succeeded',
    });
    await bench.sleep(45 * MINUTE_MS);
    expect(await order.order()).toMatchObject({ payment: { status: 'authorized' }, notices: [] });
    await bench.sleep(45 * MINUTE_MS);
    expect((await order.order()).notices).toMatchObject([{ code: 'reading_failed', subject: paymentIntent }]);
    order.stripe.down = false;
    await bench.sleep(16 * MINUTE_MS);
    expect(await order.order()).toMatchObject({ payment: { status: 'captured' }, notices: [] });
    const { reads } = order.stripe;
    await bench.sleep(60 * MINUTE_MS);
    expect(order.stripe.reads).toBe(reads);
    await order.handle.result();
  });

  it('a capture that Stripe does not settle needs attention after hours, until it is settled', async () => {
    const paymentIntent = 'pi_never-settled';
    const payment = facts('succeeded', { paymentIntent, transfer: null, settlement: null });
    bench.stripe
      .of('never-settled')
      .steps.push({ answer: { type: 'payment', payment, stripeRequestId: null } });
    const order = await bench.create('never-settled', { terms: { captureMethod: 'automatic_async' } });
    await bench.sleep(SETTLED_WITHIN_MS - MINUTE_MS);
    expect((await order.order()).notices).toEqual([]);
    await bench.sleep(2 * MINUTE_MS);
    expect((await order.order()).notices).toMatchObject([{ code: 'settlement_missing', subject: 'ch_1' }]);
    const shown = (await order.handle.describe()).typedSearchAttributes;
    expect([shown.get(NEEDS_ATTENTION), shown.get(ATTENTION_CODE)]).toEqual([true, 'settlement_missing']);
    await bench.sleep(DAY_MS);
    order.stripe.payment = facts('succeeded', { paymentIntent });
    await bench.sleep(DAY_MS / 12);
    expect(await order.order()).toMatchObject({ payment: { settlement: { stripeFee: 59 } }, notices: [] });
    await order.handle.result();
  });

  it('a debit that no bank decides on needs attention after weeks, however often its customer comes back', async () => {
    const debit = bench.stripe.of('debited');
    const { paymentIntent } = debit.payment;
    debit.payment = facts('processing', { paymentIntent });
    const answer = { type: 'payment', payment: debit.payment, stripeRequestId: null } as const;
    debit.steps.push({ answer }, { answer });
    const order = await bench.create('debited');
    await bench.sleep(PROCESSED_WITHIN_MS / 2);
    await order.command('confirm-1', { kind: 'confirm' });
    await bench.sleep(PROCESSED_WITHIN_MS / 2 - MINUTE_MS);
    expect(await order.order()).toMatchObject({ payment: { status: 'processing' }, notices: [] });
    await bench.sleep(2 * MINUTE_MS);
    expect((await order.order()).notices).toMatchObject([
      { code: 'processing_overdue', subject: paymentIntent, allowedActions: ['acknowledge'] },
    ]);
    const shown = (await order.handle.describe()).typedSearchAttributes;
    expect([shown.get(NEEDS_ATTENTION), shown.get(ATTENTION_CODE)]).toEqual([true, 'processing_overdue']);
    const { reads } = order.stripe;
    order.stripe.payment = facts('succeeded', { paymentIntent });
    await bench.sleep(DAY_MS / 2);
    expect(await order.order()).toMatchObject({ payment: { status: 'captured' }, notices: [] });
    expect(order.stripe.reads).toBeLessThan(reads + 4);
    await order.handle.result();
  });

  it('an order whose payment a bank took back is not given up before an operator has decided', async () => {
    const order = await bench.create('taken-back', { terms: { captureMethod: 'automatic' } });
    const chargeFailure = { code: 'account_closed', message: 'No.' };
    const { paymentIntent } = order.stripe.payment;
    const failed = { paymentIntent, latestCharge: 'ch_1', chargeFailure };
    order.stripe.payment = facts('requires_payment_method', failed);
    await order.handle.signal(stripeEventSignal, {
      eventId: 'evt_failed',
      eventType: 'payment_intent.payment_failed',
    });
    await bench.sleep(30 * DAY_MS);
    expect(await order.order()).toMatchObject({
      payment: { status: 'requires_payment_method' },
      notices: [{ code: 'charge_failed' }],
    });
    await order.command('resolve-1', resolve('acknowledge'));
    expect(await order.handle.result()).toMatchObject({ payment: { status: 'canceled' } });
  });

  it('a stuck operation recovers automatically once Stripe is back', async () => {
    const order = await bench.create('heals');
    order.stripe.down = true;
    const answer = await asTimePasses(order.command('capture-1', COMMANDS.capture));
    expect(answer.state.attention).toMatchObject({ code: UNREACHABLE });
    await bench.sleep(60 * MINUTE_MS);
    expect((await order.order()).attention).toMatchObject({ since: answer.state.attention?.since });
    order.stripe.down = false;
    await bench.sleep(16 * MINUTE_MS);
    expect(await order.order()).toMatchObject({ attention: null, payment: { status: 'captured' } });
    expect(await order.known('capture-1')).toMatchObject({ outcome: 'done', problem: null });
    expect(order.stripe.effects.has('capture-1')).toBe(true);
    await order.handle.result();
  });

  it('a Stripe that keeps each failure under its key is asked less and less often, and nobody is called in meanwhile', async () => {
    const order = await bench.create('failing', { policy: { retryBudgetMs: 15 * MINUTE_MS + 500 } });
    const spent = { type: 'key_spent', stripeRequestId: 'req_500' } as const;
    order.stripe.steps.push(...Array.from({ length: 10 }, () => ({ answer: spent })));
    const began = await bench.now();
    const { result } = await asTimePasses(order.command('capture-1', COMMANDS.capture));
    expect(result.outcome).toBe('done');
    const asked = order.stripe.calls.filter(({ operation }) => operation === 'capture');
    expect(asked.map(({ generation }) => generation)).toEqual(Array.from({ length: 11 }, (_, n) => n));
    // At once, after 1, 2, 4, 8, 16 and 32 seconds, and each 45 seconds from then on.
    expect((await bench.now()) - began).toBeGreaterThan(3 * MINUTE_MS);
    expect((await order.timeline()).entries.map(({ type }) => type)).not.toContain('attention');
    await order.handle.result();
  });

  it('a failure that only an operator can fix is never repeated automatically, but its effect is found', async () => {
    const order = await bench.create('looked-up');
    order.stripe.steps.push({ attention: 'api_key_expired' });
    await order.command('capture-1', COMMANDS.capture);
    await bench.sleep(DAY_MS);
    expect(order.stripe.calls).toHaveLength(2);
    const { paymentIntent } = order.stripe.payment;
    const payment = facts('succeeded', { paymentIntent });
    order.stripe.effects.set('capture-1', { type: 'payment', payment, stripeRequestId: 'req_late' });
    await bench.sleep(16 * MINUTE_MS);
    expect(await order.order()).toMatchObject({ attention: null, payment: { status: 'captured' } });
    expect(order.stripe.calls).toHaveLength(2);
    await order.handle.result();
  });

  it('a contradiction is looked up at growing distances, and noted once', async () => {
    const order = await bench.create('contradicted');
    const payment = facts('succeeded', { paymentIntent: 'pi_of_another' });
    const odd = { type: 'payment', payment, stripeRequestId: 'req_odd' } as const;
    order.stripe.steps.push({ answer: odd });
    order.stripe.effects.set('capture-1', odd);
    await order.command('capture-1', COMMANDS.capture);
    const before = await order.timeline();
    await bench.sleep(350 * MINUTE_MS);
    expect(await order.timeline()).toEqual(before);
    const looks = (await order.events()).filter(
      ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'findEffect',
    );
    // After 1, 2, 4 and 8 minutes, then each quarter of an hour.
    expect(looks).toHaveLength(4 + (345 - 15) / 15);
    order.stripe.effects.delete('capture-1');
    order.stripe.payment = facts('requires_capture', { paymentIntent: 'pi_contradicted' });
    await order.command('resolve-1', resolve('abandon'));
    await order.command('cancel-1', COMMANDS.cancel);
    await order.handle.result();
  });

  it('no budget ends on a whole second, which the time-skipping server would ignore', async () => {
    const order = await bench.create('budgeted');
    order.stripe.down = true;
    await asTimePasses(order.command('capture-1', COMMANDS.capture));
    const budgets = (await order.events()).flatMap(({ activityTaskScheduledEventAttributes: task }) =>
      task?.retryPolicy?.maximumAttempts === 1 ? [] : (task?.scheduleToCloseTimeout ?? []),
    );
    expect(budgets).not.toEqual([]);
    for (const { nanos } of budgets) expect((nanos ?? 0) % 1_000_000).not.toBe(0);
    order.stripe.down = false;
    await order.handle.result();
  });

  it('a retry while Stripe is still away says so to the operator', async () => {
    const order = await bench.create('still-away');
    order.stripe.down = true;
    await asTimePasses(order.command('capture-1', COMMANDS.capture));
    const answer = await asTimePasses(order.command('resolve-1', resolve('retry')));
    expect(answer).toMatchObject({
      result: { outcome: 'needs_attention' },
      state: { attention: { code: UNREACHABLE } },
    });
    order.stripe.down = false;
    await order.handle.result();
  });
});
