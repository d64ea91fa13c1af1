import { describe, expect, it } from 'vitest';
import type { Attention, ResolveAction } from '../../../domain/attention/attention.ts';
import type { Resolve } from '../../../domain/commands/resolve-command.ts';
import { seenUntil } from '../../../domain/commands/resolve-command.ts';
import { recoveryOperationId } from '../../../domain/ids.ts';
import type { Dispute } from '../../../domain/orders/dispute.ts';
import {
  isSettled,
  newNotices,
  noticesFor,
  openNotices,
  withNotices,
} from '../../../domain/orders/notices.ts';
import type { Order } from '../../../domain/orders/order.ts';
import type { PaymentIntentStatus } from '../../../domain/orders/payment.ts';
import { summaryOfResolve } from '../../../domain/orders/preview/preview-decision.ts';
import { newRecovery, recovered, refusedRecovery } from '../../../domain/orders/recovery.ts';
import { refusalOf } from '../../../domain/orders/refusals.ts';
import { decidesOnNotice } from '../../../domain/orders/resolve-refusals.ts';
import type { Review } from '../../../domain/orders/review-state.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { rfc3339 } from '../../../domain/rfc3339.ts';
import { dispute, facts, inquiry, NOW, orderIn, refund, stuck, wonDispute } from '../../support/builders.ts';

const fails = { code: 'account_closed', message: 'No.' };
const refused = refusedRecovery(newRecovery('dp_lost'), fails, NOW);
/** Captured; a refund failed, a lost dispute cannot be recovered, two more ask for evidence, the later one first. */
const busy = withNotices(
  {
    ...orderIn('succeeded'),
    refunds: [refund({ status: 'failed', platform: {} })],
    disputes: [
      dispute({ id: 'dp_lost', status: 'lost' }),
      dispute({ id: 'dp_later', evidenceDueBy: NOW + 2 }),
      dispute({ id: 'dp_sooner', evidenceDueBy: NOW + 1 }),
    ],
    recoveries: [refused],
  },
  NOW,
);
const subjects = (order: Pick<Order, 'notices'>) => openNotices(order.notices).map(({ subject }) => subject);
const seenBy = (by: string, subject: string | null) =>
  transition(busy, { type: 'notices_acknowledged', action: 'acknowledge', subject, by });

describe('the notices of an order', () => {
  it('stay, and stay acknowledged, while it is reopened and cannot read its payment yet', () => {
    const { notices } = seenBy('ada', null);
    const reopened = { ...orderIn('pending'), notices };
    const waiting = withNotices(stuck(reopened), NOW + 1);
    expect(waiting.notices).toEqual(notices);
    const takenBack = { charge: 'ch_0', code: 'insufficient_funds', message: 'No.', wasCaptured: true };
    const failed = { ...takenBack, transfer: null, applicationFee: null, settlement: null };
    const both = withNotices({ ...reopened, failedCharges: [failed] }, NOW + 1);
    expect(withNotices(both, NOW + 2).notices).toEqual(both.notices);
    expect(withNotices({ ...busy, notices: waiting.notices }, NOW + 2).notices).toEqual(notices);
  });

  it('come by urgency: the soonest deadline first, those without one last', () => {
    expect(subjects(busy)).toEqual(['dp_sooner', 'dp_later', 'dp_lost', 're_1']);
  });

  it('keep the time since which they ask', () => {
    const later = withNotices(busy, NOW + 1);
    expect(later.notices).toEqual(busy.notices);
  });

  it('are new only where neither cause nor subject was there before', () => {
    const [first, ...rest] = busy.notices;
    expect(newNotices([], busy.notices)).toEqual(busy.notices);
    expect(newNotices(rest, busy.notices)).toEqual([first]);
    expect(newNotices(busy.notices, withNotices(busy, NOW + 1).notices)).toEqual([]);
  });

  it.each<[ResolveAction, string | null, readonly string[]]>([
    ['acknowledge', null, ['dp_sooner', 'dp_later', 'dp_lost', 're_1']],
    ['acknowledge', 're_1', ['re_1']],
    ['retry', null, ['dp_lost']],
    ['abandon', 'dp_later', []],
    ['mark_done', null, []],
  ])('that %s of %s is about are %j', (action, subject, expected) => {
    expect(noticesFor(busy, action, subject).map((notice) => notice.subject)).toEqual(expected);
  });
});

