import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';
import type { Dispute } from '../../../domain/orders/dispute.ts';
import {
  applyDispute,
  currentDispute,
  DISPUTE_STATUSES,
  isDisputeStatus,
  isInquiry,
  isOpen,
  needsResponse,
} from '../../../domain/orders/dispute.ts';
import { fundsOf } from '../../../domain/orders/funds.ts';
import { openNotices, withNotices } from '../../../domain/orders/notices.ts';
import type { Order } from '../../../domain/orders/order.ts';
import type { OrderEvent } from '../../../domain/orders/transition.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { dispute, facts, inquiry, NOW, orderIn, refund, wonDispute } from '../../support/builders.ts';

/** A dispute's whole life, as Stripe tells it. */
const LIFE: readonly Dispute[] = [
  inquiry(),
  inquiry({ status: 'warning_under_review', submissionCount: 1 }),
  dispute(),
  dispute({ status: 'under_review', submissionCount: 1 }),
  wonDispute(),
];

describe('what Stripe shows of a dispute', () => {
  it('holds as it was read last', () => {
    LIFE.forEach((told, n) => {
      expect(LIFE.slice(0, n + 1).reduce(applyDispute, [])).toEqual([told]);
    });
  });

  it.each([
    ['fewer movements of money', wonDispute(), dispute({ submissionCount: 9 })],
    ['less evidence', dispute({ status: 'under_review', submissionCount: 1 }), dispute({ status: 'lost' })],
    ['an earlier stage', dispute({ status: 'lost' }), dispute({ status: 'under_review' })],
  ])('changes nothing when it shows %s: it is older', (_, known, older) => {
    expect(applyDispute([known], older)).toEqual([known]);
  });

  it('is newer where the bank asks once more, until a later time', () => {
    const answered = dispute({ status: 'under_review', submissionCount: 1 });
    const askedAgain = dispute({ submissionCount: 1, evidenceDueBy: (answered.evidenceDueBy ?? 0) + 1 });
    expect(applyDispute([answered], askedAgain)).toEqual([askedAgain]);
    const withNoTime = { ...askedAgain, evidenceDueBy: null };
    expect(applyDispute([answered], withNoTime)).toEqual([answered]);
    expect(applyDispute([withNoTime], answered)).toEqual([answered]);
  });

  it('follows an appeal to its end', () => {
    const statuses = ['lost', 'appeal_needs_response', 'appeal_under_review', 'lost'] as const;
    const told = statuses.map((status) => dispute({ status }));
    expect(told.reduce(applyDispute, [])).toEqual([dispute({ status: 'lost' })]);
  });

  it('ends the same whatever came before, in any order and however often', () => {
    const told = fc.array(fc.constantFrom(...LIFE), { maxLength: 12 });
    fc.assert(
      fc.property(told, fc.constantFrom(...LIFE.slice(-1)), (before, last) => {
        expect([...before, last].reduce(applyDispute, [])).toEqual([last]);
      }),
    );
  });

  it('keeps several disputes of one charge apart', () => {
    const other = dispute({ id: 'dp_2' });
    expect([dispute(), other, wonDispute()].reduce(applyDispute, [])).toEqual([wonDispute(), other]);
  });
});

describe('a status', () => {
  it.each([
    ['warning_needs_response', { inquiry: true, open: true, asks: true }],
    ['warning_under_review', { inquiry: true, open: true, asks: false }],
    ['warning_closed', { inquiry: true, open: false, asks: false }],
    ['needs_response', { inquiry: false, open: true, asks: true }],
    ['under_review', { inquiry: false, open: true, asks: false }],
    ['won', { inquiry: false, open: false, asks: false }],
    ['lost', { inquiry: false, open: false, asks: false }],
    ['appeal_needs_response', { inquiry: false, open: true, asks: true }],
    ['appeal_under_review', { inquiry: false, open: true, asks: false }],
    ['prevented', { inquiry: false, open: false, asks: false }],
  ] as const)('%s says what is asked of whom', (status, expected) => {
    const one = dispute({ status });
    expect({ inquiry: isInquiry(one), open: isOpen(one), asks: needsResponse(one) }).toEqual(expected);
  });

  it('is known or not', () => {
    expect(DISPUTE_STATUSES.every(isDisputeStatus)).toBe(true);
    expect(isDisputeStatus('forgiven')).toBe(false);
  });
});

