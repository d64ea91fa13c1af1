import { describe, expect, it, vi } from 'vitest';
import type { SettledAnswer } from '../../../contract/command-messages.ts';
import type { OperationOutcome } from '../../../contract/operations.ts';
import { ATTENTION_CODE, AWAITS_STRIPE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { stripeAnswersSignal, stripeEventSignal } from '../../../contract/stripe-events.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { facts } from '../../support/builders.ts';
import type { OrderUnderTest } from '../../support/order-bench.ts';
import { COMMANDS, IMPATIENT, refusalOf, resolve, useOrderBench, WITHIN } from '../../support/order-bench.ts';
import { refused, UNREACHABLE } from '../../support/scripted-stripe.ts';

const bench = useOrderBench();

const REVOKED = 'api_key_expired';

/** An authorized order whose capture only a human can bring to an end. */
async function withStuckCapture(
  id: string,
): Promise<OrderUnderTest & { readonly capture: SettledAnswer<Order> }> {
  const order = await bench.create(id);
  order.stripe.steps.push({ attention: REVOKED });
  return { ...order, capture: await order.command('capture-1', COMMANDS.capture) };
}

/** An authorized order whose capture has another payment as its effect, now and whenever it is looked for. */
async function withContradiction(id: string): Promise<OrderUnderTest> {
  const order = await bench.create(id);
  const { payment: own } = order.stripe;
  const payment = facts('succeeded', { paymentIntent: 'pi_of_another' });
  order.stripe.steps.push({ answer: { type: 'payment', payment, stripeRequestId: 'req_odd' } });
  const { state: known } = await order.command('capture-1', COMMANDS.capture);
  expect(known.attention).toMatchObject({ code: 'contradiction' });
  order.stripe.payment = own;
  return order;
}

/** The capture took effect after all, and nobody told the order. */
function letCaptureShow(id: string): OperationOutcome {
  const { payment } = bench.stripe.of(id);
  const { paymentIntent } = payment;
  const captured = facts('succeeded', { paymentIntent });
  const outcome: OperationOutcome = { type: 'payment', payment: captured, stripeRequestId: 'req_late' };
  bench.stripe.of(id).effects.set('capture-1', outcome);
  return outcome;
}

function captures({ stripe }: OrderUnderTest) {
  return stripe.calls.filter(({ operation }) => operation === 'capture');
}

describe.concurrent('an order whose Stripe call fails for longer than its retries last', () => {
  it('needs attention: its caller, the lists and every other command show it', async () => {
    const order = await bench.create('outage', IMPATIENT);
    order.stripe.down = true;
    const answer = await order.command('capture-1', COMMANDS.capture);
    expect(answer).toMatchObject({
      result: { outcome: 'needs_attention', problem: { code: 'needs_attention' } },
      state: {
        payment: { status: 'authorized' },
        attention: { operation: 'capture', operationId: 'capture-1', code: UNREACHABLE, generation: 0 },
      },
    });
    const shown = (await order.handle.describe()).typedSearchAttributes;
    expect([shown.get(NEEDS_ATTENTION), shown.get(ATTENTION_CODE)]).toEqual([true, UNREACHABLE]);
    for (const command of Object.values(COMMANDS)) {
      const refusal = await refusalOf(order.command(`other-${command.kind}`, command));
      expect(refusal).toMatchObject({ code: 'needs_attention' });
    }

    order.stripe.down = false;
    const resolved = await order.command('resolve-1', resolve('retry'));
    expect(resolved).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'captured' }, attention: null },
    });
    expect(await order.known('capture-1')).toMatchObject({ outcome: 'done', problem: null });
    expect(new Set(captures(order).map(({ generation }) => generation))).toEqual(new Set([0]));
    const cleared = (await order.handle.describe()).typedSearchAttributes;
    expect([cleared.get(NEEDS_ATTENTION), cleared.get(ATTENTION_CODE)]).toEqual([false, undefined]);
  });

  it('differs from an order that is stuck for good, which is not retried', async () => {
    const order = await withStuckCapture('for-good');
    expect(order.capture.state.attention).toMatchObject({ code: REVOKED, stripeRequestId: 'req_stuck' });
    expect(captures(order)).toHaveLength(1);
    const { entries } = await order.timeline();
    expect(entries.map(({ type, name }) => `${type} ${name}`)).toContain('attention capture');
  });

  it('needs attention too when the cause is a bug, and the workflow stays healthy', async () => {
    const order = await bench.create('bug');
    order.stripe.steps.push({ bug: 'x is not a function' });
    expect((await order.command('capture-1', COMMANDS.capture)).state.attention).toMatchObject({
      code: 'unexpected_failure',
      message: 'TypeError: x is not a function',
    });
  });

  it('needs attention at once when the bug is in what is retried', async () => {
    const order = await bench.create('bug-retried');
    await order.command('capture-1', COMMANDS.capture);
    order.stripe.steps.push({ bug: 'Division by zero' });
    expect((await order.command('refund-1', COMMANDS.refund)).state.attention).toMatchObject({
      operation: 'refund',
      code: 'unexpected_failure',
      message: 'TypeError: Division by zero',
    });
    expect(order.stripe.calls.filter(({ operation }) => operation === 'refund')).toHaveLength(1);
  });

  it('needs attention when Stripe’s answer contradicts the known state', async () => {
    const order = await bench.create('contradiction');
    const payment = facts('succeeded', { paymentIntent: 'pi_of_another' });
    order.stripe.steps.push({ answer: { type: 'payment', payment, stripeRequestId: 'req_odd' } });
    const { result, state: known } = await order.command('capture-1', COMMANDS.capture);
    expect(result.outcome).toBe('needs_attention');
    expect(known).toMatchObject({
      payment: { status: 'authorized' },
      attention: { code: 'contradiction', stripeRequestId: 'req_odd' },
    });
  });
});