describe('a charge that Stripe does not settle', () => {
  const unsettled = orderIn('succeeded', { settlement: null, transfer: null });
  const overdue = (order: Order, charge = 'ch_1') =>
    withNotices(transition(order, { type: 'settlement_overdue', charge }), NOW);

  it('asks for somebody once it is overdue, until it is settled', () => {
    expect(withNotices(unsettled, NOW).notices).toEqual([]);
    const late = overdue(unsettled);
    expect(late.notices).toMatchObject([
      { code: 'settlement_missing', subject: 'ch_1', since: NOW, allowedActions: ['acknowledge'] },
    ]);
    const settled = transition(late, { type: 'payment_observed', payment: facts('succeeded') });
    expect(withNotices(settled, NOW + 1).notices).toEqual([]);
  });

  it.each([
    ['one that was settled meanwhile', overdue(orderIn('succeeded'))],
    ['another charge', overdue(unsettled, 'ch_0')],
    ['one that is authorized', overdue(orderIn('requires_capture'))],
  ])('is not %s', (_, order) => {
    expect(order.notices).toEqual([]);
  });
});

describe('a payment that is processing', () => {
  const debited = orderIn('processing');
  const overdue = (order: Order, paymentIntent = 'pi_1') =>
    withNotices(transition(order, { type: 'processing_overdue', paymentIntent }), NOW);
  const seen = (order: Order, status: PaymentIntentStatus) =>
    withNotices(transition(order, { type: 'payment_observed', payment: facts(status) }), NOW + 1);

  it('asks for somebody once it is overdue, until a bank has decided', () => {
    expect(withNotices(debited, NOW).notices).toEqual([]);
    const late = overdue(debited);
    expect(late.notices).toMatchObject([
      { code: 'processing_overdue', subject: 'pi_1', since: NOW, allowedActions: ['acknowledge'] },
    ]);
    expect(seen(late, 'processing').notices).toEqual(late.notices);
    expect(seen(late, 'succeeded').notices).toEqual([]);
  });

  it('has its own time where the customer pays once more after a debit that failed', () => {
    const failed = seen(overdue(debited), 'requires_payment_method');
    expect(failed.notices).toEqual([]);
    expect(seen(failed, 'processing').notices).toEqual([]);
  });

  it.each([
    ['one of which a bank has decided meanwhile', overdue(orderIn('succeeded'))],
    ['another payment', overdue(debited, 'pi_0')],
  ])('is not %s', (_, order) => {
    expect(order.notices).toEqual([]);
  });
});

describe('a refund that the balance does not cover', () => {
  const recorded = (order: Order, changes: Parameters<typeof refund>[0]) =>
    withNotices(transition(order, { type: 'refund_recorded', refund: refund(changes) }), NOW);
  const reversal = { id: 'trr_1', amount: 439, currency: 'usd' };
  const waiting = recorded(orderIn('succeeded'), { status: 'pending', waitsForFunds: true, reversal });

  it('asks for funds until Stripe fails it', () => {
    expect(waiting.notices).toMatchObject([
      {
        code: 'refund_unfunded',
        subject: 're_1',
        message: expect.stringMatching(
          /^The refund of 5\.00 USD has not been sent.* 4\.39 USD have been taken/,
        ),
        deadline: NOW + 45 * 86_400_000,
        allowedActions: ['acknowledge'],
      },
    ]);
    expect(recorded(waiting, { status: 'failed' }).notices).toMatchObject([{ code: 'refund_failed' }]);
  });

  it('names no reversal where there was none', () => {
    const { notices } = recorded(orderIn('succeeded'), {
      status: 'pending',
      waitsForFunds: true,
      reversal: null,
    });
    expect(notices).toMatchObject([{ message: expect.not.stringContaining('connected account') }]);
  });

  it('asks no longer once Stripe has sent it', () => {
    expect(recorded(waiting, { status: 'pending' }).notices).toEqual([]);
    expect(recorded(waiting, { status: 'succeeded' }).notices).toEqual([]);
  });
});

