import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';
import type { Decline, Order } from '../../../domain/orders/order.ts';
import {
  amountRefundable,
  amountRefunded,
  isCanceledOrExpired,
  isUnread,
  newOrder,
  orderAmount,
  orderStatus,
  paymentIntentOf,
  wasNeverMade,
} from '../../../domain/orders/order.ts';
import { PAYMENT_INTENT_STATUSES } from '../../../domain/orders/payment.ts';
import type { OrderEvent } from '../../../domain/orders/transition.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { anyOrder, observation } from '../../support/arbitraries.ts';
import { attention, facts, NOW, orderIn, refund, stuck, terms, transfer } from '../../support/builders.ts';

const decline: Decline = {
  code: 'card_declined',
  declineCode: 'lost_card',
  message: 'Your card was declined.',
  param: null,
  at: NOW,
};

const anyEvent: fc.Arbitrary<OrderEvent> = fc.oneof(
  observation.map((payment) => ({ type: 'payment_observed' as const, payment })),
  fc.option(observation).map((payment) => ({ type: 'payment_declined' as const, decline, payment })),
  fc.integer({ min: 1, max: 5 }).map((n) => ({
    type: 'refund_recorded' as const,
    refund: refund({ id: `re_${n}`, amount: n }),
  })),
  fc.integer({ min: 1, max: 5 }).map((n) => ({
    type: 'transfer_recorded' as const,
    transfer: transfer({ id: `tr_${n}`, amount: n }),
  })),
  fc.constant({ type: 'attention_raised' as const, attention: attention() }),
  fc.constant({ type: 'attention_cleared' as const }),
  fc.constant({ type: 'given_up' as const }),
);

function tryTransition(order: Order, event: OrderEvent): Order {
  try {
    return transition(order, event);
  } catch (error) {
    if (error instanceof IllegalTransition) return order;
    throw error;
  }
}

describe('transition', () => {
  it('gives an equal order when an event comes twice', () => {
    fc.assert(
      fc.property(anyOrder, anyEvent, (order, event) => {
        const once = tryTransition(order, event);
        expect(tryTransition(once, event)).toEqual(once);
      }),
    );
  });

  it('throws nothing but IllegalTransition, and leaves the order that it was given as it was', () => {
    fc.assert(
      fc.property(anyOrder, anyEvent, (order, event) => {
        const before = structuredClone(order);
        tryTransition(order, event);
        expect(order).toEqual(before);
      }),
    );
  });

  it('never changes what was agreed, nor when', () => {
    fc.assert(
      fc.property(anyOrder, fc.array(anyEvent), (order, events) => {
        const { terms: agreed, createdAt } = events.reduce(tryTransition, order);
        expect({ agreed, createdAt }).toEqual({ agreed: order.terms, createdAt: order.createdAt });
      }),
    );
  });

  it('never loses a refund or a transfer, and never counts one twice', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const order = events.reduce(tryTransition, orderIn('succeeded'));
        const told = (type: OrderEvent['type']) =>
          new Set(events.filter((event) => event.type === type).map((event) => JSON.stringify(event)));
        expect(order.refunds).toHaveLength(told('refund_recorded').size);
        expect(order.transfers).toHaveLength(told('transfer_recorded').size);
      }),
    );
  });

  it('replaces what it knew of a refund by what Stripe says now', () => {
    const pending = refund({ status: 'pending', platform: null });
    const order = transition(orderIn('succeeded'), { type: 'refund_recorded', refund: pending });
    const other = refund({ id: 're_2' });
    const both = transition(order, { type: 'refund_recorded', refund: other });
    const settled = transition(both, { type: 'refund_recorded', refund: refund() });
    expect(settled.refunds).toEqual([refund(), other]);
  });

  it('remembers a decline together with the payment that it left behind', () => {
    const payment = facts('requires_payment_method');
    expect(transition(orderIn('pending'), { type: 'payment_declined', decline, payment })).toMatchObject({
      lastDecline: decline,
      payment: { status: 'requires_payment_method', paymentIntent: 'pi_1' },
    });
  });

  it('remembers a decline that left no payment behind', () => {
    const declined = transition(orderIn('pending'), { type: 'payment_declined', decline, payment: null });
    expect(declined).toMatchObject({ lastDecline: decline, payment: { status: 'pending' } });
  });

  it('raises and clears what an operator has to look at', () => {
    const order = orderIn('requires_capture');
    expect(stuck(order).attention).toEqual(attention());
    expect(transition(stuck(order), { type: 'attention_cleared' })).toEqual(order);
  });

  it('gives up only what Stripe was never seen to know of', () => {
    expect(transition(orderIn('pending'), { type: 'given_up' }).payment).toEqual({
      status: 'canceled',
      paymentIntent: null,
      reason: 'abandoned',
    });
    for (const status of PAYMENT_INTENT_STATUSES) {
      const order = orderIn(status);
      expect(transition(order, { type: 'given_up' })).toBe(order);
    }
  });

  it('knows from Stripe whether it is real money', () => {
    expect(newOrder(terms(), NOW, false).livemode).toBe(false);
    expect(orderIn('requires_capture', { livemode: true }).livemode).toBe(true);
  });
});

