import { describe, expect, it } from 'vitest';
import type { OrderStatus } from '../../../domain/orders/order.ts';
import type { EventSubject, StripeEvent } from '../../../domain/stripe-events/stripe-events.ts';
import {
  CONNECT_EVENT_TYPES,
  eventRefOf,
  isKnownToOrder,
  isUrgent,
  movesClosedOrder,
} from '../../../domain/stripe-events/stripe-events.ts';

function event(type: string, object: unknown, more: Partial<StripeEvent> = {}): StripeEvent {
  return { id: 'evt_1', type, created: 1, data: { object }, ...more };
}

const OURS = { metadata: { waybill_order: 'o-1' } };
const OWN_ID = { waybill_order: 'tr-1' };
const NOBODY = { kind: 'nobody' };
const OF_A_TEST = { id: 'pi_1', metadata: { waybill_webhook_test: 'mark' } };
const PAYMENT = { kind: 'payment', paymentIntent: 'pi_1' };

describe('an event concerns', () => {
  it.each<[string, string, unknown, Partial<StripeEvent>, EventSubject | object]>([
    [
      'the order that made the payment',
      'payment_intent.succeeded',
      { id: 'pi_1', ...OURS },
      {},
      { kind: 'order', orderId: 'o-1' },
    ],
    [
      'the order of a charge',
      'charge.updated',
      { id: 'ch_1', object: 'charge', ...OURS },
      {},
      { kind: 'order', orderId: 'o-1' },
    ],
    [
      'the order of a refund',
      'refund.failed',
      { id: 're_1', ...OURS },
      {},
      { kind: 'order', orderId: 'o-1' },
    ],
    [
      'a payment that names no order',
      'payment_intent.canceled',
      { id: 'pi_1', metadata: {} },
      {},
      { ...PAYMENT, wouldNameOrder: true },
    ],
    [
      'a charge that names no order',
      'charge.refunded',
      { object: 'charge', payment_intent: 'pi_1', metadata: {} },
      {},
      { ...PAYMENT, wouldNameOrder: true },
    ],
    [
      'the payment of a refund made elsewhere',
      'refund.created',
      { object: 'refund', payment_intent: 'pi_1', metadata: {} },
      {},
      { ...PAYMENT, wouldNameOrder: false },
    ],
    [
      'the payment of a dispute',
      'charge.dispute.created',
      { object: 'dispute', payment_intent: { id: 'pi_1' } },
      {},
      { ...PAYMENT, wouldNameOrder: false },
    ],
    [
      'the charge of a dispute without a payment',
      'charge.dispute.closed',
      { object: 'dispute', payment_intent: null, charge: 'ch_1' },
      {},
      { kind: 'charge', charge: 'ch_1' },
    ],
    [
      'the charge that a transfer came from',
      'transfer.reversed',
      { object: 'transfer', source_transaction: 'ch_1', metadata: {} },
      {},
      { kind: 'charge', charge: 'ch_1' },
    ],
    [
      'the order of a transfer out of its charge',
      'transfer.reversed',
      { object: 'transfer', source_transaction: 'ch_1', ...OURS },
      {},
      { kind: 'order', orderId: 'o-1' },
    ],
    [
      'a transfer out of no charge, which bears its own id in an order’s place',
      'transfer.reversed',
      { source_transaction: null, transfer_group: 'waybill_transfer_tr-1', metadata: OWN_ID },
      {},
      { kind: 'transfer', transferId: 'tr-1', at: 1_000 },
    ],
    [
      'nobody, when it is a transfer out of no charge that Waybill did not make',
      'transfer.reversed',
      { source_transaction: null, transfer_group: 'theirs', metadata: OWN_ID },
      {},
      NOBODY,
    ],
    [
      'nobody, when it is a transfer out of no charge that names nothing',
      'transfer.reversed',
      { source_transaction: null, transfer_group: null, metadata: {} },
      {},
      NOBODY,
    ],
    [
      'the platform’s charge behind a fee',
      'application_fee.refunded',
      { charge: 'py_1', originating_transaction: 'ch_1' },
      {},
      { kind: 'charge', charge: 'ch_1' },
    ],
    [
      'the payment, where what is named can be no order of Waybill’s',
      'payment_intent.succeeded',
      { id: 'pi_1', metadata: { waybill_order: 'their own / words' } },
      {},
      { ...PAYMENT, wouldNameOrder: true },
    ],
    [
      'the payment of a review',
      'review.opened',
      { object: 'review', payment_intent: 'pi_1', charge: 'ch_1' },
      {},
      { ...PAYMENT, wouldNameOrder: false },
    ],
    ['nobody, when it names nothing', 'refund.created', { payment_intent: '' }, {}, NOBODY],
    ['nobody, when it has no object', 'payment_intent.succeeded', null, {}, NOBODY],
    [
      'nobody, when its type means nothing to an order',
      'charge.succeeded',
      { id: 'ch_1', ...OURS },
      {},
      NOBODY,
    ],
    ['nobody, when its type is unknown', 'invoice.paid', { id: 'in_1', payment_intent: 'pi_1' }, {}, NOBODY],
    [
      'nobody, when it is a payment on a connected account',
      'payment_intent.succeeded',
      { id: 'pi_1', ...OURS },
      { account: 'acct_1' },
      NOBODY,
    ],
    [
      'the connected account it happened on',
      'account.updated',
      { id: 'acct_1' },
      { account: 'acct_1' },
      { kind: 'account', account: 'acct_1' },
    ],
    [
      'the account it is about',
      'account.updated',
      { id: 'acct_1' },
      {},
      { kind: 'account', account: 'acct_1' },
    ],
    [
      'the account of a capability',
      'capability.updated',
      { id: 'card_payments', account: 'acct_1' },
      {},
      { kind: 'account', account: 'acct_1' },
    ],
    ['no account, when none is named', 'person.updated', {}, {}, NOBODY],
    [
      'a payout',
      'payout.failed',
      { id: 'po_1', metadata: { waybill_payout: 'wpo_1' } },
      { account: 'acct_1' },
      { kind: 'payout', payout: 'wpo_1', account: 'acct_1' },
    ],
    [
      'no payout, where what is named can be none of Waybill’s',
      'payout.failed',
      { id: 'po_1', metadata: { waybill_payout: 'their own / words' } },
      { account: 'acct_1' },
      NOBODY,
    ],
    ['no payout of an account’s schedule', 'payout.paid', { id: 'po_1', metadata: {} }, {}, NOBODY],
    ['nobody, if Waybill had it sent to test webhooks', 'payment_intent.canceled', OF_A_TEST, {}, NOBODY],
  ])('%s: %s', (_, type, object, more, subject) => {
    expect(eventRefOf(event(type, object, more))).toEqual({
      eventId: 'evt_1',
      eventType: type,
      own: false,
      subject,
    });
  });
});