describe.concurrent('an order of which Stripe refuses to show what it waits for', () => {
  const event = (eventId: string) => ({ eventId, eventType: 'payment_intent.succeeded' });
  const awaits = async ({ handle }: OrderUnderTest) =>
    (await handle.describe()).typedSearchAttributes.get(AWAITS_STRIPE);

  it('does not wait for the end of an outage with its stuck operation, says why, and goes on once it shows', async () => {
    const order = await bench.create('hidden', IMPATIENT);
    order.stripe.down = true;
    await order.command('capture-1', COMMANDS.capture);
    await vi.waitFor(async () => expect(await awaits(order)).toEqual(['capture']), WITHIN);
    order.stripe.down = false;
    order.stripe.unseen = 'account_invalid';
    await order.handle.signal(stripeAnswersSignal);
    await vi.waitFor(
      async () => expect((await order.order()).attention).toMatchObject({ code: 'account_invalid' }),
      WITHIN,
    );
    await vi.waitFor(async () => expect(await awaits(order)).toBeUndefined(), WITHIN);
    order.stripe.unseen = null;
    await order.handle.signal(stripeEventSignal, event('evt_back'));
    await vi.waitFor(
      async () =>
        expect(await order.order()).toMatchObject({ attention: null, payment: { status: 'captured' } }),
      WITHIN,
    );
  });

  it('nor with a read', async () => {
    const order = await bench.create('unreadable');
    order.stripe.unreadable = 'account_invalid';
    await order.handle.signal(stripeEventSignal, event('evt_unread'));
    await vi.waitFor(
      async () => expect((await order.order()).notices).toMatchObject([{ code: 'reading_failed' }]),
      WITHIN,
    );
    expect(await awaits(order)).toBeUndefined();
  });
});

