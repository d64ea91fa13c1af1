import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryActivities } from '../../../activities/outgoing-events/deliver-event.ts';
import type { Receiver } from '../../../dev/event-receiver.ts';
import { startReceiver } from '../../../dev/event-receiver.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import { EVENT_SUBSCRIPTIONS_WORKFLOW_ID } from '../../../domain/outgoing-events/event-ids.ts';
import type { EventSubscription } from '../../../domain/outgoing-events/event-subscription.ts';
import { orderEvents } from '../../../domain/outgoing-events/order-events.ts';
import type { OutgoingEvent } from '../../../domain/outgoing-events/outgoing-event.ts';
import { NOW, orderIn } from '../../support/builders.ts';
import { SCRIPTED_CONNECTION } from '../../support/scripted-connection.ts';

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

/** The waits for an event before, in milliseconds. */
const slept: number[] = [];

/** How often the one workflow that keeps all subscriptions was asked. */
let subscriptionReads = 0;

function subscription(id: string, { url }: Receiver): EventSubscription {
  const fresh = { createdAt: NOW, generation: 1, previousUntil: null, disabled: null };
  return { id, url, events: ['*'], description: null, ...fresh };
}

/** Temporal as far as a delivery needs it: who subscribes, and how the event before stands (null: there is none): one has not taken it yet. */
function temporalWith(subscriptions: readonly EventSubscription[], before: 'RUNNING' | null): Client {
  const deliveries = [
    { subscription: 'wes_1', status: 'pending' },
    { subscription: 'wes_2', status: 'delivered' },
  ];
  const getHandle = (id: string) => ({
    query: async () => {
      if (id !== EVENT_SUBSCRIPTIONS_WORKFLOW_ID) return { deliveries };
      subscriptionReads += 1;
      return subscriptions;
    },
    describe: async () => {
      if (before === null) throw new WorkflowNotFoundError('not found', id, undefined);
      return { status: { name: before } };
    },
  });
  return { workflow: { getHandle }, connection: SCRIPTED_CONNECTION } as unknown as Client;
}

interface Changes {
  readonly attempt?: number;
  readonly subscriptions?: readonly EventSubscription[];
  readonly before?: 'RUNNING' | null;
  readonly signingKey?: string | null;
  readonly event?: OutgoingEvent;
}

function deliverer({
  attempt = 1,
  subscriptions = [subscription('wes_1', receiver), subscription('wes_2', other)],
  before = null,
  signingKey = 'what the signing secrets of a test are made of',
  event = anEvent(),
}: Changes = {}) {
  const { deliverEvent } = createDeliveryActivities({
    temporal: temporalWith(subscriptions, before),
    events: {
      signingKey,
      allowLoopback: true,
      answerWithinMs: 2_000,
      firstRetryMs: MINUTE_MS,
      giveUpAfterMs: 72 * HOUR_MS,
    },
    now: () => NOW,
    attempt: () => attempt,
    sleep: async (ms) => {
      slept.push(ms);
    },
  });
  return (to: string) => deliverEvent({ event, subscription: to });
}

const failureOf = (delivery: Promise<unknown>): Promise<ApplicationFailure> =>
  delivery.then(
    () => Promise.reject(new Error('it was delivered')),
    (failure) => failure,
  );

describe('an event that was not accepted comes again', () => {
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

describe('an event', () => {
  it('shares one question for the subscriptions with all that go out at the same time', async () => {
    subscriptionReads = 0;
    const deliver = deliverer();
    await Promise.all(Array.from({ length: 5 }, () => deliver('wes_1')));
    expect(receiver.received).toHaveLength(5);
    expect(subscriptionReads).toBe(1);
    await deliver('wes_1');
    expect(subscriptionReads).toBe(2);
  });

  it.each([
    ['deleted', [], 'it was deleted'],
    ['disabled', [{ reason: 'gone', at: NOW }], 'it is disabled'],
  ] as const)('goes nowhere once its subscription is %s', async (_, disabled, detail) => {
    const subscriptions = disabled.map((why) => ({ ...subscription('wes_1', receiver), disabled: why }));
    expect(await deliverer({ subscriptions })('wes_1')).toEqual({ status: 'skipped', detail });
    expect(receiver.received).toEqual([]);
  });

  it('is not sent without a signature', async () => {
    const { message } = await failureOf(deliverer({ signingKey: null })('wes_1'));
    expect(message).toContain('no key');
    expect(receiver.received).toEqual([]);
  });

  it('waits five seconds for the event before it, at its first attempt only', async () => {
    slept.length = 0;
    await deliverer({ before: 'RUNNING' })('wes_1');
    expect(slept).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
    await deliverer({ before: 'RUNNING', attempt: 2 })('wes_1');
    expect(slept).toHaveLength(5);
    expect(receiver.received).toHaveLength(2);
  });

  it('does not wait for one before it that this subscriber has taken and another has not', async () => {
    slept.length = 0;
    expect(await deliverer({ before: 'RUNNING' })('wes_2')).toMatchObject({ status: 'delivered' });
    expect(slept).toEqual([]);
  });

  it('is not tried again where the receiver says that it is gone', async () => {
    receiver.answers.push(410);
    expect(await failureOf(deliverer()('wes_1'))).toMatchObject({
      type: 'EventEndpointGone',
      nonRetryable: true,
    });
  });
});

/** Of an order whose payment succeeded. */
function anEvent(): OutgoingEvent {
  const [event] = announce(
    orderEvents(false),
    nothingPublished(orderEvents(false), true, 1),
    orderIn('succeeded'),
    NOW,
  ).events;
  if (!event) throw new Error('nothing happened');
  return event;
}

describe('a bug is not retried, as it would stop each attempt in the same way', () => {
  it('where it comes before the request', async () => {
    const { deliverEvent } = createDeliveryActivities({
      temporal: temporalWith([], null),
      events: { signingKey: null, allowLoopback: true, answerWithinMs: 1, firstRetryMs: 1, giveUpAfterMs: 1 },
      now: () => NOW,
      attempt: () => {
        throw new TypeError('x is not a function');
      },
      sleep: async () => {},
    });
    const failure = await failureOf(deliverEvent({ event: anEvent(), subscription: 'wes_1' }));
    expect(failure).toMatchObject({ nonRetryable: true, type: 'TypeError' });
  });

  it('where no request can be made of the event', async () => {
    const failure = await failureOf(deliverer({ event: { ...anEvent(), id: 'evt_order~1\n~1' } })('wes_1'));
    expect(failure).toMatchObject({ nonRetryable: true, type: 'TypeError' });
  });
});
