import { ActivityFailure, proxyActivities, setHandler } from '@temporalio/workflow';
import type { OutgoingEventActivities } from '../../activities/outgoing-events/outgoing-events.ts';
import type { DeliveredEvent, EventDelivery, OutgoingEventInput } from '../../contract/outgoing-events.ts';
import { outgoingEventQuery } from '../../contract/outgoing-events.ts';
import { OUTGOING_EVENT_INPUT } from '../../domain/commands/workflow-input.ts';
import { HEARTBEAT_WITHIN } from '../entity/perform.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';

/** Longer than a receiver may take to answer (event-delivery/post.ts), and the look at the event before. */
const START_TO_CLOSE = '30 seconds';

const { disableSubscription } = proxyActivities<OutgoingEventActivities>({
  startToCloseTimeout: '10 seconds',
});

/**
 * Delivers one event to each of its subscribers, for as long as it takes or until it is given up: who does not take it
 * then is told nothing more until an operator enables it again. The activity's own retries are the waiting.
 */
export async function outgoingEvent(input: OutgoingEventInput): Promise<DeliveredEvent> {
  refuseNonsense(input, OUTGOING_EVENT_INPUT);
  const { event, subscriptions, giveUpAfterMs } = input;
  const deliveries = new Map<string, EventDelivery>(
    subscriptions.map((subscription) => [subscription, { subscription, status: 'pending', detail: null }]),
  );
  const delivered = () => ({ event, deliveries: [...deliveries.values()] });
  setHandler(outgoingEventQuery, delivered);

  const { deliverEvent } = proxyActivities<OutgoingEventActivities>({
    startToCloseTimeout: START_TO_CLOSE,
    heartbeatTimeout: HEARTBEAT_WITHIN,
    scheduleToCloseTimeout: giveUpAfterMs,
  });
  const deliver = async (subscription: string): Promise<void> => {
    try {
      const { status, detail } = await deliverEvent({ event, subscription });
      deliveries.set(subscription, { subscription, status, detail });
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      const detail = failureDetail(error);
      deliveries.set(subscription, { subscription, status: 'failed', detail });
      await disableSubscription({ subscription, reason: `${event.id}: ${detail}` });
    }
  };
  await Promise.all(subscriptions.map(deliver));
  return delivered();
}

/** Tells an event once more, to whom it is wanted for. */
export const eventReplay = outgoingEvent;

/** A timeout wraps what the last attempt ran into. */
function failureDetail(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? failureDetail(cause) : error.message;
}
