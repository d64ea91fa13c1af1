import { expect, it } from 'vitest';
import type { Adjustment } from '../../domain/orders/adjustment.ts';
import { fundsOf } from '../../domain/orders/funds.ts';
import { withNotices } from '../../domain/orders/notices.ts';
import { knownMovements } from '../../domain/orders/observation.ts';
import { eventsOf } from '../../domain/orders/observed-events.ts';
import { newOrder } from '../../domain/orders/order.ts';
import { outstandingOf } from '../../domain/orders/outstanding.ts';
import { newRecovery } from '../../domain/orders/recovery.ts';
import { transition } from '../../domain/orders/transition.ts';
import { adjustment, dispute, facts, NOW, orderIn, refund, terms, transfer } from '../support/builders.ts';

const REVERSAL = adjustment();

it('an adopted order is what Stripe shows of its payment, and as old as that', () => {
  const adopted = {
    payment: facts('succeeded', { livemode: true }),
    metadata: {},
    decline: null,
    refunds: [refund()],
    transfers: [transfer()],
    adjustments: [REVERSAL],
    disputes: [],
    createdAt: NOW - 1,
    review: { id: 'prv_1', paymentIntent: 'pi_1', isOpen: true, openedReason: 'rule' },
  };
  const order = transition(newOrder(terms(), NOW, false), { type: 'adopted', adopted, isReopened: false });
  expect(order).toMatchObject({
    createdAt: NOW - 1,
    review: adopted.review,
    livemode: true,
    payment: { status: 'captured' },
    refunds: [refund()],
    transfers: [transfer()],
    adjustments: [REVERSAL],
  });
  expect(fundsOf(order)).toMatchObject({
    platform: { usd: 64 - 500 - 100 + 50 },
    connected: { usd: 877 + 100 - 50 },
  });
});

it('what moved with no refund is recorded once, and is outstanding until its balance transaction is there', () => {
  const before = orderIn('succeeded');
  const seen = (platform: Adjustment['platform']) => ({
    payment: facts('succeeded'),
    metadata: {},
    decline: null,
    refunds: [],
    adjustments: [{ ...REVERSAL, platform }],
    disputes: [],
  });
  const observe = (order: typeof before, platform: Adjustment['platform']) =>
    eventsOf(order, seen(platform)).reduce(transition, order);
  const early = observe(before, null);
  expect(outstandingOf(early)).toEqual(['trr_1']);
  expect(knownMovements(early).adjustments).toEqual([]);
  const later = observe(early, { usd: 50 });
  expect(later.adjustments).toEqual([REVERSAL]);
  expect(outstandingOf(later)).toEqual([]);
  expect(knownMovements(later).adjustments).toEqual(['trr_1']);
});

it.each([
  [
    'before Waybill knew of it are left to whoever was responsible then',
    'recover',
    false,
    'lost',
    ['given_up'],
  ],
  ['while its order was closed are still to be recovered', 'recover', true, 'lost', []],
  ['that the platform bears need no recovery', 'bear', false, 'lost', []],
  ['that are still open may be recovered once they are lost', 'recover', false, 'needs_response', []],
] as const)('disputes %s', (_, onDisputeLost, isReopened, status, expected) => {
  const adopted = {
    payment: facts('succeeded'),
    metadata: {},
    decline: null,
    refunds: [],
    transfers: [],
    adjustments: [],
    disputes: [dispute({ status })],
    createdAt: NOW,
  };
  const order = newOrder(terms({ onDisputeLost }), NOW, false);
  const { recoveries } = transition(order, { type: 'adopted', adopted, isReopened });
  expect(recoveries.map((one) => one.status)).toEqual(expected);
});

it.each([
  ['won', ['recovered_and_won']],
  ['lost', []],
] as const)(
  'a share that was taken before its order was forgotten is known by the reversal; %s',
  (status, codes) => {
    const adopted = {
      payment: facts('succeeded'),
      metadata: {},
      decline: null,
      refunds: [],
      transfers: [],
      adjustments: [
        adjustment({ id: 'trr_1', transfer: 'tr_1', operationId: 'recover:dp_1', amount: 300 }),
        adjustment({ id: 'trr_2', transfer: 'tr_2', operationId: 'recover:dp_1', amount: 200 }),
        adjustment({ id: 'trr_3', operationId: 'recover:dp_2' }),
      ],
      disputes: [dispute({ status })],
      createdAt: NOW,
    };
    const order = transition(newOrder(terms(), NOW, false), { type: 'adopted', adopted, isReopened: false });
    expect(order.recoveries).toEqual([
      {
        ...newRecovery('dp_1'),
        status: 'recovered',
        reversal: { id: 'trr_1', transfer: 'tr_1', amount: 500, currency: 'usd' },
      },
    ]);
    expect(withNotices(order, NOW).notices.map(({ code }) => code)).toEqual(codes);
  },
);

it('a payment is read with its special-case transfers, and what another account gives back is not this one’s', () => {
  const paid = {
    ...orderIn('succeeded'),
    transfers: [transfer(), transfer({ id: 'tr_3', destination: 'acct_2' })],
  };
  expect(knownMovements(paid).transfers).toEqual([
    { id: transfer().id, isOtherAccount: false },
    { id: 'tr_3', isOtherAccount: true },
  ]);
});
