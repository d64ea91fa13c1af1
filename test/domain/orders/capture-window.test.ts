import { describe, expect, it } from 'vitest';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';
import { reauthorizationDueAt, warningDueAt } from '../../../domain/orders/capture-window.ts';
import { openNotices, withNotices } from '../../../domain/orders/notices.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { facts, NOW, orderIn } from '../../support/builders.ts';

const HOUR_MS = 3_600_000;
const END = NOW + 7 * 24 * HOUR_MS;
const POLICY = {
  captureWarningMs: 24 * HOUR_MS,
  reauthorizeBeforeMs: 36 * HOUR_MS,
  reauthorizeForMs: 90 * 24 * HOUR_MS,
};
const RENEW = { onCaptureExpiry: 'reauthorize' } as const;

const waiting = orderIn('requires_capture');
const endless = orderIn('requires_capture', { captureBefore: null });
const renewing = orderIn('requires_capture', {}, RENEW);
const partly = { amountReceived: 300, amountCapturable: 700, multicapture: true };
const renewed = facts('requires_capture', {
  paymentIntent: 'pi_2',
  latestCharge: 'ch_2',
  captureBefore: END * 2,
});

function failed(order: Order, leftover: string | null = null): Order {
  const failure = { code: 'insufficient_funds', message: 'No.' };
  return transition(order, { type: 'reauthorization_failed', cycle: 1, failure, leftover });
}

/** Authorized again and again since so many days. */
function longHeld(days: number): Order {
  return { ...renewing, createdAt: NOW - days * 24 * HOUR_MS };
}

describe('when people are warned of the end of the capture window', () => {
  it.each<[string, Order, number | null]>([
    ['a day before it', waiting, END - POLICY.captureWarningMs],
    ['once', transition(waiting, { type: 'capture_warned', captureBefore: END }), null],
    [
      'again, when Stripe moved the end',
      transition(waiting, { type: 'capture_warned', captureBefore: END - 1 }),
      END - POLICY.captureWarningMs,
    ],
    ['a day before a week is over, where Stripe names no end', endless, END - POLICY.captureWarningMs],
    ['once, there too', transition(endless, { type: 'capture_warned', captureBefore: END }), null],
    [
      'a day before a week after its creation, where Stripe does not say since when it is held either',
      orderIn('requires_capture', { captureBefore: null, authorizedAt: null }),
      END - POLICY.captureWarningMs,
    ],
    [
      'a week after it was authorized, where that came later',
      orderIn('requires_capture', { captureBefore: null, authorizedAt: NOW + HOUR_MS }, RENEW),
      END + HOUR_MS - POLICY.captureWarningMs,
    ],
    ['not of what is captured', orderIn('succeeded'), null],
    ['not where the order renews it by itself', renewing, null],
    ['unless that failed', failed(renewing), END - POLICY.captureWarningMs],
    ['or it has been renewed for long enough', longHeld(91), END - POLICY.captureWarningMs],
    [
      'or a part is captured already',
      orderIn('requires_capture', partly, RENEW),
      END - POLICY.captureWarningMs,
    ],
  ])('%s', (_, order, at) => {
    expect(warningDueAt(order, POLICY)).toBe(at);
  });

  it('is a notice without a deadline where Stripe names no end', () => {
    const warned = withNotices(transition(endless, { type: 'capture_warned', captureBefore: END }), NOW);
    expect(warned.notices).toMatchObject([
      { code: 'capture_expiring', deadline: null, allowedActions: ['acknowledge'] },
    ]);
    expect(warned.notices[0]?.message).toContain('does not say until when');
    const captured = transition(warned, { type: 'payment_observed', payment: facts('succeeded') });
    expect(withNotices(captured, NOW).notices).toEqual([]);
  });

  it('is a notice until it is captured', () => {
    const warned = withNotices(transition(waiting, { type: 'capture_warned', captureBefore: END }), NOW);
    expect(warned.notices).toMatchObject([{ code: 'capture_expiring', deadline: END, subject: 'pi_1' }]);
    const captured = transition(warned, { type: 'payment_observed', payment: facts('succeeded') });
    expect(withNotices(captured, NOW).notices).toEqual([]);
  });
});