describe.concurrent('resolve', () => {
  it('retry: asks again under the same key', async () => {
    const order = await withStuckCapture('retry');
    expect((await order.command('resolve-1', resolve('retry'))).result.outcome).toBe('done');
    const [first, second] = captures(order);
    expect(second).toEqual(first);
  });

  it('retry that gets stuck again: the answer says so, and the order keeps waiting', async () => {
    const order = await withStuckCapture('again');
    order.stripe.steps.push({ attention: 'account_closed' });
    const answer = await order.command('resolve-1', resolve('retry'));
    expect(answer).toMatchObject({
      result: { outcome: 'needs_attention', problem: { code: 'needs_attention' } },
      state: { attention: { code: 'account_closed', since: order.capture.state.attention?.since } },
    });
    expect((await order.command('resolve-2', resolve('retry'))).result.outcome).toBe('done');
  });

  it('retry that Stripe refuses: the attention ends, and so does the command', async () => {
    const order = await withStuckCapture('retry-refused');
    order.stripe.steps.push({ answer: refused });
    const { state: known, result } = await order.command('resolve-1', resolve('retry'));
    expect([result.outcome, known.attention, known.payment.status]).toEqual(['done', null, 'authorized']);
    expect(await order.known('capture-1')).toMatchObject({ outcome: 'refused' });
  });

  it('retry_with_new_key: uses the next key once it is certain that nothing happened', async () => {
    const order = await withStuckCapture('new-key');
    expect((await order.command('resolve-1', resolve('retry_with_new_key'))).result.outcome).toBe('done');
    expect(captures(order).map(({ generation }) => generation)).toEqual([0, 1]);
  });

  it('retry_with_new_key: no second call when the effect is there', async () => {
    const order = await withStuckCapture('no-new-key');
    letCaptureShow('no-new-key');
    const { result, state: known } = await order.command('resolve-1', resolve('retry_with_new_key'));
    expect([result.outcome, known.payment.status]).toEqual(['done', 'captured']);
    expect(captures(order)).toHaveLength(1);
  });

  it('mark_done: only with an object that shows the effect', async () => {
    const order = await withStuckCapture('mark');
    letCaptureShow('mark');
    const wrong = await order.command('resolve-1', resolve('mark_done', 'pi_of_another'));
    expect(wrong).toMatchObject({
      result: { outcome: 'refused', problem: { code: 'state_conflict', param: 'stripe_id' } },
      state: { payment: { status: 'authorized' }, attention: { code: REVOKED } },
    });
    const right = await order.command('resolve-2', resolve('mark_done', 'pi_mark'));
    expect(right).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'captured' }, attention: null },
    });
    expect(captures(order)).toHaveLength(1);
  });

  it('abandon: the command is refused, and the order continues without it', async () => {
    const order = await withStuckCapture('abandon');
    const { state: known, result } = await order.command('resolve-1', resolve('abandon'));
    expect([result.outcome, known.attention, known.payment.status]).toEqual(['done', null, 'authorized']);
    expect(await order.known('capture-1')).toMatchObject({
      outcome: 'refused',
      problem: { detail: 'Abandoned by test: looked at it' },
    });
    expect((await order.command('capture-2', COMMANDS.capture)).result.outcome).toBe('done');
  });

  it('abandon: an effect that Stripe shows is recorded all the same', async () => {
    const order = await withStuckCapture('too-late');
    letCaptureShow('too-late');
    const { state: known, result } = await order.command('resolve-1', resolve('abandon'));
    expect([result.outcome, known.payment.status]).toEqual(['done', 'captured']);
    expect(await order.known('capture-1')).toMatchObject({ outcome: 'done' });
  });

  it('abandon of a contradiction: the order continues, and its timeline keeps what Stripe shows', async () => {
    const order = await withContradiction('contradicted');
    const { state: known, result } = await order.command('resolve-1', resolve('abandon'));
    expect([result.outcome, known.attention, known.payment.status]).toEqual(['done', null, 'authorized']);
    expect(await order.known('capture-1')).toMatchObject({ outcome: 'refused' });
    const { entries } = await order.timeline();
    expect(entries).toContainEqual(
      expect.objectContaining({
        type: 'event',
        name: 'contradiction',
        actor: 'test',
        detail: expect.stringContaining('pi_of_another'),
        stripeRequestId: 'req_odd',
      }),
    );
    expect((await order.command('capture-2', COMMANDS.capture)).result.outcome).toBe('done');
  });

  it('abandon of a contradiction that Stripe no longer shows: the effect is recorded', async () => {
    const order = await withContradiction('straightened');
    letCaptureShow('straightened');
    const { state: known, result } = await order.command('resolve-1', resolve('abandon'));
    expect([result.outcome, known.attention, known.payment.status]).toEqual(['done', null, 'captured']);
    expect(await order.known('capture-1')).toMatchObject({ outcome: 'done' });
  });

  it.each(['unknown_status', 'account_invalid'])(
    'abandon: not while Stripe does not say whether it happened (%s), which it may later',
    async (code) => {
      const order = await withStuckCapture(`unseen-${code}`);
      order.stripe.unseen = code;
      const { result, state } = await order.command('resolve-1', resolve('abandon'));
      expect([result.outcome, state.attention?.code]).toEqual(['needs_attention', code]);
    },
  );

  it('abandon of an authorization: the order is canceled and ends', async () => {
    bench.stripe.of('never').steps.push({ attention: REVOKED });
    const order = await bench.create('never');
    expect(order.created.result.outcome).toBe('needs_attention');
    expect((await order.command('resolve-1', resolve('abandon'))).result.outcome).toBe('done');
    expect(await order.handle.result()).toMatchObject({
      payment: { status: 'canceled', paymentIntent: null, reason: 'abandoned' },
      attention: null,
    });
  });

  it('is refused when nothing is stuck, and is in the timeline with who and why when something is', async () => {
    const order = await withStuckCapture('who');
    await order.command('resolve-1', resolve('retry'));
    expect(await refusalOf(order.command('resolve-2', resolve('retry')))).toMatchObject({
      code: 'state_conflict',
    });
    const { entries } = await order.timeline();
    expect(entries).toContainEqual(
      expect.objectContaining({ type: 'attention', name: 'retry', actor: 'test', detail: 'looked at it' }),
    );
  });
});

