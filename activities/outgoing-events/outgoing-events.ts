import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { outgoingEventId, outgoingEventWorkflowId } from '../../domain/outgoing-events/event-ids.ts';
import { wants } from '../../domain/outgoing-events/event-subscription.ts';
import type { OutgoingEvent } from '../../domain/outgoing-events/outgoing-event.ts';
import { announceOpenOrders } from '../../event-delivery/announce.ts';
import { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { DeliveryGate } from '../../event-delivery/gate.ts';
import { payloadOf } from '../../event-delivery/payload.ts';
import { isPending } from '../../event-delivery/pending.ts';
import { post } from '../../event-delivery/post.ts';
import { retryAfterMs } from '../../event-delivery/retry-after.ts';
import { signedHeaders } from '../../event-delivery/signing.ts';
import { disableSubscription, OUTGOING_EVENT_WORKFLOW, startDelivery } from '../../event-delivery/start.ts';

/** How outgoing events are delivered. */
export interface EventDeliverySettings {
  /** What signing secrets are derived from; null: none is configured, and nothing is sent. */
  readonly signingKey: string | null;
  /** Receivers on this very machine are good too. */
  readonly allowLoopback: boolean;
  /** How long a receiver may take to answer, in milliseconds. */
  readonly answerWithinMs: number;
  /** Before the second attempt; doubles from there, in milliseconds. */
  readonly firstRetryMs: number;
  /** After that long without success a subscription is disabled. */
  readonly giveUpAfterMs: number;
}

export interface OutgoingEventDeps {
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly events: EventDeliverySettings;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The attempt that runs, from 1 on. */
  readonly attempt: () => number;
  /** How often the receiver has not taken what is being delivered: kept from one attempt to the next. */
  readonly failures: { known(): number; note(count: number): void };
}

export type OutgoingEventActivities = ReturnType<typeof createOutgoingEventActivities>;

interface Delivery {
  readonly event: OutgoingEvent;
  readonly subscription: string;
}

const RETRY_MAX_MS = 3 * 3_600_000;
/** So many attempts a delivery lets the order's event before it go first. */
const WAITS_FOR_PREDECESSOR = 5;
const PREDECESSOR_MS = 1_000;
/** The longest wait for a place among the deliveries: it is soon free once receivers answer. */
const PLACE_MAX_MS = 60_000;

/** What workflows may have done about outgoing events. */
export function createOutgoingEventActivities(deps: OutgoingEventDeps) {
  const { temporal } = deps;
  const reach = { directory: new SubscriptionDirectory(temporal), gate: new DeliveryGate() };
  return {
    /** Starts the delivery of those events that somebody wants to be told; of each once. */
    publishEvents: (events: readonly OutgoingEvent[]) => publishEvents(deps, reach.directory, events),

    /** Sends an event to one subscription; throws, to be repeated, while it is not taken. */
    deliverEvent: (delivery: Delivery) => deliverEvent(deps, reach, delivery),

    /** Nothing more is sent there until an operator enables it again. */
    disableSubscription: ({ subscription, reason }: { subscription: string; reason: string }) =>
      disableSubscription(temporal, subscription, reason),

    /** Makes the orders that are open announce what happens to them from now on. */
    announceOpenOrders: () => announceOpenOrders(temporal),
  };
}

async function publishEvents(
  { temporal, taskQueue, events: { giveUpAfterMs } }: OutgoingEventDeps,
  directory: SubscriptionDirectory,
  events: readonly OutgoingEvent[],
): Promise<void> {
  const all = await directory.list();
  for (const event of events) {
    const subscriptions = all.filter((one) => wants(one, event.type)).map(({ id }) => id);
    if (subscriptions.length === 0) continue;
    await startDelivery(temporal, {
      workflowType: OUTGOING_EVENT_WORKFLOW,
      workflowId: outgoingEventWorkflowId(event.id),
      taskQueue,
      input: { event, subscriptions, giveUpAfterMs },
    });
  }
}

async function deliverEvent(
  deps: OutgoingEventDeps,
  { directory, gate }: { directory: SubscriptionDirectory; gate: DeliveryGate },
  { event, subscription: id }: Delivery,
): Promise<{ status: 'delivered' | 'skipped'; detail: string | null }> {
  const { signingKey, ...target } = deps.events;
  const subscription = (await directory.fresh()).find((one) => one.id === id);
  if (!subscription) return { status: 'skipped', detail: 'it was deleted' };
  if (subscription.disabled) return { status: 'skipped', detail: 'it is disabled' };
  if (signingKey === null) throw unsent(deps, 'no key to derive signing secrets from is configured');
  if (deps.attempt() <= WAITS_FOR_PREDECESSOR && (await isWaiting(deps.temporal, event, id))) {
    throw ApplicationFailure.create({
      type: 'EventBeforeIsUndelivered',
      message: 'the event before it is still being delivered',
      nextRetryDelay: PREDECESSOR_MS,
    });
  }
  const body = payloadOf(event);
  const headers = signedHeaders(signingKey, subscription, { id: event.id, body, at: deps.now() });
  const answered = await gate
    .through(id, () => post({ ...target, url: subscription.url }, headers, body))
    .catch((error: unknown) => {
      throw unsent(deps, error instanceof Error ? error.message : String(error));
    });
  if (answered === null) {
    const wait = Math.min(deps.events.firstRetryMs * 2 ** (deps.attempt() - 1), PLACE_MAX_MS);
    throw notTaken('too many deliveries wait for an answer already', withJitter(wait));
  }
  const { status, retryAfter } = answered;
  if (status >= 200 && status < 300) return { status: 'delivered', detail: `answered ${status}` };
  if (status === 410) throw ApplicationFailure.nonRetryable('answered 410: it is gone', 'EventEndpointGone');
  throw unsent(deps, `answered ${status}`, retryAfterMs(retryAfter, deps.now()));
}

/** As far as possible, events arrive in their order. */
async function isWaiting(temporal: Client, { order }: OutgoingEvent, subscription: string): Promise<boolean> {
  const { id, sequence } = order;
  return sequence > 1 && isPending(temporal, outgoingEventId(id, sequence - 1), subscription);
}

/**
 * To be repeated after a while that doubles with each failure, with jitter: receivers that come back are not overrun. One that
 * asks for more time is given it, within the same bound. Attempts that only waited are none.
 */
function unsent(
  { events: { firstRetryMs }, failures }: OutgoingEventDeps,
  message: string,
  askedForMs = 0,
): ApplicationFailure {
  const before = failures.known();
  failures.note(before + 1);
  const full = Math.min(Math.max(firstRetryMs * 2 ** before, askedForMs), RETRY_MAX_MS);
  // Never sooner than was asked for.
  return notTaken(message, askedForMs > 0 ? full * (1 + Math.random() / 4) : withJitter(full));
}

function withJitter(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}

function notTaken(message: string, againAfterMs: number): ApplicationFailure {
  const nextRetryDelay = Math.round(againAfterMs);
  return ApplicationFailure.create({ type: 'EventNotTaken', message, nextRetryDelay });
}