describe('a refund whose customer has to say where it goes', () => {
  const recorded = (order: Order, changes: Parameters<typeof refund>[0]) =>
    withNotices(transition(order, { type: 'refund_recorded', refund: refund(changes) }), NOW);
  const nextAction = { type: 'display_details', emailSentAt: NOW, expiresAt: NOW + 45 * 86_400_000 };
  const waiting = recorded(orderIn('succeeded'), { status: 'requires_action', nextAction });

  it('asks for somebody to remind them, until Stripe fails it', () => {
    expect(waiting.notices).toMatchObject([
      {
        code: 'refund_requires_action',
        subject: 're_1',
        message: expect.stringMatching(/^The refund of 5\.00 USD waits for the customer: Stripe has asked/),
        deadline: nextAction.expiresAt,
        allowedActions: ['acknowledge'],
      },
    ]);
    expect(recorded(waiting, { status: 'failed' }).notices).toMatchObject([{ code: 'refund_failed' }]);
  });

  it('asks no longer once they have answered, or somebody has canceled it', () => {
    for (const status of ['pending', 'succeeded', 'canceled'] as const)
      expect(recorded(waiting, { status }).notices).toEqual([]);
  });

  it('asks again where the bank sent it back after it had succeeded, with the new deadline', () => {
    const later = { ...nextAction, expiresAt: NOW + 90 * 86_400_000 };
    const again = recorded(recorded(waiting, { status: 'succeeded' }), {
      status: 'requires_action',
      nextAction: later,
    });
    expect(again.notices).toMatchObject([{ code: 'refund_requires_action', deadline: later.expiresAt }]);
    expect(again.refunds).toMatchObject([{ status: 'requires_action', platform: { usd: -500 } }]);
  });

  it('has no deadline where Stripe names none', () => {
    expect(recorded(orderIn('succeeded'), { status: 'requires_action' }).notices).toMatchObject([
      { code: 'refund_requires_action', deadline: null },
    ]);
  });
});

describe('a payment that cannot be read', () => {
  const failure = { code: 'unknown_status', message: 'dp_1 is forgiven' };
  const unread = (order: Order) => withNotices(transition(order, { type: 'reading_failed', failure }), NOW);

  it('asks for somebody until it can', () => {
    const order = unread(orderIn('succeeded'));
    expect(order.notices).toMatchObject([
      { code: 'reading_failed', subject: 'pi_1', message: expect.stringContaining('dp_1 is forgiven') },
    ]);
    expect(isSettled(order)).toBe(false);
    const again = transition(order, { type: 'reading_failed', failure: null });
    expect(withNotices(again, NOW + 1).notices).toEqual([]);
  });

  it('is none before there is one', () => {
    expect(unread(orderIn('pending')).notices).toEqual([]);
  });
});

describe('a dispute that asks for evidence', () => {
  it.each([
    [
      'took the money',
      dispute(),
      "The customer's bank took this payment back (fraudulent, 10.00 USD). Submit evidence before the deadline, or accept the dispute.",
    ],
    [
      'only asks',
      inquiry(),
      "The customer's bank asks about this payment (fraudulent, 10.00 USD). Submit evidence before the deadline, or refund the payment.",
    ],
  ])('says what else can be done where the bank %s', (_, told, message) => {
    const order = withNotices({ ...orderIn('succeeded'), disputes: [told] }, NOW);
    expect(order.notices.map((notice) => notice.message)).toEqual([message]);
  });
});