describe.concurrent('a Stripe that keeps failing and stores each failure under its key', () => {
  it('is asked under a new key after each failure without an effect, until it works', async () => {
    const order = await bench.create('spent');
    order.stripe.steps.push(...Array.from({ length: 2 }, () => ({ answer: SPENT })));
    expect((await order.command('capture-1', COMMANDS.capture)).result.outcome).toBe('done');
    expect(captures(order).map(({ generation }) => generation)).toEqual([0, 1, 2]);
  });

  it('shows when it is asked again, until it is', async () => {
    const order = await bench.create('next-key');
    order.stripe.steps.push(...Array.from({ length: 6 }, () => ({ answer: SPENT })));
    const capture = order.command('capture-1', COMMANDS.capture);
    const waiting = { operation: 'capture', nextAttemptAt: expect.any(Number) };
    await vi.waitFor(async () => expect((await order.order()).pending).toMatchObject(waiting), WITHIN);
    order.stripe.steps.length = 0;
    let answer = () => {};
    order.stripe.held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await vi.waitFor(
      async () =>
        expect((await order.order()).pending).toMatchObject({ operation: 'capture', nextAttemptAt: null }),
      WITHIN,
    );
    answer();
    expect((await capture).state).toMatchObject({ pending: null, payment: { status: 'captured' } });
  });

  it('needs attention when its budget ends, and a retry continues with unused keys', async () => {
    const order = await bench.create('all-spent', IMPATIENT);
    order.stripe.steps.push(...Array.from({ length: 3 }, () => ({ answer: SPENT })));
    const { state: known } = await order.command('capture-1', COMMANDS.capture);
    expect(known.attention).toMatchObject({ code: 'stripe_failing' });
    expect((await order.command('resolve-1', resolve('retry'))).result.outcome).toBe('done');
    expect(captures(order).map(({ generation }) => generation)).toEqual([0, 1, 2, 3]);
  });
});

const SPENT: OperationOutcome = { type: 'key_spent', stripeRequestId: 'req_500' };

it('an operation that an operator has repeated is shown as pending until its outcome is known', async () => {
  const order = await bench.create('repeated', { terms: { captureMethod: 'automatic' } });
  order.stripe.steps.push({ attention: REVOKED });
  expect((await order.command('refund-1', COMMANDS.refund)).state.attention).toMatchObject({ code: REVOKED });
  let answer = () => {};
  order.stripe.held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const resolved = order.command('resolve-1', resolve('retry'));
  await vi.waitFor(
    async () => expect((await order.order()).pending).toMatchObject({ operation: 'refund', failure: null }),
    WITHIN,
  );
  answer();
  expect((await resolved).state).toMatchObject({ pending: null, attention: null, refunds: [{}] });
});
