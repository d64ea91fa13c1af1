import { describe, expect, it } from 'vitest';
import { fundsOf } from '../../../domain/orders/funds.ts';
import type { Observation } from '../../../domain/orders/observation.ts';
import { heldCharge, isNewRefund, knownMovements, knownReview } from '../../../domain/orders/observation.ts';
import { eventsOf } from '../../../domain/orders/observed-events.ts';
import type { Decline, Order, Refund } from '../../../domain/orders/order.ts';
import { outstandingOf } from '../../../domain/orders/outstanding.ts';
import type { Review } from '../../../domain/orders/review-state.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { dispute, facts, feeRefund, NOW, orderIn, refund, transfer } from '../../support/builders.ts';

const decline: Decline = {
  code: 'card_declined',
  declineCode: 'lost_card',
  message: 'No.',
  param: null,
  at: NOW,
};
const failed: Observation = {
  payment: facts('requires_payment_method'),
  metadata: {},
  decline,
  refunds: [],
  adjustments: [],
  disputes: [],
};
const declinedOrder = transition(orderIn('requires_action'), {
  type: 'payment_declined',
  ...failed,
  decline,
});

describe('a review that is observed', () => {
  const review: Review = { id: 'prv_1', paymentIntent: 'pi_1', isOpen: true, openedReason: 'rule' };
  const seen = eventsOf(orderIn('requires_capture'), {
    ...failed,
    decline: null,
    payment: facts('requires_capture'),
    review,
  });
  const reviewed = seen.reduce(transition, orderIn('requires_capture'));

  it('is known, so that one that was closed is not read again', () => {
    expect(reviewed.review).toEqual(review);
    expect(knownReview(orderIn('requires_capture'))).toEqual({});
    expect(knownReview(reviewed)).toEqual({ review: { id: 'prv_1', isOpen: true } });
    const closed = transition(reviewed, { type: 'review_observed', review: { ...review, isOpen: false } });
    expect(knownReview(closed)).toEqual({ review: { id: 'prv_1', isOpen: false } });
  });

  it('is that of its payment alone, not of one that took its place', () => {
    const payment = facts('requires_capture', { paymentIntent: 'pi_2' });
    expect(knownReview(transition(reviewed, { type: 'authorization_replaced', payment, cycle: 1 }))).toEqual(
      {},
    );
  });
});

describe('a decline that is observed', () => {
  it.each([
    [
      'is news to an order that waits for the customer',
      orderIn('requires_action'),
      failed,
      'payment_declined',
    ],
    [
      'is news to an order that knows of none',
      orderIn('requires_payment_method'),
      failed,
      'payment_declined',
    ],
    [
      'is news when it is another',
      declinedOrder,
      { ...failed, decline: { ...decline, declineCode: 'stolen_card' } },
      'payment_declined',
    ],
    [
      'is none when only its time is another, which Stripe does not show',
      declinedOrder,
      { ...failed, decline: { ...decline, at: NOW + 1 } },
      'payment_observed',
    ],
    ['is none when there is none', declinedOrder, { ...failed, decline: null }, 'payment_observed'],
  ])('%s', (_, order, observation, type) => {
    expect(eventsOf(order, observation).map((event) => event.type)).toEqual([type]);
  });
});

/** An order whose refund was read with these references, each as its status and number. */
function referred(references: readonly (string | undefined)[]): Order {
  const refunds = references.map((words) => {
    const [status, value] = words?.split(' ') ?? [];
    return refund(status ? { reference: { status, ...(value ? { value } : {}) } } : {});
  });
  return refunds.reduce(
    (order, one) => transition(order, { type: 'refund_recorded', refund: one }),
    orderIn('succeeded'),
  );
}

