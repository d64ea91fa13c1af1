import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { EVENT_ENDPOINT_GONE, EVENT_NOT_ACCEPTED } from '../../contract/outgoing-events.ts';
import { predecessorOf } from '../../domain/outgoing-events/event-ids.ts';
import type { OutgoingEvent } from '../../domain/outgoing-events/outgoing-event.ts';
import { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { payloadOf } from '../../event-delivery/payload.ts';
import { isPending } from '../../event-delivery/pending.ts';
import { post } from '../../event-delivery/post.ts';
import { retryAfterMs } from '../../event-delivery/retry-after.ts';
import { signedHeaders } from '../../event-delivery/signing.ts';
import { withoutRetriesOfBugs } from '../shared/bugs.ts';

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

export interface DeliveryDeps {
  readonly temporal: Client;
  readonly events: EventDeliverySettings;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The attempt that runs, from 1 on. */
  readonly attempt: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

interface Delivery {
  readonly event: OutgoingEvent;
  readonly subscription: string;
}

const RETRY_MAX_MS = 3 * 3_600_000;
/** How often, and how many times, a first attempt checks whether the object's previous event has been delivered. */
const PREDECESSOR_EVERY_MS = 1_000;
const PREDECESSOR_CHECKS_MAX = 5;

/** Posting events to subscribers: an activity on a task queue of its own, so that slow receivers hold up no payment. */
export function createDeliveryActivities(deps: DeliveryDeps) {
  const directory = new SubscriptionDirectory(deps.temporal);
  return withoutRetriesOfBugs({
    /** Sends an event to one subscription; throws, to be retried, until the receiver accepts it. */
    deliverEvent: (delivery: Delivery) => deliverEvent(deps, directory, delivery),
  });
}

async function deliverEvent(
  deps: DeliveryDeps,
  directory: SubscriptionDirectory,
  { event, subscription: id }: Delivery,
): Promise<{ status: 'delivered' | 'skipped'; detail: string | null }> {
  const { signingKey, ...target } = deps.events;
  if (deps.attempt() === 1) await waitForPredecessor(deps, event, id);
  const subscription = (await directory.fresh()).find((one) => one.id === id);
  if (!subscription) return { status: 'skipped', detail: 'it was deleted' };
  if (subscription.disabled) return { status: 'skipped', detail: 'it is disabled' };
  if (signingKey === null) throw notAccepted(deps, 'no key to derive signing secrets from is configured');
  const body = payloadOf(event);
  const headers = signedHeaders(signingKey, subscription, { id: event.id, body, at: deps.now() });
  const { status, retryAfter } = await post({ ...target, url: subscription.url }, headers, body).catch(
    (error: unknown) => {
      throw notAccepted(deps, error instanceof Error ? error.message : String(error));
    },
  );
  if (status >= 200 && status < 300) return { status: 'delivered', detail: `answered ${status}` };
  if (status === 410) throw ApplicationFailure.nonRetryable('answered 410: it is gone', EVENT_ENDPOINT_GONE);
  throw notAccepted(deps, `answered ${status}`, retryAfterMs(retryAfter, deps.now()));
}

/** As far as possible, events arrive in their order. */
async function waitForPredecessor(
  { temporal, sleep }: DeliveryDeps,
  { id }: OutgoingEvent,
  subscription: string,
): Promise<void> {
  const predecessor = predecessorOf(id);
  if (predecessor === null) return;
  for (let checks = 0; checks < PREDECESSOR_CHECKS_MAX; checks += 1) {
    if (!(await isPending(temporal, predecessor, subscription))) return;
    await sleep(PREDECESSOR_EVERY_MS);
  }
}

/**
 * Retried after a delay that doubles with each attempt, with jitter: receivers that come back are not overrun. A receiver that
 * asks for more time (`Retry-After`) gets it, within the same maximum.
 */
function notAccepted(
  { events: { firstRetryMs }, attempt }: DeliveryDeps,
  message: string,
  askedForMs = 0,
): ApplicationFailure {
  const full = Math.min(Math.max(firstRetryMs * 2 ** (attempt() - 1), askedForMs), RETRY_MAX_MS);
  // Never sooner than was asked for.
  const jitter = askedForMs > 0 ? 1 + Math.random() / 4 : 0.75 + Math.random() / 2;
  const nextRetryDelay = Math.round(full * jitter);
  return ApplicationFailure.create({ type: EVENT_NOT_ACCEPTED, message, nextRetryDelay });
}
