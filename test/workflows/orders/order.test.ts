import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { describe, expect, it, vi } from 'vitest';
import { DAY_BOOK_WORKFLOW, takeUpdate } from '../../../contract/day-books.ts';
import { authorizeUpdate } from '../../../contract/orders.ts';
import { EVENT_SUBSCRIPTIONS_WORKFLOW, subscriptionsQuery } from '../../../contract/outgoing-events.ts';
import { RECONCILIATION_WORKFLOW, reconciliationQuery } from '../../../contract/reconciliation.ts';
import { stripeEventSignal } from '../../../contract/stripe-events.ts';
import { PAYMENT_EXPANDS } from '../../../domain/commands/stripe-expands.ts';
import { COMMAND_REFUSED } from '../../../domain/errors.ts';
import { facts } from '../../support/builders.ts';
import { COMMANDS, refusalOf, useOrderBench, WITHIN } from '../../support/order-bench.ts';
import { declinedLeaving, refused } from '../../support/scripted-stripe.ts';

const bench = useOrderBench();

describe('an order that is authorized and captured', () => {
  it('costs at most 20 events, two workflow tasks and exactly two calls', async () => {
    const order = await bench.create('cheap');
    expect(order.created.result.outcome).toBe('done');
    const answer = await order.command('capture-1', COMMANDS.capture);
    expect(answer).toMatchObject({ result: { outcome: 'done' }, state: { payment: { status: 'captured' } } });
    const events = await order.events();
    expect(events.length).toBeLessThanOrEqual(20);
    expect(events.filter((event) => event.workflowTaskCompletedEventAttributes)).toHaveLength(2);
    expect(order.stripe.calls.map(({ operation }) => operation)).toEqual(['authorize', 'capture']);
    expect(order.stripe.reads).toBe(0);
  });

  it('continues as an ordinary activity, under the same key, when the quick first attempt gets no answer', async () => {
    const order = await bench.create('slow');
    order.stripe.steps.push({ lost: 'after' });
    expect((await order.command('capture-1', COMMANDS.capture)).result.outcome).toBe('done');
    const [, first, second] = order.stripe.calls;
    expect(second).toEqual(first);
    expect(first?.expand).toEqual(PAYMENT_EXPANDS);
    const events = await order.events();
    expect(events.filter((event) => event.activityTaskScheduledEventAttributes)).toHaveLength(1);
  });
});

describe('one of several captures', () => {
  it('is durable before Stripe is asked, even the last one: it could not be found, nor repeated with the same share', async () => {
    const order = await bench.create('in-parts');
    const { paymentIntent } = order.stripe.payment;
    const payment = facts('requires_capture', { paymentIntent, amountReceived: 300, multicapture: true });
    order.stripe.payment = { ...order.stripe.payment, multicapture: true };
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'charge.updated' });
    await vi.waitFor(async () => {
      expect((await order.order()).payment).toMatchObject({ multicapture: true });
    }, WITHIN);
    const captured = facts('succeeded', { paymentIntent, amountReceived: 500 });
    order.stripe.steps.push(
      ...[payment, captured].map((told) => ({
        answer: { type: 'payment' as const, payment: told, stripeRequestId: null },
      })),
    );
    const first = await order.command('capture-1', { kind: 'capture', amount: 300, final: false });
    const last = await order.command('capture-2', { kind: 'capture', amount: 200, final: true });
    expect([first.result, last.result]).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
    const shares = order.stripe.calls.flatMap((call) => ('share' in call ? [call.share] : []));
    expect(shares).toMatchObject([{ applicationFeeAmount: 36 }, { applicationFeeAmount: 123 - 36 }]);
    const scheduled = (await order.events()).flatMap(
      ({ activityTaskScheduledEventAttributes: activity }) => activity?.activityType?.name ?? [],
    );
    expect(scheduled).toEqual(['observePayment', 'capture', 'capture']);
  });
});

