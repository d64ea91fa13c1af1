import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stake } from '../../../domain/commands/approval.ts';
import { approvalOf, stakeOfWhole } from '../../../domain/commands/approval.ts';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';
import type {
  AccountFunds,
  Payout,
  PayoutEvent,
  PayoutFacts,
  StripePayoutStatus,
} from '../../../domain/payouts/payout.ts';
import {
  newPayout,
  payoutTransition,
  STRIPE_PAYOUT_STATUSES,
  stripePayoutOf,
} from '../../../domain/payouts/payout.ts';
import { payoutNotices } from '../../../domain/payouts/payout-notices.ts';
import { refusalOfPayoutCommand } from '../../../domain/payouts/payout-refusals.ts';
import { presentPayout } from '../../../domain/payouts/present-payout.ts';
import { attention, envelope, NOW, payoutFacts, payoutTerms } from '../../support/builders.ts';

const FUNDS: AccountFunds = { available: 1, instantAvailable: null, pending: [] };
const fresh = newPayout(payoutTerms(), NOW, false);
const waiting = payoutTransition(fresh, { type: 'funds_awaited', funds: FUNDS });
const calledOff = payoutTransition(waiting, { type: 'given_up' });
const seen = (status: StripePayoutStatus, from: Payout = fresh, id = 'po_1') =>
  payoutTransition(from, { type: 'payout_observed', payout: payoutFacts({ status, id }) });

