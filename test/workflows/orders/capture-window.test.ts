import { expect, it } from 'vitest';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { facts } from '../../support/builders.ts';
import { needs } from '../../support/needs.ts';
import type { OrderUnderTest } from '../../support/order-bench.ts';
import { CAPTURE_WINDOW_MS, COMMANDS, DAY_MS, resolve, useOrderBench } from '../../support/order-bench.ts';
import { declinedLeaving } from '../../support/scripted-stripe.ts';
import { noTimeSkipping, startTimeSkipping } from '../../support/temporal.ts';

const MINUTE_MS = 60_000;
const RENEW = {
  terms: { onCaptureExpiry: 'reauthorize', source: { customer: 'cus_1', method: null } },
} as const;
/** The bench's policy: a day and a half before the end. */
const UNTIL_RENEWAL_MS = CAPTURE_WINDOW_MS - 1.5 * DAY_MS;

function asked({ stripe }: OrderUnderTest) {
  return stripe.calls.map(({ operation }) => operation);
}

/** The clock jumps: one order after the other, each ended before the next begins. */
needs(noTimeSkipping)('as a capture window ends', () => {
  const bench = useOrderBench({ startServer: startTimeSkipping });

  it('a notice warns a day ahead, and ends with the capture', async () => {
    const order = await bench.create('warned');
    await bench.sleep(CAPTURE_WINDOW_MS - DAY_MS - MINUTE_MS);
    expect((await order.order()).notices).toEqual([]);
    await bench.sleep(2 * MINUTE_MS);
    const { notices, payment } = await order.order();
    const end = payment.status === 'authorized' ? payment.captureBefore : null;
    expect(notices).toMatchObject([{ code: 'capture_expiring', subject: 'pi_warned', deadline: end }]);
    const shown = (await order.handle.describe()).typedSearchAttributes;
    expect([shown.get(NEEDS_ATTENTION), shown.get(ATTENTION_CODE)]).toEqual([true, 'capture_expiring']);
    const { entries } = await order.timeline();
    expect(entries.map(({ name }) => name)).toContain('capture_expiring');

    expect((await order.command('capture-1', COMMANDS.capture)).state.notices).toEqual([]);
    const cleared = (await order.handle.describe()).typedSearchAttributes;
    expect([cleared.get(NEEDS_ATTENTION), cleared.get(ATTENTION_CODE)]).toEqual([false, undefined]);
    await order.handle.result();
  });

  it('an order that renews is authorized again before its old authorization is released', async () => {
    const order = await bench.create('renewed', RENEW);
    await bench.sleep(UNTIL_RENEWAL_MS - MINUTE_MS);
    expect(asked(order)).toEqual(['authorize']);
    await bench.sleep(2 * MINUTE_MS);
    expect(asked(order)).toEqual(['authorize', 'reauthorize', 'release']);
    expect(order.stripe.calls.slice(1)).toMatchObject([
      { replaces: 'pi_renewed', operationId: 'reauthorize:renewed:1', cycle: 1 },
      { paymentIntent: 'pi_renewed', operationId: 'release:pi_renewed' },
    ]);
    expect(await order.order()).toMatchObject({
      payment: { status: 'authorized', paymentIntent: 'pi_renewed~1' },
      captureWindow: { cycle: 1, superseded: null, failure: null },
      notices: [],
    });
    await order.command('capture-1', COMMANDS.capture);
    expect(order.stripe.calls.at(-1)).toMatchObject({ operation: 'capture', paymentIntent: 'pi_renewed~1' });
    await order.handle.result();
  });

  it('the authorization is renewed each time', async () => {
    const order = await bench.create('again', RENEW);
    await bench.sleep(3 * CAPTURE_WINDOW_MS);
    const { captureWindow } = await order.order();
    expect(captureWindow.cycle).toBeGreaterThan(1);
    expect(captureWindow.superseded).toBeNull();
    await order.command('cancel-1', COMMANDS.cancel);
    await order.handle.result();
  });

  it('renewals end: a notice warns of the last window’s end, and an operator may renew once more', async () => {
    const order = await bench.create('forgotten', { ...RENEW, policy: { reauthorizeForMs: 10 * DAY_MS } });
    // When it would be renewed for the second time.
    await bench.sleep(CAPTURE_WINDOW_MS + UNTIL_RENEWAL_MS + MINUTE_MS);
    const { captureWindow, notices, payment } = await order.order();
    expect([captureWindow.cycle, notices]).toEqual([1, []]);
    const end = payment.status === 'authorized' ? payment.captureBefore : null;
    await bench.sleep(DAY_MS / 2);
    expect((await order.order()).notices).toMatchObject([
      { code: 'capture_expiring', subject: 'pi_forgotten~1', deadline: end },
    ]);
    const { state: renewed } = await order.command('resolve-1', resolve('retry'));
    expect(renewed).toMatchObject({
      payment: { paymentIntent: 'pi_forgotten~2' },
      captureWindow: { cycle: 2, superseded: null },
      notices: [],
    });
    await bench.sleep(CAPTURE_WINDOW_MS);
    expect(await order.order()).toMatchObject({
      captureWindow: { cycle: 2 },
      notices: [{ code: 'capture_expiring', subject: 'pi_forgotten~2' }],
    });
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('canceled', { paymentIntent, cancellationReason: 'automatic' });
    expect(await order.handle.result()).toMatchObject({ payment: { status: 'expired' } });
  });

  it('a crash around either call neither loses nor doubles the authorization', async () => {
    const order = await bench.create('crashed', RENEW);
    order.stripe.steps.push({ lost: 'after' }, { lost: 'after' });
    await bench.sleep(UNTIL_RENEWAL_MS + 10 * MINUTE_MS);
    expect(asked(order)).toEqual(['authorize', 'reauthorize', 'reauthorize', 'release', 'release']);
    const keys = order.stripe.calls.map(({ operationId, generation }) => `${operationId} ${generation}`);
    expect(new Set(keys).size).toBe(3);
    expect(await order.order()).toMatchObject({ payment: { paymentIntent: 'pi_crashed~1' } });
    await order.command('cancel-1', COMMANDS.cancel);
    await order.handle.result();
  });

  it('a decline keeps the old authorization, releases what the try left, and shows the deadline', async () => {
    const order = await bench.create('declined', RENEW);
    const leftover = facts('requires_payment_method', { paymentIntent: 'pi_declined~1' });
    order.stripe.steps.push({ answer: declinedLeaving(leftover) });
    await bench.sleep(UNTIL_RENEWAL_MS + MINUTE_MS);
    expect(order.stripe.calls.slice(1)).toMatchObject([
      { operation: 'reauthorize' },
      { operation: 'release', paymentIntent: 'pi_declined~1' },
    ]);
    const { payment, notices, lastDecline } = await order.order();
    expect(payment).toMatchObject({ status: 'authorized', paymentIntent: 'pi_declined' });
    expect(lastDecline).toBeNull();
    expect(notices).toMatchObject([
      { code: 'reauthorization_failed', allowedActions: ['retry', 'acknowledge'] },
    ]);

    const retried = await order.command('resolve-1', resolve('retry'));
    expect(retried).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { paymentIntent: 'pi_declined~2' }, captureWindow: { cycle: 2 }, notices: [] },
    });
    await order.command('cancel-1', COMMANDS.cancel);
    await order.handle.result();
  });
});