it.each([
  ['req_1', 'waybill:o-1:capture:cmd_1:0', true],
  ['req_1', 'somebody-else', false],
  ['req_1', null, false],
  // As Stripe tells of what it did later by itself.
  [null, 'waybill:o-1:capture:cmd_1:0', false],
  [null, null, false],
])('the request %s under the key %s makes an event our own: %s', (id, idempotency_key, own) => {
  expect(eventRefOf(event('x', {}, { request: { id, idempotency_key } })).own).toBe(own);
});

it.each(CONNECT_EVENT_TYPES)('%s of a connected account is news to its account or payout', (type) => {
  const named = { metadata: { waybill_payout: 'wpo_1' } };
  expect(eventRefOf(event(type, named, { account: 'acct_1' })).subject.kind).toMatch(/account|payout/);
});

it.each([
  'charge.dispute.created',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.closed',
  'radar.early_fraud_warning.created',
  'review.opened',
  'review.closed',
])('%s is somebody else’s doing, whatever request it came in the course of', (type) => {
  const request = { id: 'req_1', idempotency_key: 'waybill:o-1:authorize:cmd_1:0' };
  expect(eventRefOf(event(type, {}, { request })).own).toBe(false);
});

describe('an event of our own request says nothing new', () => {
  it.each<[string, OrderStatus | undefined, boolean]>([
    ['payment_intent.succeeded', 'authorized', false],
    ['payment_intent.succeeded', 'captured', true],
    ['payment_intent.succeeded', 'refunded', true],
    ['payment_intent.amount_capturable_updated', 'pending', false],
    ['payment_intent.amount_capturable_updated', 'authorized', true],
    ['payment_intent.canceled', 'authorized', false],
    ['payment_intent.canceled', 'expired', true],
    ['payment_intent.payment_failed', 'requires_action', false],
    ['payment_intent.payment_failed', 'authorized', true],
    ['payment_intent.requires_action', 'requires_payment_method', false],
    ['payment_intent.processing', 'processing', true],
    // Refunds and transfers are durable before Stripe is asked.
    ['refund.created', 'captured', true],
    ['payment_intent.succeeded', undefined, false],
  ])('%s, once the order is %s: %s', (type, status, known) => {
    expect(isKnownToOrder(type, status)).toBe(known);
  });
});

describe('an event about an order that is closed', () => {
  it.each<[string, OrderStatus | undefined, boolean]>([
    ['charge.dispute.created', 'captured', true],
    ['refund.failed', 'refunded', true],
    ['radar.early_fraud_warning.created', 'captured', true],
    ['review.opened', 'captured', true],
    ['review.opened', 'canceled', false],
    ['review.closed', 'captured', false],
    ['payment_intent.payment_failed', 'captured', true],
    // What was never captured, or is back, has no money that could move.
    ['charge.refunded', 'expired', false],
    ['charge.refunded', 'canceled', false],
    // A bank took its debit back, and the connected account still had its share.
    ['transfer.reversed', 'canceled', true],
    ['application_fee.refunded', 'canceled', true],
    ['charge.dispute.created', undefined, false],
    // Known since it was captured, or no money at all.
    ['payment_intent.succeeded', 'captured', false],
    ['charge.updated', 'captured', false],
  ])('%s, left as %s, means that its money moved: %s', (type, status, moved) => {
    expect(movesClosedOrder(type, status)).toBe(moved);
  });
});

it.each([
  ['charge.dispute.created', true],
  ['payout.failed', true],
  ['payout.paid', false],
  ['refund.failed', false],
  ['radar.early_fraud_warning.created', false],
])('%s cannot wait: %s', (eventType, urgent) => {
  expect(isUrgent({ eventType })).toBe(urgent);
});
