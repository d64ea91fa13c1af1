import { ApplicationFailure } from '@temporalio/common';
import type { OutgoingEvent } from '../../domain/outgoing-events/outgoing-event.ts';

/** Subscribers take every event but those of the order `event-refused`. */
export const SUBSCRIBERS = {
  publishEvents: async () => undefined,
  async deliverEvent({ event }: { event: OutgoingEvent }) {
    if (event.data.id === 'event-refused')
      throw ApplicationFailure.nonRetryable('answered 410', 'EventEndpointGone');
    return { status: 'delivered', detail: 'answered 204' };
  },
  disableSubscription: async () => undefined,
  announceToOpen: async () => undefined,
};
