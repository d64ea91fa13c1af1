import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEventActivities } from '../../../activities/stripe-events/events.ts';
import { STRIPE_RETRYABLE } from '../../../domain/errors.ts';
import type { StripeEventRef } from '../../../domain/stripe-events/stripe-events.ts';
import { createStripeClient } from '../../../stripe/client.ts';
import { NOW, orderIn } from '../../support/builders.ts';
import { SCRIPTED_CONNECTION } from '../../support/scripted-connection.ts';

/** Answers every request in the same way; null: not at all. */
let answer: { status: number; error: object } | null;
let server: Server;
beforeEach(async () => {
  server = createServer((request, response) => {
    if (answer === null) return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: answer.error }));
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

it('a bug is not retried by Temporal: it would stop each attempt in the same way', async () => {
  const event: StripeEventRef = { ...EVENT, subject: { kind: 'order', orderId: 'unlucky' } };
  await expect(deliver(event, {})).rejects.toMatchObject({ nonRetryable: true, type: 'TypeError' });
});
