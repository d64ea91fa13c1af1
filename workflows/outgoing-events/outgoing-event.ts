import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeliveryActivities } from '../../activities/outgoing-events/deliver-event.ts';
import type { OutgoingEventActivities } from '../../activities/outgoing-events/outgoing-events.ts';
import type { DeliveredEvent, EventDelivery, OutgoingEventInput } from '../../contract/outgoing-events.ts';
import {
  deliveriesTaskQueue,
  EVENT_ENDPOINT_GONE,
  outgoingEventQuery,
} from '../../contract/outgoing-events.ts';
import { OUTGOING_EVENT_INPUT } from '../../domain/commands/workflow-input.ts';
import { HEARTBEAT_WITHIN } from '../entity/perform.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { isBug } from '../shared/bug.ts';
import { escapeMarkdown, runbookLink } from '../shared/markdown.ts';
import { needAttributes } from '../shared/need-attributes.ts';
import { workflowNow } from '../shared/time.ts';

/** Longer than a receiver may take to answer (event-delivery/post.ts) and than the wait for the event before. */
const START_TO_CLOSE = '30 seconds';

const { disableSubscription } = proxyActivities<OutgoingEventActivities>({
  startToCloseTimeout: '10 seconds',
  summary: 'disable the subscription',
});

/**
 * Delivers one event to each of its subscribers. One that takes neither this one nor another is disabled until an operator
 * enables it again. The activity's own retries are the waiting.
 */
export async function outgoingEvent(input: OutgoingEventInput): Promise<DeliveredEvent> {
  refuseNonsense(input, OUTGOING_EVENT_INPUT);
  const { event, subscriptions, giveUpAfterMs } = input;
  const deliveries = new Map<string, EventDelivery>(
    subscriptions.map((subscription) => [subscription, { subscription, status: 'pending', detail: null }]),
  );
  const delivered = () => ({ event, deliveries: [...deliveries.values()] });
  setHandler(outgoingEventQuery, delivered, { description: 'The event, and how each delivery stands' });

  const deliver = async (subscription: string): Promise<void> => {
    const { deliverEvent } = proxyActivities<DeliveryActivities>({
      taskQueue: deliveriesTaskQueue(workflowInfo().taskQueue),
      // One receiver's backlog does not hold up another's events.
      priority: { fairnessKey: subscription },
      startToCloseTimeout: START_TO_CLOSE,
      heartbeatTimeout: HEARTBEAT_WITHIN,
      scheduleToCloseTimeout: giveUpAfterMs,
      summary: `${event.type} → ${subscription}`,
    });
    try {
      const { status, detail } = await deliverEvent({ event, subscription });
      deliveries.set(subscription, { subscription, status, detail });
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      const detail = failureDetail(error);
      deliveries.set(subscription, { subscription, status: 'failed', detail });
      if (isBug(error, EVENT_ENDPOINT_GONE)) return show('unexpected_failure', detail);
      const since = isGone(error) ? {} : { since: workflowInfo().startTime.getTime() };
      const outcome = await disableSubscription({ subscription, reason: `${event.id}: ${detail}`, ...since });
      if (outcome === 'takes_others') show('event_not_accepted', detail);
    }
  };
  await Promise.all(subscriptions.map(deliver));
  return delivered();
}

/** Delivers an event once more, to the subscriptions it is wanted for. */
export const eventReplay = outgoingEvent;

/** The subscription stays, since it was a bug or the receiver takes other events: this one waits for a replay. */
function show(code: 'unexpected_failure' | 'event_not_accepted', detail: string): void {
  setCurrentDetails(`Not delivered: ${escapeMarkdown(detail)}. ${runbookLink(code)}`);
  upsertSearchAttributes([...needAttributes({ code, since: workflowNow() })]);
}

function isGone({ cause }: ActivityFailure): boolean {
  return cause instanceof ApplicationFailure && cause.type === EVENT_ENDPOINT_GONE;
}

/** A timeout wraps what the last attempt ran into. */
function failureDetail(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? failureDetail(cause) : error.message;
}