describe('a refund is new', () => {
  const known = knownMovements(
    transition(orderIn('succeeded'), { type: 'refund_recorded', refund: refund({ platform: null }) }),
  ).refunds;
  it.each([
    ['when it was never seen', refund({ id: 're_2' }), true],
    ['when it has come on', refund({ status: 'failed', platform: null }), true],
    ['when its balance transaction is there', refund({ platform: { usd: -500 } }), true],
    ['not when all of it is known', refund({ platform: null }), false],
  ])('%s', (_, one, isNew) => {
    expect(isNewRefund(one, known)).toBe(isNew);
  });

  it('when it waits for funds, and when it no longer does', () => {
    const waits = refund({ status: 'pending', waitsForFunds: true });
    const sent = refund({ status: 'pending' });
    const knownAs = (one: typeof sent) =>
      knownMovements(transition(orderIn('succeeded'), { type: 'refund_recorded', refund: one })).refunds;
    expect([waits, sent].map((one) => isNewRefund(one, knownAs(sent)))).toEqual([true, false]);
    expect([waits, sent].map((one) => isNewRefund(one, knownAs(waits)))).toEqual([false, true]);
  });

  it.each([
    ['when its reference is there', 'pending', 'available 24011', true],
    ['when it gets none', 'pending', 'unavailable', true],
    ['when its reference is another', 'available 24011', 'available 24012', true],
    ['when it was read before references were', undefined, 'pending', true],
    ['not while it has none', 'pending', 'pending', false],
    ['not when its reference is known', 'available 24011', 'available 24011', false],
    ['not by an older answer', 'available 24011', 'pending', false],
    ['not by what an older worker read', 'available 24011', undefined, false],
  ])('%s, and what is known of it stays', (_, first, second, isNew) => {
    const order = referred([first]);
    const now = referred([second]).refunds[0] as Refund;
    expect(isNewRefund(now, knownMovements(order).refunds)).toBe(isNew);
    const kept = isNew ? second : first;
    expect(referred([first, second]).refunds).toEqual(referred([kept]).refunds);
  });

  it('when Stripe has written to its customer again, or gives them another time', () => {
    const asked = { type: 'display_details', emailSentAt: NOW, expiresAt: NOW + 45 };
    const waiting = (nextAction?: Refund['nextAction']) =>
      refund({ status: 'requires_action', ...(nextAction ? { nextAction } : {}) });
    const order = transition(orderIn('succeeded'), { type: 'refund_recorded', refund: waiting(asked) });
    const known = knownMovements(order).refunds;
    const seen = [asked, { ...asked, emailSentAt: NOW + 1 }, { ...asked, expiresAt: null }, undefined];
    expect(seen.map((next) => isNewRefund(waiting(next), known))).toEqual([false, true, true, false]);
  });

  it('once, with what it gave back of the application fee', () => {
    const order = transition(orderIn('succeeded'), {
      type: 'refund_recorded',
      refund: refund({ applicationFeeRefunded: 41, feeRefunds: ['fr_1'] }),
    });
    expect(knownMovements(order)).toMatchObject({
      refunds: [{ applicationFeeRefunded: 41, feeRefunds: ['fr_1'] }],
      applicationFeeRefunded: 41,
    });
  });

  it('and is recorded together with the payment', () => {
    const observation = {
      payment: facts('succeeded'),
      metadata: {},
      decline: null,
      refunds: [refund()],
      adjustments: [],
      disputes: [],
    };
    const order = eventsOf(orderIn('requires_capture'), observation).reduce(
      transition,
      orderIn('requires_capture'),
    );
    expect(order).toMatchObject({ payment: { status: 'captured' }, refunds: [{ id: 're_1' }] });
  });
});

describe('an older answer about a refund', () => {
  it.each([
    ['succeeded', 'pending', 'succeeded'],
    ['pending', 'succeeded', 'succeeded'],
    ['succeeded', 'failed', 'failed'],
    ['failed', 'succeeded', 'failed'],
    ['canceled', 'pending', 'canceled'],
    ['pending', 'requires_action', 'requires_action'],
    ['requires_action', 'pending', 'pending'],
    ['succeeded', 'requires_action', 'requires_action'],
    ['failed', 'requires_action', 'failed'],
    ['requires_action', 'canceled', 'canceled'],
  ] as const)('%s, then %s: it is %s', (first, second, status) => {
    const order = [first, second].reduce(
      (known, now) => transition(known, { type: 'refund_recorded', refund: refund({ status: now }) }),
      orderIn('succeeded'),
    );
    expect(order.refunds).toMatchObject([{ status }]);
  });

  it('does not take away what is known of the money', () => {
    const order = [refund({ platform: { usd: -500 } }), refund({ platform: null })].reduce(
      (known, one) => transition(known, { type: 'refund_recorded', refund: one }),
      orderIn('succeeded'),
    );
    expect(order.refunds).toMatchObject([{ platform: { usd: -500 } }]);
  });
});

