import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { outgoingEventQuery } from '../contract/outgoing-events.ts';
import { outgoingEventWorkflowId } from '../domain/outgoing-events/event-ids.ts';
import { ask } from '../temporal/ask.ts';
import { isOpen } from '../temporal/workflow-status.ts';

/** Whether an event is still on its way to this subscription. */
export async function isPending(temporal: Client, eventId: string, subscription: string): Promise<boolean> {
  const handle = temporal.workflow.getHandle(outgoingEventWorkflowId(eventId));
  try {
    if (!isOpen(await handle.describe())) return false;
    const { deliveries } = await ask(temporal, () => handle.query(outgoingEventQuery));
    return deliveries.some((one) => one.subscription === subscription && one.status === 'pending');
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
