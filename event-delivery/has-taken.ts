import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { DeliveredEvent } from '../contract/outgoing-events.ts';
import {
  EVENT_REPLAY_WORKFLOW,
  OUTGOING_EVENT_WORKFLOW,
  outgoingEventQuery,
} from '../contract/outgoing-events.ts';
import type { EventSubscription } from '../domain/outgoing-events/event-subscription.ts';
import { ask } from '../temporal/ask.ts';

/** The newest of those that it asked for: a receiver that works has taken nearly all of them. */
const LOOKED_AT_MAX = 20;

/** Whether a receiver has taken an event that was first tried after `since` (milliseconds since the epoch). */
export async function hasTaken(
  temporal: Client,
  { id, events }: Pick<EventSubscription, 'id' | 'events'>,
  since: number,
): Promise<boolean> {
  const types = events.includes('*')
    ? []
    : [`EventType IN (${events.map((type) => `'${type}'`).join(', ')})`];
  const query = [
    `WorkflowType IN ('${OUTGOING_EVENT_WORKFLOW}', '${EVENT_REPLAY_WORKFLOW}')`,
    // One of a subscriber that is dead goes on, and has been delivered to the others.
    `ExecutionStatus IN ('Running', 'Completed')`,
    `StartTime > '${new Date(since).toISOString()}'`,
    ...types,
  ].join(' AND ');
  let seen = 0;
  for await (const event of temporal.workflow.list({ query, pageSize: LOOKED_AT_MAX })) {
    const { deliveries } = await deliveredOf(temporal, event);
    if (deliveries.some(({ subscription, status }) => subscription === id && status === 'delivered'))
      return true;
    seen += 1;
    if (seen === LOOKED_AT_MAX) break;
  }
  return false;
}

/** An ended one says it without a worker. */
function deliveredOf(
  temporal: Client,
  { workflowId, runId, status }: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'status'>,
): Promise<DeliveredEvent> {
  if (status.name === 'COMPLETED') return temporal.workflow.result(workflowId, runId);
  return ask(temporal, () => temporal.workflow.getHandle(workflowId, runId).query(outgoingEventQuery));
}
