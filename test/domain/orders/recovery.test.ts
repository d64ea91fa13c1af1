import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recoveryOperationId } from '../../../domain/ids.ts';
import { fundsOf } from '../../../domain/orders/funds.ts';
import { isSettled, openNotices, withNotices } from '../../../domain/orders/notices.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { applicationFeeRefunded, applicationFeeRefunds } from '../../../domain/orders/order.ts';
import { outstandingOf } from '../../../domain/orders/outstanding.ts';
import {
  givenUp,
  newRecovery,
  pendingRecoveries,
  postponed,
  recovered,
  recoveryOf,
  refusedRecovery,
  sharesOfDispute,
  unrecoveredDisputes,
} from '../../../domain/orders/recovery.ts';
import type { Recovery, RecoveryReversal } from '../../../domain/orders/recovery-state.ts';
import { transition } from '../../../domain/orders/transition.ts';
import {
  adjustment,
  dispute,
  feeRefund,
  inquiry,
  NOW,
  orderIn,
  refund,
  wonDispute,
} from '../../support/builders.ts';

const HOUR_MS = 3_600_000;
const lost = dispute({ status: 'lost' });
const reversal: RecoveryReversal = {
  id: 'trr_1',
  transfer: 'tr_1',
  amount: 1000,
  currency: 'usd',
};
const NO_FUNDS = { code: 'balance_insufficient', message: 'Not enough.' };

function orderWith(
  told = lost,
  changes: Parameters<typeof orderIn>[2] = { onDisputeLost: 'recover' },
): Order {
  return transition(orderIn('succeeded', {}, changes), { type: 'dispute_observed', dispute: told });
}

function having(recovery: Recovery, told = lost): Order {
  return withNotices(transition(orderWith(told), { type: 'recovery_changed', recovery }), NOW);
}

function codes(order: Order) {
  return openNotices(order.notices).map(({ code }) => code);
}

describe('the connected account’s share of a dispute', () => {
  it.each([
    ['all of it', 1000, 1000, 1000, 0, 1000],
    ['in proportion', 400, 1000, 877, 0, 351],
    ['halves up', 1, 2, 1, 0, 1],
    ['no more than is left', 1000, 1000, 877, 500, 377],
    ['nothing of nothing', 1000, 1000, 877, 877, 0],
  ])('is %s', (_, disputed, charged, transferred, amountReversed, share) => {
    const transfer = { amount: transferred, amountReversed, others: [] };
    const [first, ...others] = sharesOfDispute({ amount: disputed }, { amount: charged }, 'tr_1', transfer);
    expect(first).toEqual({ transfer: 'tr_1', amount: share });
    expect(others).toEqual([]);
  });

  it('is of what the dispute cost, where it was lost in part', () => {
    const transfer = { amount: 900, amountReversed: 0, others: [] };
    expect(sharesOfDispute({ amount: 1000, amountLost: 600 }, { amount: 1000 }, 'tr_1', transfer)).toEqual([
      { transfer: 'tr_1', amount: 540 },
    ]);
  });

  it('is of every capture’s transfer, where there were several', () => {
    const last = { amount: 200, amountReversed: 0 };
    const others = [
      { transfer: 'tr_1', amount: 300, amountReversed: 0 },
      { transfer: 'tr_2', amount: 500, amountReversed: 400 },
    ];
    expect(sharesOfDispute({ amount: 500 }, { amount: 1000 }, 'tr_3', { ...last, others })).toEqual([
      { transfer: 'tr_3', amount: 100 },
      { transfer: 'tr_1', amount: 150 },
      { transfer: 'tr_2', amount: 100 },
    ]);
  });

  it('is never more than what is left of the transfer, and never negative', () => {
    const amount = fc.integer({ min: 1, max: 999_999_999_999 });
    fc.assert(
      fc.property(amount, amount, amount, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, whole, part) => {
        const amountReversed = Math.floor(whole * part);
        const disputed = { amount: Math.min(a, b) };
        const charged = { amount: Math.max(a, b) };
        const [{ amount: share }] = sharesOfDispute(disputed, charged, 'tr_1', {
          amount: whole,
          amountReversed,
          others: [],
        });
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(whole - amountReversed);
      }),
    );
  });
});

