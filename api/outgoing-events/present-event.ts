import type { DeliveredEvent } from '../../contract/outgoing-events.ts';
import type { EventSubscription } from '../../domain/outgoing-events/event-subscription.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import type { EventResource, SubscriptionResource } from './events-schema.ts';

/** `secret`: only where it has just been made. */
export function presentSubscription(subscription: EventSubscription, secret?: string): SubscriptionResource {
  const { disabled, missed, previousUntil } = subscription;
  return {
    id: subscription.id,
    object: 'event_subscription',
    url: subscription.url,
    events: [...subscription.events],
    description: subscription.description,
    status: disabled ? 'disabled' : 'enabled',
    disabled: disabled && { reason: disabled.reason, at: rfc3339(disabled.at) },
    missed: missed ? { reason: missed.reason, at: rfc3339(missed.at) } : null,
    ...(secret === undefined ? {} : { secret }),
    previous_secret_until: previousUntil === null ? null : rfc3339(previousUntil),
    created: rfc3339(subscription.createdAt),
  };
}

export function presentEvent({ event, deliveries }: DeliveredEvent): EventResource {
  return {
    id: event.id,
    object: 'event',
    type: event.type,
    // What was sent, as it was.
    data: event.data as EventResource['data'],
    deliveries: deliveries.map((delivery) => ({ ...delivery })),
    created: rfc3339(event.createdAt),
  };
}