describe('when a new authorization is asked for', () => {
  it.each<[string, Order, number | null]>([
    ['some time before the end', renewing, END - POLICY.reauthorizeBeforeMs],
    ['never where the order does not want it', waiting, null],
    ['never of what is captured', orderIn('succeeded', {}, RENEW), null],
    ['never where a part is captured', orderIn('requires_capture', partly, RENEW), null],
    ['never by itself after it failed', failed(renewing), null],
    ['also after months', longHeld(80), END - POLICY.reauthorizeBeforeMs],
    ['not for longer than the policy allows', longHeld(85), null],
    ['never where Stripe names no end', orderIn('requires_capture', { captureBefore: null }, RENEW), null],
    [
      'never before half of the window is over',
      orderIn('requires_capture', { captureBefore: NOW + 10_000 }, RENEW),
      NOW + 5_000,
    ],
    [
      'at the end, where nobody knows when it began',
      orderIn('requires_capture', { authorizedAt: null }, RENEW),
      END,
    ],
  ])('%s', (_, order, at) => {
    expect(reauthorizationDueAt(order, POLICY)).toBe(at);
  });

  it('is for as long as the order says', () => {
    const policy = { ...POLICY, reauthorizeForMs: 200 * 24 * HOUR_MS };
    expect(reauthorizationDueAt(longHeld(190), policy)).toBe(END - POLICY.reauthorizeBeforeMs);
    expect(reauthorizationDueAt(longHeld(195), policy)).toBeNull();
  });

  it('is for a person to decide after that, with a deadline', () => {
    const warned = transition(longHeld(91), { type: 'capture_warned', captureBefore: END });
    const { notices } = withNotices(warned, NOW);
    expect(notices).toMatchObject([
      { code: 'capture_expiring', deadline: END, allowedActions: ['retry', 'acknowledge'] },
    ]);
    expect(notices[0]?.message).toContain('no longer renews');
  });
});

