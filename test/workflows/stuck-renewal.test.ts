import { expect, it } from 'vitest';
import { facts } from '../support/builders.ts';
import { needs } from '../support/needs.ts';
import { CAPTURE_WINDOW_MS, COMMANDS, DAY_MS, resolve, useOrderBench } from '../support/order-bench.ts';
import { refused } from '../support/scripted-stripe.ts';
import { noTimeSkipping, startTimeSkipping } from '../support/temporal.ts';

/** Before the first probe, a minute after the attempt got stuck: an operator decides first. */
const HALF_A_MINUTE_MS = 30_000;
const RENEW = {
  terms: { onCaptureExpiry: 'reauthorize', source: { customer: 'cus_1', method: null } },
} as const;
/** The bench's policy: a day and a half before the end. */
const UNTIL_RENEWAL_MS = CAPTURE_WINDOW_MS - 1.5 * DAY_MS;

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
});
