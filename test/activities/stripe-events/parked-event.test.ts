import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEventActivities } from '../../../activities/stripe-events/events.ts';
import { ORDER_NOT_KNOWN } from '../../../contract/stripe-events.ts';
import { STRIPE_RETRYABLE } from '../../../domain/errors.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { orderStatus } from '../../../domain/orders/order.ts';
import { transition } from '../../../domain/orders/transition.ts';
import type { StripeEventRef } from '../../../domain/stripe-events/stripe-events.ts';
import { createStripeClient } from '../../../stripe/client.ts';
import { NOW, orderIn } from '../../support/builders.ts';
import { SCRIPTED_CONNECTION } from '../../support/scripted-connection.ts';

/** Answers every request in the same way; null: not at all. */
let answer: { status: number; error: object } | { status: 200; body: object } | null;
let server: Server;
beforeEach(async () => {
  server = createServer((request, response) => {
    if (answer === null) return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify('body' in answer ? answer.body : { error: answer.error }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());

/** Of a transfer that somebody reversed: Stripe alone knows whose it is. */
const EVENT: StripeEventRef = {
  eventId: 'evt_1',
  eventType: 'transfer.reversed',
  own: false,
  subject: { kind: 'charge', charge: 'ch_1' },
};

function deliver(event = EVENT, temporal: Partial<Client> = {}) {
  const { port } = server.address() as AddressInfo;
  const { deliverParkedEvent } = createEventActivities({
    stripe: createStripeClient({ secretKey: 'sk_test_1', apiBase: `http://127.0.0.1:${port}` }),
    // It is not asked before Stripe has told whose the event is.
    temporal: temporal as Client,
    taskQueue: 'none',
    livemode: false,
    policy: {
      retryBudgetMs: 1,
      openMs: 1,
      abandonAfterMs: 1,
      captureWarningMs: 1,
      reauthorizeBeforeMs: 1,
      reauthorizeForMs: 1,
      metadataKey: '',
      onDisputeLost: 'bear',
    },
    subscriptions: { list: async () => [] },
    now: () => NOW,
  });
  return deliverParkedEvent(event);
}

it.each([
  ['does not answer', null],
  ['fails', { status: 500, error: { type: 'api_error', message: 'Sorry.' } }],
  ['knows the key no more', { status: 401, error: { type: 'invalid_request_error', message: 'Expired.' } }],
  [
    'does not let the key read charges',
    { status: 403, error: { type: 'invalid_request_error', message: 'No.' } },
  ],
])(
  'an event that is kept is not given up while Stripe %s, and is retried with Waybill’s own delays',
  async (_, given) => {
    answer = given;
    await expect(deliver()).rejects.toMatchObject({ type: STRIPE_RETRYABLE, nonRetryable: false });
  },
);

it('asks again as soon as Stripe says, where it says so', async () => {
  answer = { status: 429, error: { type: 'invalid_request_error', message: 'Too many requests.' } };
  await expect(deliver()).rejects.toMatchObject({ nonRetryable: false, nextRetryDelay: 2_000 });
});

it('an event of a charge that Stripe does not know concerns nobody', async () => {
  answer = {
    status: 404,
    error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No.' },
  };
  expect(await deliver()).toBe('foreign');
});

it('an order that another event is taking up is not started again: that run does not know its payment yet', async () => {
  const handle = {
    signal: () => Promise.reject(new WorkflowNotFoundError('ended', 'order/o-1', undefined)),
    describe: async () => ({
      status: { name: 'COMPLETED' },
      typedSearchAttributes: { get: () => 'captured' },
    }),
    query: async () => orderIn('pending'),
  };
  const workflow = { getHandle: () => handle } as unknown as Client['workflow'];
  const event = { ...EVENT, subject: { kind: 'order', orderId: 'o-1' } } as const;
  await expect(deliver(event, { workflow, connection: SCRIPTED_CONNECTION })).rejects.toThrow(
    'being reopened',
  );
});

/** An order whose last run ended so, and what was started. */
function ended(status: 'COMPLETED' | 'FAILED' | 'TERMINATED', order: Order) {
  const started: unknown[] = [];
  const handle = {
    signal: () => Promise.reject(new WorkflowNotFoundError('ended', 'order/order-1', undefined)),
    describe: async () => ({
      status: { name: status },
      typedSearchAttributes: { get: () => orderStatus(order) },
    }),
    query: async () => order,
  };
  const workflow = {
    getHandle: () => handle,
    signalWithStart: async (...call: unknown[]) => started.push(call),
  } as unknown as Client['workflow'];
  return { started, temporal: { workflow, connection: SCRIPTED_CONNECTION } };
}
const OF_ORDER: StripeEventRef = { ...EVENT, subject: { kind: 'order', orderId: 'order-1' } };
const neverMade = transition(orderIn('pending'), { type: 'given_up' });

it('an event about the money of an order whose id Stripe refused to somebody later is not dropped: Stripe is asked for the order', async () => {
  answer = null;
  const { temporal } = ended('FAILED', neverMade);
  await expect(deliver(OF_ORDER, temporal)).rejects.toMatchObject({ type: STRIPE_RETRYABLE });
  answer = { status: 200, body: { object: 'list', data: [], has_more: false } };
  await expect(deliver(OF_ORDER, temporal)).rejects.toMatchObject({ type: ORDER_NOT_KNOWN });
});

it('an event about money that was captured after somebody terminated the order reopens it', async () => {
  const intent = { id: 'pi_1', object: 'payment_intent', currency: 'usd', livemode: false };
  const own = { transfer_data: { destination: 'acct_seller' }, metadata: { waybill_order: 'order-1' } };
  answer = { status: 200, body: { ...intent, ...own, on_behalf_of: null } };
  const { temporal, started } = ended('TERMINATED', orderIn('requires_capture'));
  expect(await deliver(OF_ORDER, temporal)).toBe('reopened');
  expect(started).toHaveLength(1);
  const { temporal: closed } = ended('COMPLETED', orderIn('canceled'));
  expect(await deliver({ ...OF_ORDER, eventType: 'charge.refunded' }, closed)).toBe('ended');
});

it('an event of a closed order whose payment has become another order’s is kept for a person, and nothing is started that would end at once', async () => {
  const { temporal, started } = ended('COMPLETED', orderIn('succeeded'));
  const intent = { id: 'pi_1', object: 'payment_intent', currency: 'usd', livemode: false };
  const transferred = { transfer_data: { destination: 'acct_seller' }, on_behalf_of: null };
  answer = { status: 200, body: { ...intent, ...transferred, metadata: { waybill_order: 'another' } } };
  await expect(deliver(OF_ORDER, temporal)).rejects.toMatchObject({
    type: ORDER_NOT_KNOWN,
    message: 'order order-1 cannot be reopened: pi_1 belongs to order another.',
  });
  expect(started).toEqual([]);
  answer = { status: 200, body: { ...intent, ...transferred, metadata: { waybill_order: 'order-1' } } };
  expect(await deliver(OF_ORDER, temporal)).toBe('reopened');
  expect(started).toHaveLength(1);
});

it('a bug is not retried by Temporal: it would stop each attempt in the same way', async () => {
  const event: StripeEventRef = { ...EVENT, subject: { kind: 'order', orderId: 'unlucky' } };
  await expect(deliver(event, {})).rejects.toMatchObject({ nonRetryable: true, type: 'TypeError' });
});