describe('a notice that somebody acknowledged', () => {
  it('asks nobody any more, and stays with its name while its cause does', () => {
    const seen = withNotices(seenBy('ada', 'dp_sooner'), NOW + 1);
    expect(subjects(seen)).toEqual(['dp_later', 'dp_lost', 're_1']);
    expect(seen.notices.filter(({ acknowledgedBy }) => acknowledgedBy === 'ada')).toMatchObject([
      { subject: 'dp_sooner', since: NOW },
    ]);
  });

  it('is one of all, when no subject is named, and keeps who saw it first', () => {
    const first = seenBy('ada', 're_1');
    const all = transition(first, {
      type: 'notices_acknowledged',
      action: 'acknowledge',
      subject: null,
      by: 'bob',
    });
    expect(subjects(all)).toEqual([]);
    expect(all.notices.map(({ subject, acknowledgedBy }) => [subject, acknowledgedBy])).toEqual(
      expect.arrayContaining([
        ['re_1', 'ada'],
        ['dp_later', 'bob'],
      ]),
    );
  });
});

describe('a bank’s question that somebody acknowledged', () => {
  const seen = (told: Dispute) =>
    transition(withNotices({ ...orderIn('succeeded'), disputes: [told] }, NOW), {
      type: 'notices_acknowledged',
      action: 'acknowledge',
      subject: null,
      by: 'ada',
    });

  it('asks again once the bank takes the money after all: there is a new time to answer in', () => {
    const asked = seen(inquiry());
    const taken = dispute({ evidenceDueBy: NOW + 2 * (inquiry().evidenceDueBy ?? 0) });
    const now = withNotices(transition(asked, { type: 'dispute_observed', dispute: taken }), NOW + 1);
    expect(openNotices(now.notices)).toMatchObject([{ code: 'dispute_needs_response', since: NOW + 1 }]);
    expect(newNotices(asked.notices, now.notices)).toEqual(now.notices);
  });

  it('stays so while nothing but its evidence changes', () => {
    const asked = seen(dispute());
    const staged = transition(asked, {
      type: 'dispute_observed',
      dispute: dispute({ hasEvidence: true }),
    });
    expect(openNotices(withNotices(staged, NOW + 1).notices)).toEqual([]);
  });
});

describe('a decision on an order with notices', () => {
  const decide = (action: ResolveAction, stripeId?: string): Resolve => ({
    kind: 'resolve',
    action,
    stripe_id: stripeId,
    reason: 'looked at it',
  });

  it.each<[string, Order, Resolve, string | null]>([
    ['is taken about what they name', busy, decide('acknowledge'), null],
    ['is taken about one of them', busy, decide('retry', 'dp_lost'), null],
    [
      'is refused where no notice allows it',
      busy,
      decide('mark_done', 're_1'),
      'mark_done is not allowed here. Allowed actions: acknowledge, retry, abandon.',
    ],
    [
      'is refused about an object that they do not name',
      busy,
      decide('acknowledge', 're_other'),
      'acknowledge is not allowed here for re_other, only for: dp_sooner, dp_later, dp_lost, re_1.',
    ],
    [
      'names what is stuck first',
      stuck(busy, { allowedActions: ['retry'] }),
      decide('mark_done', 're_1'),
      'mark_done is not allowed here. Allowed actions: retry, acknowledge, abandon.',
    ],
    ['gives up what it names while something else is stuck', stuck(busy), decide('abandon', 'dp_lost'), null],
    [
      'asks nothing of Stripe while something else is stuck',
      stuck(busy),
      decide('retry', 'dp_lost'),
      'The capture is stuck (api_error). Resolve it first: retry, retry_with_new_key, mark_done, abandon.',
    ],
    [
      'has nothing to decide once all were seen',
      seenBy('ada', null),
      decide('acknowledge'),
      'Nothing needs attention here.',
    ],
  ])('%s', (_, order, command, detail) => {
    expect(refusalOf(order, command, NOW)?.detail ?? null).toBe(detail);
  });
});