describe('a refund that ends after it had moved money', () => {
  const ends = ['failed', 'canceled'] as const;
  const recorded = (refunds: readonly Refund[]) =>
    refunds.reduce(
      (order, one) => transition(order, { type: 'refund_recorded', refund: one }),
      orderIn('succeeded'),
    );

  it.each(ends)(
    'as %s is outstanding until Stripe shows the money that comes back, and then whole',
    (status) => {
      const before = [refund({ platform: { usd: -500 } }), refund({ status, platform: null })];
      const ended = recorded(before);
      expect(outstandingOf(ended)).toEqual(['re_1']);
      expect(fundsOf(ended).platform).toBeNull();
      const back = refund({ status, platform: {} });
      expect(isNewRefund(back, knownMovements(ended).refunds)).toBe(true);
      const whole = recorded([...before, back]);
      expect(outstandingOf(whole)).toEqual([]);
      expect(fundsOf(whole).platform).toEqual(fundsOf(orderIn('succeeded')).platform);
    },
  );

  it.each(ends)('as %s keeps what is known of both ways where a later answer leaves it out', (status) => {
    const ended = recorded([refund({ status, platform: {} }), refund({ status, platform: null })]);
    expect(ended.refunds).toMatchObject([{ status, platform: {} }]);
  });
});

it('an observation gives the payment first, then every refund, adjustment and dispute it saw', () => {
  const feeBack = feeRefund();
  const payment = facts('succeeded');
  const seen = {
    payment,
    metadata: {},
    decline: null,
    refunds: [refund()],
    adjustments: [feeBack],
    disputes: [dispute()],
  };
  expect(eventsOf(orderIn('requires_capture'), seen)).toEqual([
    { type: 'payment_observed', payment },
    { type: 'refund_recorded', refund: refund() },
    { type: 'adjustment_recorded', adjustment: feeBack },
    { type: 'dispute_observed', dispute: dispute() },
  ]);
});

describe('outstanding is', () => {
  const captured = orderIn('succeeded');
  it.each([
    ['nothing of a settled order', captured, []],
    ['nothing of an authorization', orderIn('requires_capture'), []],
    ['the settlement that Stripe makes later', orderIn('succeeded', { settlement: null }), ['settlement']],
    ['a refund without its balance transaction', withRefund({ platform: null }), ['re_1']],
    ['a refund on its way', withRefund({ status: 'pending' }), ['re_1']],
    ['a refund that waits for the customer', withRefund({ status: 'requires_action' }), ['re_1']],
    ['no refund that has ended', withRefund({ status: 'failed' }), []],
    [
      'a transfer without its balance transaction',
      transition(captured, { type: 'transfer_recorded', transfer: transfer({ platform: null }) }),
      ['tr_special'],
    ],
  ])('%s', (_, order, outstanding) => {
    expect(outstandingOf(order)).toEqual(outstanding);
  });

  function withRefund(changes: Parameters<typeof refund>[0]) {
    return transition(captured, { type: 'refund_recorded', refund: refund(changes) });
  }
});

it('metadata that was changed at Stripe is news; another order of its pairs is none', () => {
  const seen = (metadata: Record<string, string>): Observation => ({ ...failed, decline: null, metadata });
  const before = transition(orderIn('requires_payment_method'), {
    type: 'metadata_observed',
    metadata: { a: '1', b: '2' },
  });
  const metadataAfter = (metadata: Record<string, string>) =>
    eventsOf(before, seen(metadata)).reduce(transition, before).terms.metadata;
  expect(metadataAfter({ a: '1' })).toEqual({ a: '1' });
  expect(eventsOf(before, seen({ b: '2', a: '1' })).map(({ type }) => type)).toEqual(['payment_observed']);
});

it.each([
  ['authorized', orderIn('requires_capture'), 'ch_1'],
  ['captured', orderIn('succeeded'), 'ch_1'],
  ['unpaid', orderIn('requires_payment_method'), null],
] as const)('an order that is %s holds the charge that pays it', (_, order, charge) => {
  expect(heldCharge(order)).toBe(charge);
});

it('the transfer of a charge that failed is known until somebody reverses it; a charge may have none', () => {
  const failedCharge = { code: 'x', message: 'x', wasCaptured: true, applicationFee: null, settlement: null };
  const order = {
    ...orderIn('succeeded'),
    failedCharges: [
      { ...failedCharge, charge: 'ch_8', transfer: null },
      { ...failedCharge, charge: 'ch_9', transfer: 'tr_9' },
    ],
  };
  expect(knownMovements(order).transfers).toEqual([{ id: 'tr_9', isOtherAccount: false }]);
});
