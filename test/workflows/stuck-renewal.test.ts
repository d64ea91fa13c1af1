import { expect, it, vi } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { facts } from '../support/builders.ts';
import { needs } from '../support/needs.ts';
import {
  CAPTURE_WINDOW_MS,
  COMMANDS,
  DAY_MS,
  IMPATIENT,
  resolve,
  useOrderBench,
  WITHIN,
} from '../support/order-bench.ts';
import { refused } from '../support/scripted-stripe.ts';
import { noTimeSkipping, startTimeSkipping } from '../support/temporal.ts';

/** Before the first probe, a minute after the attempt got stuck: an operator decides first. */
const HALF_A_MINUTE_MS = 30_000;
const RENEW = {
  terms: { onCaptureExpiry: 'reauthorize', source: { customer: 'cus_1', method: null } },
} as const;
/** The bench's policy: a day and a half before the end. */
const UNTIL_RENEWAL_MS = CAPTURE_WINDOW_MS - 1.5 * DAY_MS;
/** 3.00 of it are captured, and more may be. */
const IN_PART = { amountReceived: 300, amountCapturable: 700, multicapture: true };

/** The clock jumps: one order after the other, each ended before the next begins. */
needs(noTimeSkipping)('a renewal that gets stuck', () => {
  const bench = useOrderBench({ startServer: startTimeSkipping });

  it('an operator who abandons a stuck renewal keeps the old authorization', async () => {
    const order = await bench.create('abandoned', RENEW);
    order.stripe.steps.push({ attention: 'api_key_expired' });
    await bench.sleep(UNTIL_RENEWAL_MS + HALF_A_MINUTE_MS);
    expect((await order.order()).attention).toMatchObject({ operation: 'reauthorize' });
    const given = await order.command('resolve-1', resolve('abandon'));
    expect(given.state).toMatchObject({
      attention: null,
      payment: { status: 'authorized', paymentIntent: 'pi_abandoned' },
      notices: [{ code: 'reauthorization_failed' }],
    });
    const captured = await order.command('capture-1', COMMANDS.capture);
    expect(captured.state.notices).toEqual([]);
    await order.handle.result();
  });

  it('an old authorization that was captured meanwhile is the payment, and the new one is released', async () => {
    const order = await bench.create('captured-elsewhere', RENEW);
    const old = facts('succeeded', { paymentIntent: 'pi_captured-elsewhere' });
    const renewed = facts('requires_capture', {
      paymentIntent: 'pi_captured-elsewhere~1',
      latestCharge: 'ch_2',
    });
    order.stripe.steps.push(
      { answer: { type: 'payment', payment: renewed, stripeRequestId: 'req_new' } },
      { answer: { ...refused, payment: old } },
    );
    await bench.sleep(UNTIL_RENEWAL_MS + HALF_A_MINUTE_MS);
    expect(await order.order()).toMatchObject({
      payment: { status: 'captured', paymentIntent: 'pi_captured-elsewhere', settlement: { stripeFee: 59 } },
      captureWindow: { superseded: null },
      attention: null,
    });
    expect(order.stripe.calls.slice(1)).toMatchObject([
      { operation: 'reauthorize' },
      { operation: 'release', paymentIntent: 'pi_captured-elsewhere' },
      { operation: 'release', paymentIntent: 'pi_captured-elsewhere~1' },
    ]);
    await order.handle.result();
  });

  it('an order whose old authorization somebody canceled meanwhile is canceled, and the new one is released', async () => {
    const order = await bench.create('canceled-elsewhere', RENEW);
    const old = facts('canceled', {
      paymentIntent: 'pi_canceled-elsewhere',
      cancellationReason: 'requested_by_customer',
    });
    const renewed = facts('requires_capture', {
      paymentIntent: 'pi_canceled-elsewhere~1',
      latestCharge: 'ch_2',
    });
    order.stripe.steps.push(
      { answer: { type: 'payment', payment: renewed, stripeRequestId: 'req_new' } },
      { answer: { ...refused, payment: old } },
    );
    await bench.sleep(UNTIL_RENEWAL_MS + HALF_A_MINUTE_MS);
    expect(await order.order()).toMatchObject({
      payment: {
        status: 'canceled',
        paymentIntent: 'pi_canceled-elsewhere',
        reason: 'requested_by_customer',
      },
      captureWindow: { superseded: null },
      attention: null,
    });
    expect(order.stripe.calls.slice(2)).toMatchObject([
      { operation: 'release', paymentIntent: 'pi_canceled-elsewhere' },
      { operation: 'release', paymentIntent: 'pi_canceled-elsewhere~1' },
    ]);
    await order.handle.result();
  });

  it('what a failed renewal left is needless whoever cancels it: the old authorization stays', async () => {
    const order = await bench.create('left-over', RENEW);
    const left = facts('requires_action', { paymentIntent: 'pi_left-over~1' });
    const gone = facts('canceled', { paymentIntent: 'pi_left-over~1', cancellationReason: 'abandoned' });
    order.stripe.steps.push(
      { answer: { type: 'payment', payment: left, stripeRequestId: 'req_new' } },
      { answer: { ...refused, payment: gone } },
    );
    await bench.sleep(UNTIL_RENEWAL_MS + HALF_A_MINUTE_MS);
    expect(await order.order()).toMatchObject({
      payment: { status: 'authorized', paymentIntent: 'pi_left-over' },
      captureWindow: { superseded: null },
      notices: [{ code: 'reauthorization_failed' }],
    });
    await order.handle.terminate();
  });

  it('no new authorization is asked for where somebody canceled the old one meanwhile', async () => {
    const order = await bench.create('needless', { ...RENEW, ...IMPATIENT });
    order.stripe.steps.push(...Array.from({ length: 99 }, () => ({ lost: 'before' }) as const));
    await bench.sleep(UNTIL_RENEWAL_MS + HALF_A_MINUTE_MS);
    expect((await order.order()).attention).toMatchObject({ operation: 'reauthorize' });
    const tries = order.stripe.calls.length;
    order.stripe.steps.length = 0;
    order.stripe.payment = facts('canceled', {
      paymentIntent: 'pi_needless',
      cancellationReason: 'requested_by_customer',
    });
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'payment_intent.canceled' });
    expect(await order.handle.result()).toMatchObject({
      payment: { status: 'canceled', paymentIntent: 'pi_needless' },
      captureWindow: { superseded: null },
      attention: null,
    });
    expect(order.stripe.calls).toHaveLength(tries);
  });

  it('a new authorization is released where a part of the old one was captured meanwhile', async () => {
    const order = await bench.create('in-part', RENEW);
    order.stripe.steps.push({ attention: 'api_key_expired' });
    await bench.sleep(UNTIL_RENEWAL_MS + HALF_A_MINUTE_MS);
    const { attention } = await order.order();
    const { payment: held } = order.stripe;
    order.stripe.payment = { ...held, ...IN_PART };
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'charge.updated' });
    // The event's reading, and the look for the renewal's effect after it, which finds none.
    await vi.waitFor(async () => {
      const looked = await order.order();
      expect(looked.payment).toMatchObject({ amountCaptured: 300 });
      expect(looked.attention?.nextProbeAt).toBeGreaterThan(attention?.nextProbeAt ?? Infinity);
    }, WITHIN);

    const renewed = facts('requires_capture', { paymentIntent: 'pi_in-part~1', latestCharge: 'ch_2' });
    const made = { type: 'payment', payment: renewed, stripeRequestId: 'req_new' } as const;
    order.stripe.effects.set('reauthorize:in-part:1', made);
    const retried = await order.command('resolve-1', resolve('retry'));
    expect(retried).toMatchObject({
      result: { outcome: 'done' },
      state: {
        attention: null,
        notices: [],
        payment: { status: 'authorized', paymentIntent: 'pi_in-part', amountCaptured: 300 },
      },
    });
    await vi.waitFor(() => {
      expect(order.stripe.calls.at(-1)).toMatchObject({
        operation: 'release',
        paymentIntent: 'pi_in-part~1',
      });
    }, WITHIN);
    order.stripe.payment = { ...held, ...IN_PART };
    await order.command('cancel-1', COMMANDS.cancel);
    expect(order.stripe.calls.at(-1)).toMatchObject({ operation: 'capture', paymentIntent: 'pi_in-part' });
    await order.handle.terminate();
  });

  it.each([
    ['keeps the rest of it', 'requires_capture', {}],
    ['lets the rest of it go', 'canceled', { amountCapturable: 0 }],
  ] as const)(
    'an old authorization of which a part was captured is the payment, also if Stripe %s',
    async (_, status, rest) => {
      const id = `part-${status}`;
      const order = await bench.create(id, RENEW);
      const old = facts(status, { paymentIntent: `pi_${id}`, latestCharge: 'ch_1', ...IN_PART, ...rest });
      const renewed = facts('requires_capture', { paymentIntent: `pi_${id}~1`, latestCharge: 'ch_2' });
      order.stripe.steps.push(
        { answer: { type: 'payment', payment: renewed, stripeRequestId: 'req_new' } },
        { answer: { ...refused, payment: old } },
      );
      await bench.sleep(UNTIL_RENEWAL_MS + HALF_A_MINUTE_MS);
      expect(await order.order()).toMatchObject({
        payment: { paymentIntent: `pi_${id}`, amountCaptured: 300 },
        captureWindow: { superseded: null },
        attention: null,
      });
      expect(order.stripe.calls.slice(2)).toMatchObject([
        { operation: 'release', paymentIntent: `pi_${id}` },
        { operation: 'release', paymentIntent: `pi_${id}~1` },
      ]);
      await order.handle.terminate();
    },
  );
});