describe('an order that Stripe refuses to create', () => {
  it('answers with the refusal, fails, and leaves its id free', async () => {
    bench.stripe.of('refused').steps.push({ answer: refused });
    const { created, handle } = await bench.create('refused');
    expect(created).toMatchObject({
      result: { outcome: 'refused', problem: { code: 'stripe_refused' } },
      state: { payment: { status: 'canceled', paymentIntent: null } },
    });
    const failure = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(failure).toMatchObject({ cause: { type: COMMAND_REFUSED } });

    const again = await bench.create('refused', { commandId: 'cmd_again' });
    expect(again.created.result.outcome).toBe('done');
    expect(again.handle.workflowId).toBe(handle.workflowId);
  });

  it('does not wait when the card was declined and Stripe kept no payment to confirm again', async () => {
    bench.stripe.of('no-payment').steps.push({ answer: declinedLeaving(null) });
    const { created, handle } = await bench.create('no-payment');
    expect(created.result).toMatchObject({ outcome: 'declined', problem: { code: 'card_declined' } });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: COMMAND_REFUSED } });
  });

  it('keeps its id taken once something of it existed, but answers the same command again', async () => {
    const order = await bench.create('taken');
    await order.command('cancel-1', COMMANDS.cancel);
    await order.handle.result();
    expect((await bench.create('taken')).created).toEqual(order.created);
    await expect(bench.create('taken', { commandId: 'cmd_other' })).rejects.toThrow(
      WorkflowExecutionAlreadyStartedError,
    );
  });

  it('is not the same order for another command', async () => {
    const { handle } = await bench.create('exists');
    const update = handle.executeUpdate(authorizeUpdate, { args: [], updateId: 'cmd_other' });
    expect(await refusalOf(update)).toMatchObject({ code: 'order_exists', param: 'id' });
  });
});

describe('a declined order', () => {
  it('waits for another payment method, and continues with it', async () => {
    const waiting = bench.stripe.of('declined');
    waiting.steps.push({ answer: declinedLeaving(waiting.payment) });
    const order = await bench.create('declined');
    expect(order.created).toMatchObject({
      result: { outcome: 'declined', problem: { code: 'card_declined', declineCode: 'lost_card' } },
      state: { payment: { status: 'requires_payment_method' }, lastDecline: { declineCode: 'lost_card' } },
    });
    const payment_method = 'pm_card_mastercard';
    const confirmed = await order.command('confirm-1', { kind: 'confirm', payment_method });
    expect(confirmed).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'authorized' } },
    });
  });
});

