import { describe, expect, it } from 'vitest';
import type { AccountFunds, PayoutTerms, StripePayoutStatus } from '../../../domain/payouts/payout.ts';
import { newPayout, payoutTransition } from '../../../domain/payouts/payout.ts';
import {
  CONFIRMED_WITHIN_MS,
  FUNDED_WITHIN_MS,
  isPayoutOverdue,
  overduePayoutNotices,
} from '../../../domain/payouts/payout-overdue.ts';
import { NOW, payoutFacts, payoutTerms } from '../../support/builders.ts';

const waiting = (funds: Partial<AccountFunds>, terms: Partial<PayoutTerms> = {}) =>
  payoutTransition(newPayout(payoutTerms(terms), NOW, false), {
    type: 'funds_awaited',
    funds: { available: 0, instantAvailable: null, pending: [], ...funds },
  });
const seen = (status: StripePayoutStatus) =>
  payoutTransition(newPayout(payoutTerms(), NOW, false), {
    type: 'payout_observed',
    payout: payoutFacts({ status, arrivalDate: NOW }),
  });
const later = (amount: number) => [{ amount, availableOn: NOW + 30 * 24 * 60 * 60 * 1000 }];
const messageOf = (payout: ReturnType<typeof waiting>) =>
  overduePayoutNotices({ ...payout, overdueSince: NOW }, 'po_1').map(({ message }) => message);

describe('a payout that waits for funds', () => {
  it.each<[string, boolean, Partial<AccountFunds>, Partial<PayoutTerms>?]>([
    ['nothing is there', true, {}],
    ['too little is there', true, { available: 599 }],
    ['too little is on its way', true, { available: 100, pending: later(499) }],
    ['enough is on its way', false, { available: 100, pending: later(500) }],
    ['enough is there, and Stripe does not pay it out', true, { available: 600, pending: later(1) }],
    [
      'enough is there, but not for an instant payout',
      false,
      { available: 600, instantAvailable: 0, pending: later(600) },
      { method: 'instant' },
    ],
  ])('is overdue after a week: %s, %s', (_, isOverdue, funds, terms) => {
    const payout = waiting(funds, terms);
    expect(isPayoutOverdue(payout, NOW, NOW + FUNDED_WITHIN_MS)).toBe(isOverdue);
    expect(isPayoutOverdue(payout, NOW, NOW + FUNDED_WITHIN_MS - 1)).toBe(false);
  });

  it('says what is missing', () => {
    expect(messageOf(waiting({ available: 100 }))).toEqual([
      'This payout has waited for funds for more than 7 days. The account has 1.00 USD available, 5.00 USD too little for a payout of 6.00 USD. Nothing is pending. It goes on waiting, unless somebody cancels it.',
    ]);
  });
});

describe('a payout at Stripe', () => {
  it.each<[StripePayoutStatus, boolean]>([
    ['pending', true],
    ['in_transit', true],
    ['paid', false],
    ['failed', false],
    ['canceled', false],
  ])('that is %s long after it should have arrived is overdue: %s', (status, isOverdue) => {
    expect(isPayoutOverdue(seen(status), NOW, NOW + CONFIRMED_WITHIN_MS)).toBe(isOverdue);
    expect(isPayoutOverdue(seen(status), 0, NOW + CONFIRMED_WITHIN_MS - 1)).toBe(false);
    expect(messageOf(seen(status))).toHaveLength(isOverdue ? 1 : 0);
  });

  it('says when it should have arrived', () => {
    expect(messageOf(seen('in_transit'))).toMatchObject([
      expect.stringContaining('on 2026-01-05, and Stripe still shows it as in_transit'),
    ]);
  });
});