describe('what is to be recovered', () => {
  it.each([
    ['a lost dispute', orderWith(), 1],
    ['one that is open', orderWith(dispute()), 0],
    ['one that is won', orderWith(wonDispute()), 0],
    ['an inquiry that moved nothing', orderWith(inquiry({ status: 'lost' })), 0],
    ['one that the platform bears', orderWith(lost, { onDisputeLost: 'bear' }), 0],
    ['one that is being recovered', having(newRecovery('dp_1')), 0],
    ['one before the transfer is known', { ...orderWith(), payment: orderIn('requires_capture').payment }, 0],
  ])('of %s', (_, order, count) => {
    expect(unrecoveredDisputes(order)).toHaveLength(count);
  });
});

describe('a reversal that Stripe refuses', () => {
  it('for lack of funds is retried, and shown meanwhile', () => {
    const recovery = refusedRecovery(newRecovery('dp_1'), NO_FUNDS, NOW + HOUR_MS);
    expect(recovery).toMatchObject({ status: 'pending', attempts: 1, nextAttemptAt: NOW + HOUR_MS });
    expect(codes(having(recovery))).toEqual(['recovery_pending']);
  });

  it('for another reason waits for an operator', () => {
    const recovery = refusedRecovery(newRecovery('dp_1'), { code: 'account_invalid', message: 'Gone.' }, NOW);
    expect(recovery).toMatchObject({ status: 'refused', nextAttemptAt: null });
    expect(codes(having(recovery))).toEqual(['recovery_refused']);
  });

  it('or cannot be asked for at all is tried again too', () => {
    const recovery = postponed(newRecovery('dp_1'), { code: 'no_answer', message: '' }, NOW + 1);
    expect(recovery).toMatchObject({ status: 'pending', attempts: 1, nextAttemptAt: NOW + 1 });
  });

  it('is over once it is recovered or given up', () => {
    const waiting = refusedRecovery(newRecovery('dp_1'), NO_FUNDS, NOW);
    expect(codes(having(recovered(waiting, reversal)))).toEqual([]);
    expect(codes(having(recovered(waiting, null)))).toEqual([]);
    expect(codes(having(givenUp(waiting)))).toEqual([]);
  });
});

