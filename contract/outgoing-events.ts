import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CommandEnvelope, CommandResult } from '../domain/commands/command.ts';
import type { EventSubscription } from '../domain/outgoing-events/event-subscription.ts';
import type { OutgoingEvent } from '../domain/outgoing-events/outgoing-event.ts';

export const OUTGOING_EVENT_WORKFLOW = 'outgoingEvent';
export const EVENT_REPLAY_WORKFLOW = 'eventReplay';
export const EVENT_SUBSCRIPTIONS_WORKFLOW = 'eventSubscriptions';

/** Events are posted from a task queue of their own: slow receivers take no place from payments. */
export function deliveriesTaskQueue(taskQueue: string): string {
  return `${taskQueue}-deliveries`;
}

/** Type of the failure by which a receiver ends its subscription: it answered 410. */
export const EVENT_ENDPOINT_GONE = 'EventEndpointGone';
/** The same where it takes the event later, or never answers: it is delivered again. */
export const EVENT_NOT_ACCEPTED = 'EventNotAccepted';

/** Argument of the workflows that deliver an event. */
export interface OutgoingEventInput {
  readonly event: OutgoingEvent;
  /** Ids of those to whom it goes. */
  readonly subscriptions: readonly string[];
  /** How long it is tried, in milliseconds. */
  readonly giveUpAfterMs: number;
}

/** How a delivery to one subscription stands. `skipped`: it was deleted or disabled meanwhile. */
export interface EventDelivery {
  readonly subscription: string;
  readonly status: 'pending' | 'delivered' | 'failed' | 'skipped';
  readonly detail: string | null;
}

export interface DeliveredEvent {
  readonly event: OutgoingEvent;
  readonly deliveries: readonly EventDelivery[];
}

export const outgoingEventQuery = defineQuery<DeliveredEvent>('event');

/** What a subscription is made with. */
export type AskedSubscription = Pick<EventSubscription, 'id' | 'url' | 'events' | 'description'>;

/** What is changed about the subscriptions, by whom and under which request. */
export type SubscriptionCommand = CommandEnvelope &
  (
    | {
        readonly kind: 'create';
        readonly subscription: AskedSubscription;
      }
    | { readonly kind: 'delete'; readonly id: string }
    | { readonly kind: 'enable'; readonly id: string }
    /** Milliseconds that the secret before goes on signing. */
    | { readonly kind: 'rotate_secret'; readonly id: string; readonly overlapMs: number }
  );

export interface SubscriptionAnswer {
  readonly result: CommandResult;
  /** As the command left it. */
  readonly subscription: EventSubscription | null;
}

export const subscriptionUpdate = defineUpdate<SubscriptionAnswer, [SubscriptionCommand]>('change');
export const subscriptionsQuery = defineQuery<readonly EventSubscription[]>('subscriptions');

/** A delivery that came to nothing. */
export interface SubscriptionEnd {
  readonly id: string;
  readonly reason: string;
  /** Since when an event was tried, in milliseconds since the epoch; absent: the receiver said that it is gone. */
  readonly since?: number;
  /** It has taken another event since: it misses this one alone. */
  readonly takesOthers?: true;
}

/** A receiver did not take an event for too long, or said that it is gone: nothing more is sent there, unless it takes others. */
export const disableSubscriptionSignal = defineSignal<[SubscriptionEnd]>('disable');

/** There is a subscriber from now on. */
export const announceSignal = defineSignal('announce');
