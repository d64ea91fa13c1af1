import type { Client } from '@temporalio/client';
import type { DeliveredEvent } from '../contract/outgoing-events.ts';
import { EVENT_REPLAY_WORKFLOW, OUTGOING_EVENT_WORKFLOW } from '../contract/outgoing-events.ts';
import type { EventSubscription } from '../domain/outgoing-events/event-subscription.ts';

/** The newest of those that it asked for: a receiver that works has taken nearly all of them. */
const LOOKED_AT_MAX = 20;

/** Whether a receiver has taken an event that was first tried after `since` (milliseconds since the epoch). */
export async function hasTaken(
  { workflow }: Client,
  { id, events }: Pick<EventSubscription, 'id' | 'events'>,
  since: number,
): Promise<boolean> {
  const types = events.includes('*')
    ? []
    : [`EventType IN (${events.map((type) => `'${type}'`).join(', ')})`];
  const query = [
    `WorkflowType IN ('${OUTGOING_EVENT_WORKFLOW}', '${EVENT_REPLAY_WORKFLOW}')`,
    `ExecutionStatus = 'Completed'`,
    `StartTime > '${new Date(since).toISOString()}'`,
    ...types,
  ].join(' AND ');
  let seen = 0;
  for await (const { workflowId, runId } of workflow.list({ query, pageSize: LOOKED_AT_MAX })) {
    const { deliveries }: DeliveredEvent = await workflow.result(workflowId, runId);
    if (deliveries.some((one) => one.subscription === id && one.status === 'delivered')) return true;
    seen += 1;
    if (seen === LOOKED_AT_MAX) break;
  }
  return false;
}