describe('orderStatus', () => {
  it.each([
    ['pending', 'pending'],
    ['requires_payment_method', 'requires_payment_method'],
    ['requires_confirmation', 'requires_payment_method'],
    ['requires_action', 'requires_action'],
    ['processing', 'processing'],
    ['requires_capture', 'authorized'],
    ['succeeded', 'captured'],
    ['canceled', 'canceled'],
  ] as const)('of a payment that is %s at Stripe is %s', (stripeStatus, status) => {
    expect(orderStatus(orderIn(stripeStatus))).toBe(status);
  });

  it.each([
    [[], 'captured', 0],
    [[refund({ amount: 999 })], 'captured', 999],
    [[refund({ amount: 1000 })], 'refunded', 1000],
    [[refund({ amount: 400 }), refund({ id: 're_2', amount: 600 })], 'refunded', 1000],
    [[refund({ amount: 1000, status: 'pending' })], 'refunded', 1000],
    [[refund({ amount: 1000, status: 'requires_action' })], 'refunded', 1000],
    [[refund({ amount: 1000, status: 'failed' })], 'captured', 0],
    [[refund({ amount: 1000, status: 'canceled' })], 'captured', 0],
  ] as const)('with the refunds %o is %s', (refunds, status, refunded) => {
    const order = refunds.reduce<Order>(
      (known, recorded) => transition(known, { type: 'refund_recorded', refund: recorded }),
      orderIn('succeeded'),
    );
    expect(orderStatus(order)).toBe(status);
    expect(amountRefunded(order)).toBe(refunded);
    expect(amountRefundable(order)).toBe(1000 - refunded);
  });

  it('after a partial capture is refunded once that part has been given back', () => {
    const order = orderIn('succeeded', { amountReceived: 100 });
    expect(amountRefundable(order)).toBe(100);
    const back = transition(order, { type: 'refund_recorded', refund: refund({ amount: 100 }) });
    expect(orderStatus(back)).toBe('refunded');
  });

  it('of a capture of nothing is not refunded', () => {
    expect(orderStatus(orderIn('succeeded', { amountReceived: 0 }))).toBe('captured');
  });

  it('leaves nothing to refund before the capture', () => {
    for (const status of ['pending', 'requires_capture', 'canceled'] as const) {
      expect(amountRefundable(orderIn(status))).toBe(0);
    }
  });
});

describe('isCanceledOrExpired', () => {
  it.each([
    [orderIn('pending'), false],
    [orderIn('requires_capture'), false],
    [orderIn('succeeded'), false],
    [orderIn('canceled'), true],
    [orderIn('canceled', { cancellationReason: 'automatic' }), true],
  ])('%# says whether anything can still happen to the money', (order, closed) => {
    expect(isCanceledOrExpired(order)).toBe(closed);
  });
});

describe('wasNeverMade', () => {
  it.each([
    [
      'one that was given up before Stripe knew of it',
      transition(orderIn('pending'), { type: 'given_up' }),
      true,
    ],
    ['not one that waits for its creation', orderIn('pending'), false],
    ['not one whose payment was canceled', orderIn('canceled'), false],
    ['not one that was paid', orderIn('succeeded'), false],
  ])('is true of %s', (_, order, neverMade) => {
    expect(wasNeverMade(order)).toBe(neverMade);
  });
});

describe('isUnread', () => {
  const adopting = { operation: 'adopt', operationId: 'pi_1', since: 0, failure: null } as const;
  const failure = { code: 'api_error', message: 'Later.', stripeRequestId: null };
  it.each([
    ['one that takes a payment over', { ...orderIn('pending'), pending: adopting }, true],
    ['not one that waits for Stripe', { ...orderIn('pending'), pending: { ...adopting, failure } }, false],
    [
      'not one that is created',
      { ...orderIn('pending'), pending: { ...adopting, operation: 'authorize' } },
      false,
    ],
    ['not one that nothing is done with', orderIn('pending'), false],
    ['not one that knows its payment', { ...orderIn('succeeded'), pending: adopting }, false],
  ] as const)('is true of %s', (_, order, unread) => {
    expect(isUnread(order)).toBe(unread);
  });
});

describe('paymentIntentOf', () => {
  it('is null until Stripe was seen to know of the payment', () => {
    expect(paymentIntentOf(orderIn('pending'))).toBeNull();
    expect(paymentIntentOf(orderIn('processing'))).toBe('pi_1');
    expect(paymentIntentOf(transition(orderIn('pending'), { type: 'given_up' }))).toBeNull();
  });
});

describe('orderAmount', () => {
  it.each([
    ['what was agreed, before Stripe holds anything', orderIn('pending'), 1000],
    ['what is held, increments included', orderIn('requires_capture', { amount: 1500 }), 1500],
    ['what was held when it was captured', orderIn('succeeded', { amount: 1500 }), 1500],
    ['what was agreed, once nothing is held any more', orderIn('canceled', { amount: 1500 }), 1000],
  ])('is %s', (_, order, amount) => {
    expect(orderAmount(order)).toBe(amount);
  });
});