describe('a new authorization', () => {
  const replace = { type: 'authorization_replaced', payment: renewed, cycle: 1 } as const;

  it('takes the place of the old one, which is left to be canceled', () => {
    const order = transition(renewing, replace);
    expect(order).toMatchObject({
      payment: { status: 'authorized', paymentIntent: 'pi_2', captureBefore: END * 2 },
      captureWindow: { cycle: 1, superseded: 'pi_1', failure: null },
    });
    expect(transition(order, replace)).toEqual(order);
    expect(transition(order, { type: 'superseded_released' }).captureWindow.superseded).toBeNull();
  });

  it('takes the place of one that lapsed meanwhile', () => {
    const lapsed = orderIn('canceled', { cancellationReason: 'automatic' }, RENEW);
    expect(transition(lapsed, replace).payment).toMatchObject({
      status: 'authorized',
      paymentIntent: 'pi_2',
    });
  });

  it.each([
    ['captured', orderIn('succeeded', {}, RENEW), renewed],
    ['captured in part', orderIn('requires_capture', partly, RENEW), renewed],
    ['canceled', orderIn('canceled', {}, RENEW), renewed],
    ['not answered by an authorization', renewing, facts('requires_action', { paymentIntent: 'pi_2' })],
  ])('never takes the place of a payment that is %s', (_, order, payment) => {
    expect(() => transition(order, { ...replace, payment })).toThrow(IllegalTransition);
  });

  it('that fails leaves the old one in place, and says until when it holds', () => {
    const order = withNotices(failed(renewing, 'pi_2'), NOW);
    expect(order).toMatchObject({
      payment: { status: 'authorized', paymentIntent: 'pi_1' },
      captureWindow: { superseded: 'pi_2', failure: { code: 'insufficient_funds' } },
    });
    expect(openNotices(order.notices)).toMatchObject([
      { code: 'reauthorization_failed', deadline: END, allowedActions: ['retry', 'acknowledge'] },
    ]);
  });

  it('gives way to the old one, if somebody captured that before it could be canceled', () => {
    const captured = facts('succeeded', { paymentIntent: 'pi_1' });
    const event = { type: 'superseded_captured', payment: captured } as const;
    const order = transition(transition(renewing, replace), event);
    expect(order).toMatchObject({
      payment: { status: 'captured', paymentIntent: 'pi_1', amountCaptured: 1000 },
      captureWindow: { cycle: 1, superseded: 'pi_2' },
    });
    for (const status of ['canceled', 'expired'] as const) {
      const reason = status === 'expired' ? 'automatic' : 'abandoned';
      const gone = orderIn('canceled', { paymentIntent: 'pi_2', cancellationReason: reason }, RENEW);
      expect(transition(gone, event)).toMatchObject({
        payment: { status: 'captured', paymentIntent: 'pi_1' },
        captureWindow: { superseded: null },
      });
    }
  });

  it.each([
    ['held', 'requires_capture', partly, 'authorized'],
    ['let go', 'canceled', { ...partly, amountCapturable: 0, latestCharge: 'ch_1' }, 'captured'],
  ] as const)(
    'gives way to the old one, if a part of that was captured and the rest is %s',
    (_, status, changes, is) => {
      const payment = facts(status, { paymentIntent: 'pi_1', ...changes });
      expect(
        transition(transition(renewing, replace), { type: 'superseded_captured', payment }),
      ).toMatchObject({
        payment: { status: is, paymentIntent: 'pi_1', amountCaptured: 300 },
        captureWindow: { superseded: 'pi_2' },
      });
    },
  );

  it('gives way to the old one, if somebody canceled that: nobody holds the money again', () => {
    const payment = facts('canceled', {
      paymentIntent: 'pi_1',
      cancellationReason: 'requested_by_customer',
    });
    expect(transition(transition(renewing, replace), { type: 'superseded_canceled', payment })).toMatchObject(
      {
        payment: { status: 'canceled', paymentIntent: 'pi_1', reason: 'requested_by_customer' },
        captureWindow: { superseded: 'pi_2' },
      },
    );
  });

  it('that came too late is left to be canceled, and nobody is asked to try again', () => {
    const order = transition(failed(orderIn('requires_capture', partly, RENEW)), {
      type: 'reauthorization_needless',
      cycle: 2,
      leftover: 'pi_2',
    });
    expect(order).toMatchObject({
      payment: { status: 'authorized', paymentIntent: 'pi_1' },
      captureWindow: { cycle: 2, superseded: 'pi_2', failure: null },
    });
    expect(withNotices(order, NOW).notices).toEqual([]);
    const again = { type: 'reauthorization_needless', cycle: 3, leftover: null } as const;
    expect(transition(order, again).captureWindow).toMatchObject({ cycle: 3, superseded: 'pi_2' });
  });

  it('is not offered once more after it failed and a part was captured', () => {
    const order = transition(failed(renewing), {
      type: 'payment_observed',
      payment: facts('requires_capture', partly),
    });
    expect(withNotices(order, NOW).notices).toEqual([]);
    const warned = transition(order, { type: 'capture_warned', captureBefore: END });
    const { notices } = withNotices(warned, NOW);
    expect(notices).toMatchObject([{ code: 'capture_expiring', allowedActions: ['acknowledge'] }]);
    expect(notices[0]?.message).toContain('Only a part');
  });

  it.each([
    ['both were captured: the customer has paid twice', 'succeeded', {}, 'succeeded'],
    ['a part of the new one was captured', 'requires_capture', partly, 'succeeded'],
    ['the old one is only authorized', 'requires_capture', {}, 'requires_capture'],
  ] as const)('never gives way where %s', (_, status, changes, old) => {
    const payment = facts(old, { paymentIntent: 'pi_1' });
    const now = orderIn(status, { ...changes, paymentIntent: 'pi_2' }, RENEW);
    expect(() => transition(now, { type: 'superseded_captured', payment })).toThrow(IllegalTransition);
  });

  it('makes an older answer about the old one a contradiction', () => {
    const order = transition(renewing, replace);
    const old = { type: 'payment_observed', payment: facts('canceled') } as const;
    expect(() => transition(order, old)).toThrow(IllegalTransition);
  });
});