describe('the dispute that counts', () => {
  it('is the newest that is open, or else the newest; none of none', () => {
    const [old, open, closed] = [
      dispute({ id: 'dp_1', status: 'lost' }),
      dispute({ id: 'dp_2' }),
      wonDispute({ id: 'dp_3' }),
    ];
    expect(currentDispute([old, open, closed])).toBe(open);
    expect(currentDispute([old, closed])).toBe(closed);
    expect(currentDispute([])).toBeNull();
  });

  it('is the one that has to be answered first, of several', () => {
    const [later, sooner, never, reviewed] = [
      dispute({ id: 'dp_1', evidenceDueBy: NOW + 2 }),
      dispute({ id: 'dp_2', evidenceDueBy: NOW + 1 }),
      dispute({ id: 'dp_3', evidenceDueBy: null }),
      dispute({ id: 'dp_4', status: 'under_review' }),
    ];
    expect(currentDispute([later, sooner, never, reviewed])).toBe(sooner);
    expect(currentDispute([never, reviewed])).toBe(never);
    expect(currentDispute([reviewed, never])).toBe(never);
  });
});

describe('dispute, refunds and readings of the payment together', () => {
  const events: readonly OrderEvent[] = [
    { type: 'payment_observed', payment: facts('succeeded') },
    { type: 'payment_observed', payment: facts('requires_capture') },
    { type: 'refund_recorded', refund: refund({ id: 're_1', status: 'pending', platform: null }) },
    { type: 'refund_recorded', refund: refund({ id: 're_1', amount: 300, platform: { usd: -300 } }) },
    { type: 'refund_recorded', refund: refund({ id: 're_2', status: 'failed', platform: {} }) },
    ...LIFE.map((one) => ({ type: 'dispute_observed' as const, dispute: one })),
  ];
  /** What a reading in the end shows, whatever was heard before. */
  const truth: readonly OrderEvent[] = [
    { type: 'payment_observed', payment: facts('succeeded', { disputed: true }) },
    { type: 'refund_recorded', refund: refund({ id: 're_1', amount: 300, platform: { usd: -300 } }) },
    { type: 'refund_recorded', refund: refund({ id: 're_2', status: 'failed', platform: {} }) },
    { type: 'dispute_observed', dispute: wonDispute() },
  ];
  const byId = ({ refunds, ...order }: Order) => ({
    ...order,
    refunds: refunds.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  });
  const apply = (order: Order, event: OrderEvent): Order => {
    try {
      return withNotices(transition(order, event), NOW);
    } catch (error) {
      if (error instanceof IllegalTransition) return order;
      throw error;
    }
  };

  it('end in the same state, notices and cents, in any order, with anything twice or lost', () => {
    const expected = byId(truth.reduce(apply, orderIn('requires_capture')));
    const heard = fc
      .array(fc.constantFrom(...events), { maxLength: 20 })
      .chain((some) => fc.shuffledSubarray(some, { minLength: some.length, maxLength: some.length }));
    fc.assert(
      fc.property(heard, (some) => {
        const order = [...some, ...truth].reduce(apply, orderIn('requires_capture'));
        expect(byId(order)).toEqual(expected);
        expect(fundsOf(order)).toEqual(fundsOf({ ...order, ...expected }));
      }),
      { numRuns: 500 },
    );
    expect(openNotices(expected.notices).map(({ code }) => code)).toEqual(['refund_failed']);
  });

  it('take amount and fee from the platform while the bank has them, and give them back when it is won', () => {
    const during = transition(orderIn('succeeded'), { type: 'dispute_observed', dispute: dispute() });
    expect(fundsOf(during)).toMatchObject({ platform: { usd: 64 - 2500 }, connected: { usd: 877 } });
    const after = transition(during, { type: 'dispute_observed', dispute: wonDispute() });
    expect(fundsOf(after)).toEqual(fundsOf(orderIn('succeeded')));
  });
});
