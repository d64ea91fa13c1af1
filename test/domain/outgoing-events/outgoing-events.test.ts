import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../domain/attention/notice.ts';
import { ORDER_ID_PATTERN } from '../../../domain/ids.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { givenUp, newRecovery, recovered } from '../../../domain/orders/recovery.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { announce, nothingPublished, renumbered } from '../../../domain/outgoing-events/announce.ts';
import {
  eventReplayWorkflowId,
  eventSubscriptionIdFromDigest,
  OUTGOING_EVENT_ID_PATTERN,
  outgoingEventId,
  outgoingEventIdOf,
  outgoingEventsOf,
  outgoingEventWorkflowId,
  predecessorOf,
} from '../../../domain/outgoing-events/event-ids.ts';
import type { EventSubscription } from '../../../domain/outgoing-events/event-subscription.ts';
import { signingGenerations, wants } from '../../../domain/outgoing-events/event-subscription.ts';
import { EVENT_KINDS } from '../../../domain/outgoing-events/event-types.ts';
import { orderEvents } from '../../../domain/outgoing-events/order-events.ts';
import {
  adjustment,
  attention,
  dispute,
  facts,
  NOW,
  orderIn,
  refund,
  SETTLEMENT,
  stuck,
  transfer,
  wonDispute,
} from '../../support/builders.ts';

const ORDER = orderEvents(false);
const FRESH = nothingPublished(ORDER, true);
const DECLINE = { code: 'card_declined', declineCode: null, message: 'No.', param: null, at: NOW };

/** What is told of an order that went through these states, one announcement after the other. */
function told(orders: readonly Order[], adopted = false, from = FRESH): string[] {
  let published: typeof from = from;
  return orders.flatMap((order) => {
    const next = announce(orderEvents(adopted), published, order, NOW);
    published = next.published;
    return next.events.map(({ type, data: { sequence, subject } }) =>
      subject === null ? `${sequence} ${type}` : `${sequence} ${type} ${subject}`,
    );
  });
}

const NOTICE: Notice = {
  code: 'refund_failed',
  subject: 'pi_1',
  message: 'look at it',
  since: NOW,
  deadline: null,
  allowedActions: ['acknowledge'],
  acknowledgedBy: null,
};

const captured = orderIn('succeeded');
const refunded = transition(captured, { type: 'refund_recorded', refund: refund({ amount: 1000 }) });
const declined = transition(orderIn('requires_payment_method'), {
  type: 'payment_declined',
  decline: DECLINE,
  payment: facts('requires_payment_method'),
});

const held = orderIn('requires_capture');
const raised = orderIn('requires_capture', { amount: 1500, amountCapturable: 1500 });
const renewed = transition(held, {
  type: 'authorization_replaced',
  payment: facts('requires_capture', { paymentIntent: 'pi_2' }),
  cycle: 1,
});
const paidMore = transition(captured, { type: 'transfer_recorded', transfer: transfer() });
const unsettled = orderIn('succeeded', { settlement: null });
const refunding = transition(captured, {
  type: 'refund_recorded',
  refund: refund({ amount: 1000, status: 'pending' }),
});
const lost: Order = { ...captured, disputes: [dispute({ id: 'dp_1', status: 'lost' })] };

