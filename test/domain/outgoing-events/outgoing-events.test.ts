import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../domain/attention/notice.ts';
import { ORDER_ID_PATTERN } from '../../../domain/ids.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { givenUp, newRecovery, recovered } from '../../../domain/orders/recovery.ts';
import { transition } from '../../../domain/orders/transition.ts';
import {
  eventReplayWorkflowId,
  eventSubscriptionIdFromDigest,
  OUTGOING_EVENT_ID_PATTERN,
  outgoingEventId,
  outgoingEventIdOf,
  outgoingEventsOf,
  outgoingEventWorkflowId,
} from '../../../domain/outgoing-events/event-ids.ts';
import type { EventSubscription } from '../../../domain/outgoing-events/event-subscription.ts';
import { signingGenerations, wants } from '../../../domain/outgoing-events/event-subscription.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/outgoing-events.ts';
import {
  attention,
  dispute,
  facts,
  NOW,
  orderIn,
  refund,
  stuck,
  transfer,
  wonDispute,
} from '../../support/builders.ts';

const FRESH = nothingPublished(true, 0);
const DECLINE = { code: 'card_declined', declineCode: null, message: 'No.', param: null, at: NOW };

/** What is told of an order that went through these states, one announcement after the other. */
function told(orders: readonly Order[], adopted = false): string[] {
  let announced = FRESH;
  return orders.flatMap((order) => {
    const next = announce(announced, order, NOW, adopted);
    announced = next.announced;
    return next.events.map(({ type, order: { sequence, subject } }) =>
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
const unsettled = orderIn('succeeded', { settlement: null });
const refunding = transition(captured, {
  type: 'refund_recorded',
  refund: refund({ amount: 1000, status: 'pending' }),
});
const lost: Order = { ...captured, disputes: [dispute({ id: 'dp_1', status: 'lost' })] };

describe('what subscribers are told', () => {
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
        '3 order.recovery_closed dp_1',
        '4 order.recovery_closed dp_2',
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

  it('says what is authorized by now, and whether all of it is known', () => {
    const { events } = announce(FRESH, raised, NOW, false);
    expect(events[0]?.order).toMatchObject({ amount: 1500, complete: true });
    expect(announce(FRESH, unsettled, NOW, false).events[0]?.order).toMatchObject({ complete: false });
  });

  it('says what the order is, and nothing of a person', () => {
    const secret = 'Jane Doe, jane@example.com';
    const order = {
      ...refunded,
      terms: { ...refunded.terms, description: secret, metadata: { who: secret } },
    };
    const { events } = announce(FRESH, order, NOW, false);
    expect(JSON.stringify(events)).not.toContain('Jane');
    expect(events[1]).toEqual({
      id: 'evt_order-1~2',
      type: 'order.refunded',
      createdAt: NOW,
      order: {
        id: 'order-1',
        object: 'order',
        status: 'refunded',
        amount: 1000,
        currency: 'usd',
        amount_captured: 1000,
        amount_refunded: 1000,
        complete: true,
        connected_account: 'acct_seller',
        payment_intent: 'pi_1',
        subject: 're_1',
        needs_attention: null,
        notices: [],
        livemode: false,
        sequence: 2,
      },
    });
    expect(events[0]?.id).toMatch(OUTGOING_EVENT_ID_PATTERN);
    expect(announce(FRESH, orderIn('canceled'), NOW, false).events[0]?.order.amount_captured).toBe(0);
  });
});

describe('the id of an event', () => {
  it('has no full stop, which separates what Standard Webhooks signs, and is no other order’s', () => {
    const orderId = fc.stringMatching(ORDER_ID_PATTERN);
    fc.assert(
      fc.property(orderId, orderId, fc.nat(), (one, other, sequence) => {
        const id = outgoingEventId(one, sequence);
        expect(id).toMatch(OUTGOING_EVENT_ID_PATTERN);
        expect(id).not.toContain('.');
        if (one !== other) expect(id).not.toBe(outgoingEventId(other, sequence));
      }),
    );
    expect(outgoingEventId('a.b', 1)).not.toBe(outgoingEventId('a-b', 1));
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

  it('finds an event by its workflow', () => {
    expect(outgoingEventIdOf(outgoingEventWorkflowId('evt_a~1'))).toBe('evt_a~1');
    expect(outgoingEventIdOf('order/a')).toBeUndefined();
    expect(outgoingEventWorkflowId('evt_a~1').startsWith(outgoingEventsOf('a'))).toBe(true);
    expect(outgoingEventWorkflowId('evt_a_b~1').startsWith(outgoingEventsOf('a'))).toBe(false);
    expect(outgoingEventWorkflowId('evt_a:b~1').startsWith(outgoingEventsOf('a.b'))).toBe(true);
    expect(eventReplayWorkflowId('evt_a~1', 'cmd_1')).toBe('event-replay/evt_a~1/cmd_1');
    expect(eventSubscriptionIdFromDigest('0123456789abcdef0123456789abcdef')).toBe(
      'wes_0123456789abcdef01234567',
    );
  });
});
