import type { Client } from '@temporalio/client';
import { QueryNotRegisteredError, QueryRejectedError, WorkflowNotFoundError } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { ask } from '../temporal/ask.ts';
import { GRPC, grpcCodeOf } from '../temporal/grpc-code.ts';

/**
 * What a workflow knows; `gone`: Temporal no longer has it; `unreadable`: it does not answer. What may go away is
 * thrown, so that the activity is repeated.
 */
export async function workflowState<State>(
  temporal: Client,
  workflowId: string,
  query: QueryDefinition<State>,
): Promise<State | 'gone' | 'unreadable'> {
  try {
    return await ask(temporal, () => temporal.workflow.getHandle(workflowId).query(query));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    if (error instanceof QueryNotRegisteredError || error instanceof QueryRejectedError) return 'unreadable';
    // The workflow's tasks fail until its code is fixed.
    if (grpcCodeOf(error) === GRPC.FAILED_PRECONDITION) return 'unreadable';
    throw error;
  }
}