describe('a decision on what its sender saw', () => {
  const decide = (action: ResolveAction, seen: number, stripeId?: string): Resolve => ({
    kind: 'resolve',
    action,
    stripe_id: stripeId,
    as_of: rfc3339(seen),
    reason: 'looked at it',
  });
  /** One of them came later than the others. */
  const grown = {
    ...busy,
    notices: busy.notices.map((notice) =>
      notice.subject === 're_1' ? { ...notice, since: NOW + 1 } : notice,
    ),
  };
  const came = (action: string) =>
    `What ${action} is about by now came after ${rfc3339(NOW)}: look at it first.`;

  it('is about no notice that came since', () => {
    const acknowledge = decide('acknowledge', NOW);
    expect(refusalOf(grown, acknowledge, NOW)).toBeNull();
    expect(decidesOnNotice(grown, acknowledge)).toBe(true);
    expect(summaryOfResolve(grown, acknowledge)).not.toContain('refund failed');
    const seen = transition(grown, {
      type: 'notices_acknowledged',
      action: 'acknowledge',
      subject: null,
      until: seenUntil(acknowledge),
      by: 'ada',
    });
    expect(subjects(seen)).toEqual(['re_1']);
    expect(refusalOf(grown, decide('acknowledge', NOW + 1, 're_1'), NOW)).toBeNull();
  });

  it.each<[string, Order, Resolve, string]>([
    [
      'is refused where only others came since',
      grown,
      decide('acknowledge', NOW, 're_1'),
      came('acknowledge'),
    ],
    [
      'is refused where something else got stuck since',
      stuck(orderIn('requires_capture'), { since: NOW + 1 }),
      decide('abandon', NOW),
      came('abandon'),
    ],
    [
      'says what is not allowed at any time',
      stuck(orderIn('requires_capture'), { since: NOW + 1, allowedActions: ['retry'] }),
      decide('abandon', NOW),
      'Nothing needs attention here.',
    ],
  ])('%s', (_, order, command, detail) => {
    expect(refusalOf(order, command, NOW)?.detail).toBe(detail);
  });

  it('is taken about what is stuck since then', () => {
    expect(refusalOf(stuck(busy), decide('retry_with_new_key', NOW), NOW)).toBeNull();
    expect(decidesOnNotice(stuck(busy, { since: NOW + 1 }), decide('abandon', NOW))).toBe(true);
  });
});

describe('a decision while something is stuck', () => {
  it.each<[string, ResolveAction, string | null, Partial<Attention>, boolean]>([
    ['that names nothing is about that', 'abandon', null, {}, false],
    ['that names a notice is about the notice', 'abandon', 'dp_lost', {}, true],
    ['that names no notice is about that', 'mark_done', 're_1', {}, false],
    [
      'that names the dispute whose recovery is stuck is about that',
      'abandon',
      'dp_lost',
      { operation: 'recover', operationId: recoveryOperationId('dp_lost') },
      false,
    ],
  ])('%s', (_, action, stripeId, changes, isAboutNotice) => {
    const command: Resolve = {
      kind: 'resolve',
      action,
      stripe_id: stripeId ?? undefined,
      reason: 'looked at it',
    };
    expect(decidesOnNotice(stuck(busy, changes), command)).toBe(isAboutNotice);
  });
});

describe('an order is settled', () => {
  const captured = orderIn('succeeded');
  it.each<[string, Order, boolean]>([
    ['when nothing asks for anybody', captured, true],
    ['when every notice was seen and every dispute decided', { ...captured, disputes: [wonDispute()] }, true],
    [
      'when the share of a lost dispute is back',
      { ...captured, recoveries: [recovered(newRecovery('dp_1'), null)] },
      true,
    ],
    ['not while a notice asks', withNotices({ ...busy, disputes: [] }, NOW), false],
    [
      'not while a bank decides',
      { ...captured, disputes: [dispute({ status: 'under_review', submissionCount: 1 })] },
      false,
    ],
    [
      'not before its share of a lost dispute is asked for',
      transition(orderIn('succeeded', {}, { onDisputeLost: 'recover' }), {
        type: 'dispute_observed',
        dispute: dispute({ status: 'lost' }),
      }),
      false,
    ],
    [
      'not while its share is fetched back',
      { ...captured, disputes: [dispute({ status: 'lost' })], recoveries: [newRecovery('dp_1')] },
      false,
    ],
    ['not by looking away: a bank still waits', seenBy('ada', null), false],
  ])('%s', (_, order, settled) => {
    expect(isSettled(order)).toBe(settled);
  });
});