describe('what subscribers get', () => {
  it.each<[string, readonly Order[], readonly string[]]>([
    ['nothing, where nothing happened', [orderIn('pending'), orderIn('pending')], []],
    [
      'authorized, then captured',
      [orderIn('requires_capture'), captured],
      ['1 order.authorized', '2 order.captured'],
    ],
    ['once, however often it is looked at', [captured, captured], ['1 order.captured']],
    [
      'captured in parts',
      [
        held,
        orderIn('requires_capture', { amountReceived: 300, amountCapturable: 700 }),
        orderIn('requires_capture', { amountReceived: 500, amountCapturable: 500 }),
        captured,
      ],
      [
        '1 order.authorized',
        '2 order.partially_captured',
        '3 order.partially_captured',
        '4 order.captured',
        '5 order.completed',
      ],
    ],
    [
      'a higher amount that is authorized',
      [held, raised, raised],
      ['1 order.authorized', '2 order.authorization_updated'],
    ],
    [
      'an authorization that is renewed',
      [held, renewed],
      ['1 order.authorized', '2 order.authorization_updated'],
    ],
    [
      'a settlement that comes later',
      [unsettled, unsettled, captured, captured],
      ['1 order.captured', '2 order.completed'],
    ],
    [
      'a settlement that comes while something is stuck',
      [unsettled, stuck(unsettled), stuck(captured), captured],
      ['1 order.captured', '2 order.needs_attention', '3 order.completed', '4 order.attention_cleared'],
    ],
    [
      'a settled payment that gets stuck for a while',
      [captured, stuck(captured), captured],
      ['1 order.captured', '2 order.needs_attention', '3 order.attention_cleared'],
    ],
    [
      'a refund that is on its way, and its end',
      [captured, refunding, refunded],
      ['1 order.captured', '2 order.refunded re_1', '3 order.completed'],
    ],
    [
      'the end of a recovery, however it ends',
      [
        lost,
        { ...lost, recoveries: [newRecovery('dp_1')] },
        { ...lost, recoveries: [recovered(newRecovery('dp_1'), null)] },
        { ...lost, recoveries: [recovered(newRecovery('dp_1'), null), givenUp(newRecovery('dp_2'))] },
      ],
      [
        '1 order.captured',
        '2 order.dispute_created dp_1',
        '3 order.dispute_closed dp_1',
        '4 order.recovery_closed dp_1',
        '5 order.recovery_closed dp_2',
      ],
    ],
    ['3-D Secure', [orderIn('requires_action')], ['1 order.requires_action']],
    ['on its way', [orderIn('processing')], ['1 order.processing']],
    ['declined', [declined, declined], ['1 order.declined']],
    [
      'declined again',
      [declined, { ...declined, lastDecline: { ...DECLINE, at: NOW + 1 } }],
      ['1 order.declined', '2 order.declined'],
    ],
    ['canceled', [orderIn('canceled')], ['1 order.canceled']],
    ['expired', [orderIn('canceled', { cancellationReason: 'automatic' })], ['1 order.expired']],
    ['refunded', [captured, refunded], ['1 order.captured', '2 order.refunded re_1']],
    ['captured and refunded at once', [refunded], ['1 order.captured', '2 order.refunded re_1']],
    [
      'a refund that failed',
      [
        captured,
        refunded,
        transition(refunded, { type: 'refund_recorded', refund: refund({ amount: 1000, status: 'failed' }) }),
      ],
      ['1 order.captured', '2 order.refunded re_1', '3 order.refund_failed re_1'],
    ],
    [
      'a refund that failed before it was seen',
      [captured, transition(captured, { type: 'refund_recorded', refund: refund({ status: 'canceled' }) })],
      ['1 order.captured', '2 order.refund_failed re_1'],
    ],
    [
      'a transfer',
      [captured, transition(captured, { type: 'transfer_recorded', transfer: transfer() })],
      ['1 order.captured', '2 order.transfer_created tr_special'],
    ],
    [
      'the reversals of a transfer, whoever made them',
      [
        paidMore,
        { ...paidMore, adjustments: [adjustment({ id: 'trr_1', transfer: 'tr_special' })] },
        {
          ...paidMore,
          adjustments: [
            adjustment({ id: 'trr_1', transfer: 'tr_special' }),
            adjustment({ id: 'trr_of_the_order', transfer: 'tr_order' }),
            adjustment({ id: 'trr_2', transfer: 'tr_special' }),
          ],
        },
      ],
      [
        '1 order.captured',
        '2 order.transfer_created tr_special',
        '3 order.transfer_reversed trr_1',
        '4 order.transfer_reversed trr_2',
      ],
    ],
    [
      'a dispute, from its opening to its end',
      [
        captured,
        { ...captured, disputes: [dispute()] },
        { ...captured, disputes: [dispute({ status: 'under_review' })] },
        { ...captured, disputes: [dispute({ status: 'under_review' })] },
        { ...captured, disputes: [wonDispute()] },
      ],
      [
        '1 order.captured',
        `2 order.dispute_created ${dispute().id}`,
        `3 order.dispute_updated ${dispute().id}`,
        `4 order.dispute_closed ${dispute().id}`,
      ],
    ],
    [
      'a dispute that was decided before it was seen',
      [captured, { ...captured, disputes: [wonDispute()] }],
      [
        '1 order.captured',
        `2 order.dispute_created ${wonDispute().id}`,
        `3 order.dispute_closed ${wonDispute().id}`,
      ],
    ],
    [
      'a notice',
      [captured, { ...captured, notices: [NOTICE] }, { ...captured, notices: [NOTICE] }],
      ['1 order.captured', '2 order.notice pi_1'],
    ],
    [
      'attention, and its end',
      [captured, stuck(captured), stuck(captured), captured],
      ['1 order.captured', '2 order.needs_attention', '3 order.attention_cleared'],
    ],
    [
      'attention for another reason',
      [stuck(captured), stuck(captured, { code: 'rate_limit' })],
      ['1 order.captured', '2 order.needs_attention', '3 order.needs_attention'],
    ],
  ])('%s', (_, orders, expected) => {
    expect(told(orders)).toEqual(expected);
  });

  it('of a reopened order what it missed, also where its payment could not be read at once, or was refused to it', () => {
    const waiting = orderIn('pending');
    const refused = transition(waiting, { type: 'given_up' });
    const disputed = { ...captured, disputes: [dispute()] };
    const from = announce(orderEvents(true), { ...FRESH, wanted: true }, captured, NOW).published;
    const next = (orders: readonly Order[]) => told(orders, true, from).map((one) => one.slice(2));
    expect(next([captured, waiting, disputed])).toEqual(['order.dispute_created dp_1']);
    expect(next([stuck(waiting), waiting, disputed])).toEqual([
      'order.needs_attention',
      'order.attention_cleared',
      'order.dispute_created dp_1',
    ]);
    expect(next([waiting, refused, disputed])).toEqual(['order.dispute_created dp_1']);
  });

  it('of an adopted order: that it is one, and from then on what happens', () => {
    expect(told([refunded, { ...refunded, attention: attention() }], true)).toEqual([
      '1 order.adopted',
      '2 order.needs_attention',
    ]);
    expect(told([stuck(orderIn('pending')), refunded], true)).toEqual([
      '1 order.needs_attention',
      '2 order.adopted',
    ]);
  });

  it('shows its disputes, with what is needed to answer them', () => {
    const disputed = { ...captured, disputes: [dispute({ id: 'dp_1', evidenceDueBy: NOW })] };
    expect(announce(ORDER, FRESH, disputed, NOW).events[1]?.data).toMatchObject({
      subject: 'dp_1',
      disputes: [{ id: 'dp_1', object: 'dispute', evidence_due_by: '2026-01-05T00:00:00.000Z' }],
    });
  });

  it('says that the order is complete with order.completed alone, not while it waits for another payment', () => {
    const failed = { code: 'debit_failed', message: 'It came back.' };
    const takenBack = transition(orderIn('succeeded', { settlement: null }), {
      type: 'payment_observed',
      payment: facts('requires_payment_method', { latestCharge: 'ch_1', chargeFailure: failed }),
    });
    const known = {
      ...takenBack,
      failedCharges: takenBack.failedCharges.map((one) => ({ ...one, settlement: SETTLEMENT })),
    };
    expect(takenBack.failedCharges).toMatchObject([{ settlement: null }]);
    const paidAnew = transition(known, {
      type: 'payment_observed',
      payment: facts('succeeded', { latestCharge: 'ch_2' }),
    });
    let published = announce(ORDER, FRESH, takenBack, NOW).published;
    const completed = [known, paidAnew].map((order) => {
      const next = announce(ORDER, published, order, NOW);
      published = next.published;
      return next.events.filter(({ type }) => type === 'order.completed').map(({ data }) => data);
    });
    expect(completed).toMatchObject([[], [{ complete: true }]]);
  });

  it('says what is authorized by now, and whether all of it is known', () => {
    const { events } = announce(ORDER, FRESH, raised, NOW);
    expect(events[0]?.data).toMatchObject({ amount: 1500, complete: true });
    expect(announce(ORDER, FRESH, unsettled, NOW).events[0]?.data).toMatchObject({ complete: false });
  });

  it('says what the order is, with its metadata and funds, and no description', () => {
    const secret = 'Jane Doe, jane@example.com';
    const order = {
      ...refunded,
      terms: { ...refunded.terms, description: secret, metadata: { cart: '4711' } },
    };
    const { events } = announce(ORDER, FRESH, order, NOW);
    expect(JSON.stringify(events)).not.toContain('Jane');
    expect(events[1]).toEqual({
      id: 'evt_order~order-1~2',
      type: 'order.refunded',
      createdAt: NOW,
      data: {
        id: 'order-1',
        object: 'order',
        status: 'refunded',
        amount: 1000,
        currency: 'usd',
        amount_captured: 1000,
        amount_refunded: 1000,
        complete: true,
        connected_account: 'acct_seller',
        customer: null,
        metadata: { cart: '4711' },
        funds: expect.objectContaining({ gross: 1000, stripe_fee: 59, settlement_currency: 'usd' }),
        payment_intent: 'pi_1',
        subject: 're_1',
        needs_attention: null,
        disputes: [],
        notices: [],
        livemode: false,
        sequence: 2,
      },
    });
    expect(events[0]?.id).toMatch(OUTGOING_EVENT_ID_PATTERN);
    expect(announce(ORDER, FRESH, orderIn('canceled'), NOW).events[0]?.data).toMatchObject({
      amount_captured: 0,
    });
  });
});

