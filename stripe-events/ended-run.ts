import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ORDER_NOT_KNOWN } from '../contract/stripe-events.ts';
import { isOpen } from '../temporal/workflow-status.ts';

/** The run with which a workflow has ended; null: Temporal knows none. Throws where another event has just taken it up. */
export async function endedRunOf(temporal: Client, workflowId: string): Promise<string | null> {
  try {
    const described = await temporal.workflow.getHandle(workflowId).describe();
    if (isOpen(described)) throw notTaken(`${workflowId} is being reopened`);
    return described.runId;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/**
 * To be asked last, before a workflow is started again: where another event has taken it up since, a new run would not know what that one has
 * announced.
 */
export async function mustStillEndWith(
  temporal: Client,
  workflowId: string,
  run: string | null,
): Promise<void> {
  if ((await endedRunOf(temporal, workflowId)) !== run) throw notTaken(`${workflowId} has been reopened`);
}

/** To be repeated: its new run gets the event, or whoever mends the cause has it delivered. */
export function notTaken(why: string): ApplicationFailure {
  return ApplicationFailure.retryable(why, ORDER_NOT_KNOWN);
}