describe('a refund that failed', () => {
  const messageOf = (failureReason?: string) => {
    const failed = refund({ status: 'failed', platform: {}, ...(failureReason ? { failureReason } : {}) });
    const order = transition(orderIn('succeeded'), { type: 'refund_recorded', refund: failed });
    return withNotices(order, NOW).notices.map(({ message }) => message);
  };

  it.each([
    ['lost_or_stolen_card', 'same card: pay the customer another way.'],
    ['expired_or_canceled_card', 'same card: pay the customer another way.'],
    ['insufficient_funds', "Add funds to the platform's balance, then refund again."],
    ['charge_for_pending_refund_disputed', 'Do not pay the customer as well'],
    ['declined', 'Refund again, or pay the customer another way.'],
  ])('for %s says so, and what helps then', (reason, todo) => {
    expect(messageOf(reason)).toEqual([expect.stringContaining(`customer (${reason}); the money is back`)]);
    expect(messageOf(reason)).toEqual([expect.stringContaining(todo)]);
  });

  it('for no reason that Stripe gives may be repeated', () => {
    expect(messageOf()).toEqual([expect.stringMatching(/reach the customer; .* Refund again, or pay/)]);
  });
});

describe('a payment that a card network reports as fraudulent', () => {
  const reported = (order: Order) => withNotices(transition(order, { type: 'reported_as_fraud' }), NOW);
  const codes = (order: Order) => withNotices(order, NOW + 1).notices.map(({ code }) => code);
  const refunding = (order: Order, changes: Parameters<typeof refund>[0]) =>
    transition(order, { type: 'refund_recorded', refund: refund(changes) });
  const captured = reported(orderIn('succeeded'));
  const { amount } = captured.terms;

  it('asks for somebody, who may refund it', () => {
    expect(captured.notices).toMatchObject([
      {
        code: 'early_fraud_warning',
        subject: 'ch_1',
        message: expect.stringContaining('refund all of it'),
        allowedActions: ['acknowledge'],
      },
    ]);
    expect(codes(refunding(captured, { amount: amount - 1 }))).toEqual(['early_fraud_warning']);
    expect(codes(refunding(captured, { amount }))).toEqual([]);
    expect(codes(refunding(captured, { amount, status: 'failed' }))).toContain('early_fraud_warning');
  });

  it('asks to cancel what is only authorized', () => {
    const authorized = reported(orderIn('requires_capture'));
    expect(authorized.notices).toMatchObject([{ message: expect.stringContaining('cancel the order') }]);
    const canceled = transition(authorized, { type: 'payment_observed', payment: facts('canceled') });
    expect(codes(canceled)).toEqual([]);
  });

  it('asks no longer once it is disputed, nor where there is no money', () => {
    const disputed = transition(captured, { type: 'dispute_observed', dispute: dispute({}) });
    expect(codes(disputed)).toEqual(['dispute_needs_response']);
    expect(codes(reported(orderIn('requires_payment_method')))).toEqual([]);
    expect(
      codes(
        transition(reported(orderIn('pending')), { type: 'payment_observed', payment: facts('succeeded') }),
      ),
    ).toEqual(['early_fraud_warning']);
  });
});