describe('a recovery', () => {
  it('moves the share, and the fee in the same proportion the other way, as the transfer shows', () => {
    const moved = [
      adjustment({ amount: 1000, platform: { usd: 1000 }, connected: { usd: -1000 } }),
      feeRefund({ amount: 123, platform: { usd: -123 }, connected: { usd: 123 } }),
    ];
    const order = moved.reduce(
      (before, one) => transition(before, { type: 'adjustment_recorded', adjustment: one }),
      having(recovered(newRecovery('dp_1'), reversal)),
    );
    expect(fundsOf(order)).toMatchObject({ platform: { usd: 64 - 2500 + 877 }, connected: {} });
    const refunded = transition(order, {
      type: 'refund_recorded',
      refund: refund({ applicationFeeRefunded: 7 }),
    });
    expect(applicationFeeRefunded(refunded)).toBe(130);
    expect(applicationFeeRefunds(refunded)).toEqual(['fr_1']);
  });

  it('is outstanding until what it moved has been read', () => {
    const order = having(recovered(newRecovery('dp_1'), reversal));
    expect(outstandingOf(order)).toEqual(['trr_1']);
    const moved = adjustment({ amount: 1000, platform: { usd: 1000 }, connected: { usd: -1000 } });
    const read = transition(order, { type: 'adjustment_recorded', adjustment: moved });
    expect(outstandingOf(read)).toEqual([]);
    expect(outstandingOf(having(recovered(newRecovery('dp_1'), null)))).toEqual([]);
  });

  it.each(['won', 'appeal_under_review'] as const)(
    'that waits has nothing to do while its dispute is %s',
    (status) => {
      const waiting = refusedRecovery(newRecovery('dp_1'), NO_FUNDS, NOW);
      const gone = refusedRecovery(newRecovery('dp_1'), { code: 'account_invalid', message: 'Gone.' }, NOW);
      const now = wonDispute({ status });
      expect(pendingRecoveries(having(waiting, now))).toEqual([]);
      expect(codes(having(waiting, now))).toEqual([]);
      expect(codes(having(gone, now))).toEqual([]);
      expect(isSettled(having(waiting, wonDispute()))).toBe(true);
      const lostAgain = having(waiting, dispute({ status: 'lost', movements: 3 }));
      expect(pendingRecoveries(lostAgain)).toEqual([waiting]);
      expect(isSettled(lostAgain)).toBe(false);
    },
  );

  it('of a dispute that is won after all is to be paid back', () => {
    expect(codes(having(recovered(newRecovery('dp_1'), reversal), wonDispute()))).toEqual([
      'recovered_and_won',
    ]);
  });

  it('of a dispute that is lost again after it was won asks whether the share had been paid back', () => {
    const won = having(recovered(newRecovery('dp_1'), reversal), wonDispute());
    const seen = transition(won, {
      type: 'notices_acknowledged',
      action: 'acknowledge',
      subject: 'dp_1',
      by: 'ops',
    });
    expect(codes(seen)).toEqual([]);
    const told = dispute({ status: 'lost', movements: 3 });
    const lostAgain = withNotices(transition(seen, { type: 'dispute_observed', dispute: told }), NOW);
    expect(codes(lostAgain)).toEqual(['lost_again']);
    expect(unrecoveredDisputes(lostAgain)).toEqual([]);
    const wonAgain = dispute({ status: 'won', movements: 4 });
    expect(
      codes(withNotices(transition(lostAgain, { type: 'dispute_observed', dispute: wonAgain }), NOW)),
    ).toEqual(['recovered_and_won']);
  });

  it('to which only some captures gave before the dispute was won says what is to be paid back', () => {
    const operationId = recoveryOperationId('dp_1');
    const taken = adjustment({ operationId, transfer: 'tr_1', amount: 300 });
    const begun = having(postponed(newRecovery('dp_1'), NO_FUNDS, NOW));
    const partly = transition(begun, { type: 'adjustment_recorded', adjustment: taken });
    const won = withNotices(transition(partly, { type: 'dispute_observed', dispute: wonDispute() }), NOW);
    expect(openNotices(won.notices)).toMatchObject([
      { code: 'recovered_and_won', subject: 'dp_1', message: expect.stringContaining('after 3.00 USD had') },
    ]);
    const told = dispute({ status: 'lost', movements: 3 });
    const lostAgain = withNotices(transition(won, { type: 'dispute_observed', dispute: told }), NOW);
    expect(codes(lostAgain)).toEqual(['recovery_pending', 'lost_again']);
  });

  it('of a dispute of which a part comes back says what it cost after all', () => {
    const order = having(recovered(newRecovery('dp_1'), reversal));
    const partly = dispute({ status: 'lost', movements: 2, amountLost: 600 });
    const told = withNotices(transition(order, { type: 'dispute_observed', dispute: partly }), NOW);
    expect(openNotices(told.notices)).toMatchObject([
      {
        code: 'recovered_too_much',
        subject: 'dp_1',
        message: expect.stringContaining('it cost 6.00 USD of 10.00 USD'),
        allowedActions: ['acknowledge'],
      },
    ]);
    const again = withNotices(transition(told, { type: 'dispute_observed', dispute: partly }), NOW);
    expect(codes(again)).toEqual(['recovered_too_much']);
    const known = having(recovered(newRecovery('dp_1'), reversal), partly);
    expect(codes(transition(known, { type: 'dispute_observed', dispute: partly }))).toEqual([]);
  });

  it.each(['under_review', 'appeal_under_review'] as const)(
    'that was made asks for nobody while its dispute is %s',
    (status) => {
      expect(codes(having(recovered(newRecovery('dp_1'), reversal), dispute({ status })))).toEqual([]);
    },
  );

  it('that was not made is as it was when its dispute is read again', () => {
    const waiting = refusedRecovery(newRecovery('dp_1'), NO_FUNDS, NOW);
    const partly = dispute({ status: 'lost', movements: 2, amountLost: 600 });
    const read = transition(having(waiting), { type: 'dispute_observed', dispute: partly });
    expect(read.recoveries).toEqual([waiting]);
  });

  it('is known by its dispute', () => {
    const known = refusedRecovery(newRecovery('dp_1'), NO_FUNDS, NOW);
    expect(recoveryOf(having(known), 'dp_1')).toEqual(known);
    expect(recoveryOf(having(known), 'dp_2')).toEqual(newRecovery('dp_2'));
  });
});