describe('a payout', () => {
  it.each([
    ['pending', 'in_transit', 'in_transit'],
    ['pending', 'paid', 'paid'],
    ['pending', 'failed', 'failed'],
    ['pending', 'canceled', 'canceled'],
    ['in_transit', 'pending', 'in_transit'],
    ['in_transit', 'paid', 'paid'],
    ['paid', 'in_transit', 'paid'],
    ['paid', 'failed', 'failed'],
    ['paid', 'canceled', 'paid'],
    ['failed', 'paid', 'failed'],
    ['canceled', 'paid', 'canceled'],
  ] as const)('that is %s and then seen %s is %s', (before, then, after) => {
    expect(seen(then, seen(before)).state.status).toBe(after);
  });

  it('may fail after it was paid, and is never anything but failed then', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STRIPE_PAYOUT_STATUSES)), (statuses) => {
        const end = statuses.reduce((payout, status) => seen(status, payout), seen('failed'));
        expect(end.state.status).toBe('failed');
      }),
    );
  });

  it('ends the same however often its sightings are repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STRIPE_PAYOUT_STATUSES), { minLength: 1 }), (statuses) => {
        const once = statuses.reduce((payout, status) => seen(status, payout), fresh);
        const twice = statuses.reduce((payout, status) => seen(status, seen(status, payout)), fresh);
        expect(twice).toEqual(once);
      }),
    );
  });

  it('that cannot be read asks for somebody until it can, or until it is over', () => {
    const unread = (from: Payout) =>
      payoutTransition(from, {
        type: 'reading_failed',
        failure: { code: 'permission_error', message: 'No.' },
        at: NOW,
      });
    expect(payoutNotices(seen('pending'))).toEqual([]);
    expect(payoutNotices(unread(seen('pending')))).toMatchObject([
      { code: 'reading_failed', subject: 'po_1', since: NOW, allowedActions: [] },
    ]);
    expect(payoutNotices(unread(waiting))).toMatchObject([{ subject: waiting.terms.connectedAccount }]);
    const readAgain = { type: 'reading_failed', failure: null, at: NOW } as const;
    const ends = [
      payoutTransition(unread(waiting), readAgain),
      payoutTransition(unread(waiting), { type: 'given_up' }),
      seen('canceled', unread(seen('pending'))),
    ];
    expect(ends.flatMap(payoutNotices)).toEqual([]);
  });

  it('that takes too long asks for somebody, until it no longer does', () => {
    const late = payoutTransition(seen('pending'), { type: 'overdue', at: NOW });
    expect(payoutNotices(late)).toMatchObject([
      { code: 'payout_overdue', subject: 'po_1', since: NOW, allowedActions: [] },
    ]);
    expect(payoutTransition(late, { type: 'overdue', at: NOW + 1 })).toEqual(late);
    const ends = [
      payoutTransition(late, { type: 'overdue', at: null }),
      seen('in_transit', late),
      seen('paid', late),
      seen('canceled', late),
    ];
    expect(ends.flatMap(payoutNotices)).toEqual([]);
  });

  it('follows what its bank says later, while its status stays', () => {
    const observe = (from: Payout, payout: PayoutFacts) =>
      payoutTransition(from, { type: 'payout_observed', payout });
    const paid = payoutFacts({ status: 'paid', traceId: { status: 'pending', value: null } });
    const traced = payoutFacts({ status: 'paid', traceId: { status: 'supported', value: '0910' } });
    const later = [traced, { ...traced, reversedBy: 'po_back' }].reduce(observe, observe(fresh, paid));
    expect(stripePayoutOf(later)).toMatchObject({ traceId: traced.traceId, reversedBy: 'po_back' });
    // What an older worker reads says nothing of either.
    expect(observe(later, payoutFacts({ status: 'paid' }))).toEqual(later);
    expect(presentPayout(later)).toMatchObject({
      trace_id: { status: 'supported', value: '0910' },
      reversed_by: 'po_back',
      original_payout: null,
    });
    expect(presentPayout(fresh)).toMatchObject({ trace_id: null, reversed_by: null });
  });

  it('is nothing at Stripe until it was seen there, nor when it was called off before', () => {
    expect([fresh, waiting, calledOff].map(stripePayoutOf)).toEqual([null, null, null]);
    expect(stripePayoutOf(seen('pending'))).toEqual(payoutFacts());
  });

  it('that failed is paid out again as another one, and remembers the first', () => {
    const stuck = payoutTransition(seen('failed'), { type: 'attention_raised', attention: attention() });
    const again = payoutTransition(stuck, { type: 'paid_out_again', payout: payoutFacts({ id: 'po_2' }) });
    expect(again).toMatchObject({
      state: { status: 'pending' },
      failures: [{ id: 'po_1' }],
      attention: null,
    });
    expect(stripePayoutOf(again)?.id).toBe('po_2');
  });

  it.each<[string, Payout, PayoutEvent]>([
    ['that is pending awaits no funds', seen('pending'), { type: 'funds_awaited', funds: FUNDS }],
    ['that is pending is not given up', seen('pending'), { type: 'given_up' }],
    ['that is paid is not paid out again', seen('paid'), { type: 'paid_out_again', payout: payoutFacts() }],
    ['that is paid has no failure to accept', seen('paid'), { type: 'failure_accepted' }],
    ['that was called off is at no bank', calledOff, { type: 'payout_observed', payout: payoutFacts() }],
    ['is one at Stripe', seen('pending'), { type: 'payout_observed', payout: payoutFacts({ id: 'po_x' }) }],
  ])('%s', (_, payout, event) => {
    expect(() => payoutTransition(payout, event)).toThrow(IllegalTransition);
  });

  it.each<[string, Payout, string | null]>([
    ['waits for funds', waiting, null],
    ['is pending', seen('pending'), null],
    ['is on its way into being', fresh, 'state_conflict'],
    ['is in transit', seen('in_transit'), 'state_conflict'],
    ['is paid', seen('paid'), 'state_conflict'],
    ['was called off', calledOff, 'state_conflict'],
    [
      'needs attention',
      payoutTransition(seen('pending'), { type: 'attention_raised', attention: attention() }),
      'needs_attention',
    ],
  ])('that %s can be canceled, or why not', (_, payout, code) => {
    expect(refusalOfPayoutCommand(payout, { kind: 'cancel' })?.code ?? null).toBe(code);
  });

  it('is resolved only where something needs it', () => {
    const retry = { kind: 'resolve', action: 'retry', reason: 'x' } as const;
    const stuck = payoutTransition(seen('failed'), { type: 'attention_raised', attention: attention() });
    expect(refusalOfPayoutCommand(stuck, retry)).toBeNull();
    expect(refusalOfPayoutCommand(seen('failed'), retry)?.code).toBe('state_conflict');
    const cleared = payoutTransition(stuck, { type: 'attention_cleared' });
    expect(payoutTransition(cleared, { type: 'failure_accepted' })).toMatchObject({
      failureAccepted: true,
      attention: null,
    });
  });
});

describe('a command of a payout that waits for another person', () => {
  const command = { ...envelope('pay-out-1'), kind: 'pay_out' } as const;
  const stake = stakeOfWhole(fresh.terms, command);
  const approval = approvalOf(command, stake as Stake, { above: {}, withinMs: 1_000 }, NOW);
  const asked = payoutTransition(fresh, { type: 'approval_asked', approval });
  const decision = (action: 'approve' | 'retry' | 'mark_done') =>
    ({ kind: 'resolve', action, reason: 'looked at it' }) as const;

  it('is a notice, which alone can be decided, until it ends', () => {
    expect(payoutNotices(asked)).toMatchObject([
      { code: 'approval_needed', since: NOW, deadline: NOW + 1_000 },
    ]);
    expect(refusalOfPayoutCommand(asked, decision('approve'))).toBeNull();
    expect(refusalOfPayoutCommand(asked, decision('retry'))?.detail).toContain('approve, decline');
    const ended = payoutTransition(asked, { type: 'approval_ended', id: approval.id });
    expect(payoutNotices(ended)).toEqual([]);
    expect(refusalOfPayoutCommand(ended, decision('approve'))).toMatchObject({ code: 'state_conflict' });
  });
});
