import { describe, expect, it } from 'vitest';
import { needOfOrder, nextAttemptAtOfOrder } from '../../../domain/orders/needs.ts';
import { amountCaptured, captureDeadline, newOrder } from '../../../domain/orders/order.ts';
import { orderSummary } from '../../../domain/orders/order-summary.ts';
import { newPayout } from '../../../domain/payouts/payout.ts';
import { payoutSummary } from '../../../domain/payouts/payout-summary.ts';
import { NOW, orderIn, payoutTerms, terms } from '../../support/builders.ts';

const ATTENTION = {
  operation: 'capture',
  operationId: 'capture-1',
  code: 'api_error',
  message: 'Stripe does not answer.',
  stripeRequestId: 'req_1',
  since: NOW + 1,
  generation: 0,
  allowedActions: ['retry'],
} as const;
const NEED = {
  operation: 'capture',
  code: 'api_error',
  subject: null,
  message: 'Stripe does not answer.',
  stripeRequestId: 'req_1',
  since: NOW + 1,
  deadline: null,
  allowedActions: ['retry'],
} as const;
const NOTICE = {
  code: 'capture_expiring',
  subject: 'pi_1',
  message: 'Nobody has captured this payment.',
  since: NOW,
  deadline: NOW + 2,
  allowedActions: ['acknowledge'],
  acknowledgedBy: null,
} as const;

describe('the summary of an order', () => {
  it('has little to say of a usual one', () => {
    const order = newOrder(terms(), NOW, false);
    expect(orderSummary(order, NOW)).toEqual({ amount: 1000, currency: 'usd', livemode: false });
  });

  it('has what its caller said, and the total after an increment', () => {
    const said = { description: 'two chairs', metadata: { cart: '1' } };
    const order = orderIn('requires_capture', { amount: 1500 }, said);
    expect(orderSummary(order, NOW)).toEqual({ amount: 1500, currency: 'usd', livemode: false, ...said });
  });

  it.each([null, NOW + 1])('has its time where that is not when its run started (%s)', (startedAt) => {
    expect(orderSummary(newOrder(terms(), NOW, false), startedAt)).toMatchObject({ createdAt: NOW });
  });
});

describe('when Waybill tries next', () => {
  const order = orderIn('requires_capture');
  const recovering = {
    ...NOTICE,
    code: 'recovery_pending',
    subject: 'dp_1',
    deadline: null,
  } as const;
  const recovery = {
    disputeId: 'dp_1',
    status: 'pending',
    attempts: 1,
    nextAttemptAt: NOW + 5,
    reversal: null,
    failure: null,
  } as const;

  it('is not said of what waits for somebody', () => {
    expect(nextAttemptAtOfOrder(order)).toBeNull();
    expect(nextAttemptAtOfOrder({ ...order, notices: [NOTICE] })).toBeNull();
    expect(nextAttemptAtOfOrder({ ...order, attention: ATTENTION })).toBeNull();
    expect(nextAttemptAtOfOrder({ ...order, notices: [recovering] })).toBeNull();
  });

  it('is the next look at what is stuck, or the next try of a recovery', () => {
    const attention = { ...ATTENTION, nextProbeAt: NOW + 3 };
    expect(nextAttemptAtOfOrder({ ...order, attention })).toBe(NOW + 3);
    expect(nextAttemptAtOfOrder({ ...order, notices: [recovering], recoveries: [recovery] })).toBe(NOW + 5);
  });

  it('is in no summary: it would change with each try', () => {
    const attention = { ...ATTENTION, nextProbeAt: NOW + 3 };
    expect(orderSummary({ ...order, attention }, NOW)).toEqual(
      orderSummary({ ...order, attention: ATTENTION }, NOW),
    );
  });
});

describe('what somebody has to look at first', () => {
  const order = orderIn('requires_capture');

  it('is nothing of a usual order', () => {
    expect(needOfOrder(order)).toBeNull();
  });

  it('is a notice where nothing is stuck', () => {
    const { acknowledgedBy: _, ...shown } = NOTICE;
    const expected = { ...shown, operation: null, stripeRequestId: null };
    expect(needOfOrder({ ...order, notices: [NOTICE] })).toEqual(expected);
    expect(orderSummary({ ...order, notices: [NOTICE] }, NOW).need).toEqual(expected);
  });

  it('is what is stuck, with the deadline of an authorization', () => {
    const stuck = { ...order, attention: ATTENTION, notices: [NOTICE] };
    expect(needOfOrder(stuck)).toEqual({ ...NEED, deadline: captureDeadline(order) });
    const captured = { ...orderIn('succeeded'), attention: ATTENTION };
    expect(needOfOrder(captured)).toEqual(NEED);
    const endless = { ...orderIn('requires_capture', { captureBefore: null }), attention: ATTENTION };
    expect(needOfOrder(endless)).toEqual(NEED);
  });
});

it('nothing is captured of an order that is not charged, and it has no deadline', () => {
  expect([amountCaptured(orderIn('succeeded')), amountCaptured(orderIn('pending'))]).toEqual([1000, 0]);
  expect(captureDeadline(orderIn('pending'))).toBeNull();
});

describe('the summary of a payout', () => {
  const payout = newPayout(payoutTerms(), NOW, false);
  const usual = { amount: payout.terms.amount, currency: 'usd', method: 'standard', livemode: false };

  it('has little to say of a usual one', () => {
    expect(payoutSummary(payout, NOW)).toEqual(usual);
  });

  it('has what its caller said, its own time, and what is stuck', () => {
    const said = { description: 'weekly', metadata: { week: '1' } };
    const stuck = { ...payout, terms: payoutTerms(said), attention: ATTENTION };
    expect(payoutSummary(stuck, null)).toEqual({ ...usual, ...said, createdAt: NOW, need: NEED });
  });
});