const order = (id: string) => ({ kind: 'order', id }) as const;

describe('the id of an event', () => {
  it('has no full stop, which separates what Standard Webhooks signs, and is no other object’s', () => {
    const source = fc.record({
      kind: fc.constantFrom(...EVENT_KINDS),
      id: fc.stringMatching(ORDER_ID_PATTERN),
    });
    fc.assert(
      fc.property(source, source, fc.nat(), (one, other, sequence) => {
        const id = outgoingEventId(one, sequence);
        expect(id).toMatch(OUTGOING_EVENT_ID_PATTERN);
        expect(id).not.toContain('.');
        if (one.kind !== other.kind || one.id !== other.id)
          expect(id).not.toBe(outgoingEventId(other, sequence));
        expect(predecessorOf(outgoingEventId(one, sequence + 1))).toBe(sequence === 0 ? null : id);
      }),
    );
    expect(outgoingEventId(order('a.b'), 1)).not.toBe(outgoingEventId(order('a-b'), 1));
  });
});

describe('a subscription', () => {
  const subscription: EventSubscription = {
    id: 'wes_1',
    url: 'https://example.com',
    events: ['order.captured'],
    description: null,
    createdAt: NOW,
    generation: 2,
    previousUntil: null,
    disabled: null,
  };

  it('wants the types that it names, all with *, and also while it is disabled', () => {
    expect(wants(subscription, 'order.captured')).toBe(true);
    expect(wants(subscription, 'order.canceled')).toBe(false);
    expect(wants({ ...subscription, events: ['*'] }, 'order.canceled')).toBe(true);
    expect(wants({ ...subscription, disabled: { reason: 'gone', at: NOW } }, 'order.captured')).toBe(true);
  });

  it('is signed for with one secret, or with two while it is rotated', () => {
    expect(signingGenerations(subscription, NOW)).toEqual([2]);
    expect(signingGenerations({ ...subscription, previousUntil: NOW + 1 }, NOW)).toEqual([2, 1]);
    expect(signingGenerations({ ...subscription, previousUntil: NOW }, NOW)).toEqual([2]);
  });

  it('has another number, and is otherwise the same, where its own was used before', () => {
    const { events } = announce(ORDER, FRESH, captured, NOW);
    const [first, ...rest] = renumbered(events, 1_000);
    expect(rest).toEqual([]);
    expect(first).toEqual({
      ...events[0],
      id: 'evt_order~order-1~1001',
      data: { ...events[0]?.data, sequence: 1_001 },
    });
  });

  it.each([
    ['by code units', (one: string, other: string) => (one < other ? -1 : Number(one > other))],
    ['by letters', new Intl.Collator('en').compare],
    ['by letters and digits alone', new Intl.Collator('en', { ignorePunctuation: true }).compare],
  ])('is within the range of its object where texts are ordered %s', (_, compare) => {
    const source = order('shop_7-a.b');
    const { first, last } = outgoingEventsOf(source);
    for (const sequence of [1, 2, 9, 10, 99, 100_000, 999_999_999_999_999]) {
      const id = outgoingEventWorkflowId(outgoingEventId(source, sequence));
      expect(compare(first, id), id).toBeLessThanOrEqual(0);
      expect(compare(id, last), id).toBeLessThanOrEqual(0);
    }
  });

  it('finds an event by its workflow', () => {
    expect(outgoingEventIdOf(outgoingEventWorkflowId('evt_order~a~1'))).toBe('evt_order~a~1');
    expect(outgoingEventIdOf('order/a')).toBeUndefined();
    const isOf = (eventId: string, id: string) =>
      outgoingEventWorkflowId(eventId).startsWith(outgoingEventsOf(order(id)).beginning);
    expect(isOf('evt_order~a~1', 'a')).toBe(true);
    expect(isOf('evt_order~a_b~1', 'a')).toBe(false);
    expect(isOf('evt_order~a:b~1', 'a.b')).toBe(true);
    expect(eventReplayWorkflowId('evt_order~a~1', 'cmd_1')).toBe('event-replay/evt_order~a~1/cmd_1');
    expect(eventSubscriptionIdFromDigest('0123456789abcdef0123456789abcdef')).toBe(
      'wes_0123456789abcdef01234567',
    );
  });
});
