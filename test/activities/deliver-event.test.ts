import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutgoingEventActivities } from '../../activities/outgoing-events.ts';
import type { EventSubscription } from '../../domain/event-subscription.ts';
import { announce, nothingAnnounced } from '../../domain/outgoing-events.ts';
import { NOW, orderIn } from '../support/builders.ts';
import type { Receiver } from '../support/event-receiver.ts';
import { startReceiver } from '../support/event-receiver.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let receiver: Receiver;
let other: Receiver;
beforeEach(async () => {
  [receiver, other] = await Promise.all([startReceiver(), startReceiver()]);
});
afterEach(async () => {
  await Promise.all([receiver.stop(), other.stop()]);
});

function subscription(id: string, { url }: Receiver): EventSubscription {
  const fresh = { createdAt: NOW, generation: 1, previousUntil: null, disabled: null };
  return { id, url, events: ['*'], description: null, ...fresh };
}

/** Temporal as far as a delivery needs it: who subscribes, and no event before. */
function temporalWith(subscriptions: readonly EventSubscription[]): Client {
  const getHandle = (id: string) => ({
    query: async () => subscriptions,
    describe: async () => {
      throw new WorkflowNotFoundError('not found', id, undefined);
    },
  });
  const connection = { withDeadline: (_: number, call: () => unknown) => call() };
  return { workflow: { getHandle }, connection } as unknown as Client;
}

function deliverer({ attempt = 1, answerWithinMs = 2_000 } = {}) {
  const { deliverEvent } = createOutgoingEventActivities({
    temporal: temporalWith([subscription('wes_1', receiver), subscription('wes_2', other)]),
    taskQueue: 'none',
    events: {
      signingKey: 'what the signing secrets of a test are made of',
      allowLoopback: true,
      answerWithinMs,
      firstRetryMs: MINUTE_MS,
      giveUpAfterMs: 72 * HOUR_MS,
    },
    now: () => NOW,
    attempt: () => attempt,
  });
  const [event] = announce(nothingAnnounced(true, 0), orderIn('succeeded'), NOW, false).events;
  if (!event) throw new Error('nothing happened');
  return (to: string) => deliverEvent({ event, subscription: to });
}

const failureOf = (delivery: Promise<unknown>): Promise<ApplicationFailure> =>
  delivery.then(
    () => Promise.reject(new Error('it was delivered')),
    (failure) => failure,
  );

describe('an event that was not taken comes again', () => {
  it.each([
    ['after a minute', 1, undefined, MINUTE_MS, 0.75, 1.25],
    ['after twice as long each time', 4, undefined, 8 * MINUTE_MS, 0.75, 1.25],
    ['after three hours at most', 40, undefined, 3 * HOUR_MS, 0.75, 1.25],
    ['not before the receiver wishes', 1, '600', 10 * MINUTE_MS, 1, 1.25],
    ['as ever where the receiver wishes for less', 4, '1', 8 * MINUTE_MS, 1, 1.25],
    ['however long the receiver wishes, after three hours', 1, '31536000', 3 * HOUR_MS, 1, 1.25],
  ] as const)('%s', async (_, attempt, retryAfter, expected, from, to) => {
    receiver.answers.push(retryAfter === undefined ? 503 : { status: 503, retryAfter });
    const { message, nextRetryDelay } = await failureOf(deliverer({ attempt })('wes_1'));
    expect(message).toBe('answered 503');
    expect(nextRetryDelay).toBeGreaterThanOrEqual(expected * from);
    expect(nextRetryDelay).toBeLessThanOrEqual(expected * to);
  });
});

describe('a receiver that does not answer', () => {
  it('holds up a few deliveries of its own, and no one else’s', async () => {
    receiver.answers.push(...Array.from({ length: 20 }, () => 'never' as const));
    const deliver = deliverer();
    const all = Array.from({ length: 20 }, () => failureOf(deliver('wes_1')));
    const failures = Promise.all(all).then((ended) => ended.map(({ message }) => message));
    await vi.waitFor(() => expect(receiver.received).toHaveLength(5));
    await expect(deliver('wes_2')).resolves.toMatchObject({ status: 'delivered' });
    const messages = await failures;
    expect(messages.filter((message) => message.startsWith('too many'))).toHaveLength(15);
    expect(receiver.received).toHaveLength(5);
  });

  it('gets what comes later once it answers again', async () => {
    receiver.answers.push(...Array.from({ length: 5 }, () => 'never' as const));
    const deliver = deliverer({ answerWithinMs: 100 });
    await Promise.all(Array.from({ length: 5 }, () => failureOf(deliver('wes_1'))));
    await expect(deliver('wes_1')).resolves.toMatchObject({ status: 'delivered' });
  });
});