describe('commands at the same time', () => {
  it('two different captures make one', async () => {
    const order = await bench.create('two-captures');
    const sent = [300, 700].map((amount, n) =>
      order.command(`capture-${n}`, { ...COMMANDS.capture, amount }).catch((error: unknown) => error),
    );
    await Promise.all(sent);
    const results = await Promise.all(['capture-0', 'capture-1'].map((id) => order.known(id)));
    expect(results.filter((result) => result?.outcome === 'done')).toHaveLength(1);
    expect(order.stripe.calls.filter(({ operation }) => operation === 'capture')).toHaveLength(1);
  });

  it('50 refunds never interleave, and give back no more than there is', async () => {
    const order = await bench.create('fifty', { terms: { captureMethod: 'automatic' } });
    // A server takes ten updates of one workflow at a time; signals have no such limit.
    const updates = Array.from({ length: 10 }, (_, n) => `refund-${n}`);
    const signals = Array.from({ length: 40 }, (_, n) => `ticket-${n}`);
    const [answers] = await Promise.all([
      Promise.all(updates.map((id) => order.command(id, { ...COMMANDS.refund, amount: 20 }))),
      ...signals.map((request_id) => order.handle.signal('refund', { request_id, actor: 'ada', amount: 20 })),
    ]);
    expect(answers.map(({ result }) => result.outcome)).toEqual(updates.map(() => 'done'));
    await vi.waitFor(async () => expect((await order.order()).refunds).toHaveLength(50), WITHIN);
    expect(order.stripe.runningMax).toBe(1);
    const { refunds } = await order.order();
    const all = [...updates, ...signals.map((requestId) => `sig_${requestId}`)];
    expect(new Set(refunds.map(({ operationId }) => operationId))).toEqual(new Set(all));
    expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(1000);
    expect(await refusalOf(order.command('refund-51', { ...COMMANDS.refund, amount: 1 }))).toMatchObject({
      code: 'state_conflict',
    });
  });

  it('the same command sent twice takes effect once, and both get the same answer', async () => {
    const order = await bench.create('twice', { terms: { captureMethod: 'automatic' } });
    const send = () => order.command('refund-1', { ...COMMANDS.refund, amount: 5 });
    const [first, second] = await Promise.all([send(), send()]);
    const third = await order.command('refund-1', { ...COMMANDS.refund, amount: 900 });
    expect([second.result, third.result]).toEqual([first.result, first.result]);
    expect((await order.order()).refunds).toHaveLength(1);
  });

  it('all get an answer though the first one ends the order', async () => {
    const order = await bench.create('ended');
    let release = () => {};
    order.stripe.held = new Promise((resolve) => {
      release = resolve;
    });
    const cancel = order.command('cancel-1', COMMANDS.cancel);
    await vi.waitFor(() => expect(order.stripe.running).toBe(1), WITHIN);
    const capture = order.command('capture-1', COMMANDS.capture);
    await vi.waitFor(async () => expect((await order.known('capture-1'))?.outcome).toBe('running'), WITHIN);
    release();
    expect((await cancel).result.outcome).toBe('done');
    expect((await capture).result).toMatchObject({ outcome: 'refused', problem: { code: 'state_conflict' } });
    expect(await order.handle.result()).toMatchObject({ payment: { status: 'canceled' } });
  });
});

describe('a cancel request to the workflow, sent from Temporal’s UI', () => {
  it('does not stop the order, whether it waits or Stripe is being asked', async () => {
    const order = await bench.create('undisturbed');
    await order.handle.cancel();
    expect((await order.command('capture-1', COMMANDS.capture)).result.outcome).toBe('done');

    let release = () => {};
    order.stripe.held = new Promise((resolve) => {
      release = resolve;
    });
    const refund = order.command('refund-1', COMMANDS.refund);
    await vi.waitFor(() => expect(order.stripe.running).toBe(1), WITHIN);
    await order.handle.cancel();
    release();
    expect((await refund).result.outcome).toBe('done');
    expect((await order.handle.describe()).status.name).toBe('RUNNING');
  });

  it('does not end what only one workflow knows: the subscriptions, the last reconciliation, what a day moved', async () => {
    const { client, taskQueue } = bench;
    const canceled = async (type: string, workflowId: string, ...args: unknown[]) => {
      const handle = await client.workflow.start(type, { workflowId, taskQueue, args });
      await handle.cancel();
      return handle;
    };
    const subscriptions = await canceled(EVENT_SUBSCRIPTIONS_WORKFLOW, 'undisturbed-subscriptions');
    expect(await subscriptions.query(subscriptionsQuery)).toEqual([]);
    const report = await canceled(RECONCILIATION_WORKFLOW, 'undisturbed-reconciliation');
    expect(await report.query(reconciliationQuery)).toBeNull();
    const owner = { kind: 'key', name: 'shop' } as const;
    const book = await canceled(DAY_BOOK_WORKFLOW, 'undisturbed-book', { owner, day: '2999-12-31' });
    const take = (id: string) => {
      const taken = { id, what: 'refund', amount: 300, currency: 'usd' } as const;
      return book.executeUpdate(takeUpdate, { args: [{ take: taken, limit: { max: { usd: 500 } } }] });
    };
    expect(await take('r-1')).toBeNull();
    expect(await take('r-2')).toMatchObject({ code: 'day_limit_exceeded' });
    for (const handle of [subscriptions, report, book]) {
      expect((await handle.describe()).status.name).toBe('RUNNING');
    }
  });
});