describe('a payment in review', () => {
  const RULE: Review = { id: 'prv_1', paymentIntent: 'pi_1', isOpen: true, openedReason: 'rule' };
  const reviewed = (order: Order, changes: Partial<Review> = {}) =>
    transition(order, { type: 'review_observed', review: { ...RULE, ...changes } });
  const noticesOf = (order: Order) => withNotices(order, NOW).notices;

  it.each<[PaymentIntentStatus, string]>([
    ['processing', 'refund the payment once it has succeeded'],
    ['requires_capture', 'cancel the order'],
    ['succeeded', 'refund all of the payment'],
  ])('that is %s asks for somebody, who may %s', (status, decision) => {
    expect(noticesOf(reviewed(orderIn(status)))).toMatchObject([
      {
        code: 'payment_in_review',
        subject: 'prv_1',
        message: expect.stringMatching(new RegExp(`by a rule of Radar.*${decision}`)),
        deadline: null,
        allowedActions: ['acknowledge'],
      },
    ]);
  });

  it('asks for nobody once it is closed, refunded or canceled, nor for another payment', () => {
    const captured = reviewed(orderIn('succeeded'));
    const { amount } = captured.terms;
    const given = transition(captured, { type: 'refund_recorded', refund: refund({ amount }) });
    const canceled = transition(reviewed(orderIn('requires_capture')), {
      type: 'payment_observed',
      payment: facts('canceled'),
    });
    const others = [
      reviewed(captured, { isOpen: false }),
      given,
      canceled,
      reviewed(orderIn('succeeded'), { paymentIntent: 'pi_2' }),
      reviewed(orderIn('requires_payment_method')),
    ];
    expect(others.map(noticesOf)).toEqual(others.map(() => []));
  });

  it('asks somebody to look, where Waybill’s key may not read whether it is open', () => {
    expect(noticesOf(reviewed(orderIn('succeeded'), { isOpen: null, openedReason: null }))).toMatchObject([
      { code: 'payment_in_review', message: expect.stringContaining('may not read') },
    ]);
  });

  it.each([
    ['manual', ' (opened by hand)'],
    ['other', ' (opened other)'],
    [null, ''],
  ])('says why it was opened: %s', (openedReason, how) => {
    const [notice] = noticesOf(reviewed(orderIn('succeeded'), { openedReason }));
    expect(notice?.message).toContain(`in review at Stripe${how}: it may be fraud.`);
  });

  it('stays acknowledged over its capture', () => {
    const asked = withNotices(reviewed(orderIn('requires_capture')), NOW);
    const acknowledged = transition(asked, {
      type: 'notices_acknowledged',
      action: 'acknowledge',
      subject: null,
      by: 'ada',
    });
    const captured = transition(acknowledged, { type: 'payment_observed', payment: facts('succeeded') });
    expect(noticesOf(captured)).toMatchObject([{ code: 'payment_in_review', acknowledgedBy: 'ada' }]);
  });
});

describe('a dispute of what was refunded before', () => {
  const { amount } = orderIn('succeeded').terms;
  const noticesOf = (refunded: Parameters<typeof refund>[0], disputed: Partial<Dispute>) =>
    withNotices({ ...orderIn('succeeded'), refunds: [refund(refunded)], disputes: [dispute(disputed)] }, NOW)
      .notices;

  it('says so, before somebody accepts it', () => {
    expect(noticesOf({ amount: 400 }, {})).toMatchObject([
      {
        code: 'dispute_needs_response',
        message: expect.stringContaining('4.00 USD of it were refunded before: say so in the evidence'),
      },
    ]);
    expect(noticesOf({ amount: 400, status: 'failed' }, {})[0]?.message).not.toContain('refunded before');
  });

  it.each<[string, number, Partial<Dispute>, boolean]>([
    ['of all', amount, { amount }, true],
    ['of more than was left', 400, { amount: amount - 399 }, true],
    ['of what was left', 400, { amount: amount - 400 }, false],
    ['of which a part came back', 400, { amount, amountLost: amount - 400 }, false],
    ['of more than was paid, as rates move, with no refund', 0, { amount: amount + 10 }, false],
    ['in a currency that nobody can add', amount, { amount, currency: 'eur' }, false],
  ])('and lost, asks for what the customer has twice: %s', (_, refunded, lost, isTwice) => {
    const notices = noticesOf({ amount: refunded }, { ...lost, status: 'lost', evidenceDueBy: null });
    expect(notices.map(({ code }) => code)).toEqual(isTwice ? ['given_back_twice'] : []);
  });

  it('asks nothing while it is open, or once it is won', () => {
    expect(noticesOf({ amount }, { amount, status: 'under_review' })).toEqual([]);
    expect(noticesOf({ amount }, { amount, status: 'won' })).toEqual([]);
  });
});
