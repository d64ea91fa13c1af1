import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { PAYOUT_STATUS } from '../contract/search-attribute-keys.ts';
import { payoutWorkflowId } from '../domain/ids.ts';
import { isOpen } from '../temporal/workflow-status.ts';

/** Nothing can come back from a bank after these. */
const OVER: ReadonlySet<string> = new Set(['failed', 'canceled']);

/**
 * Whether no workflow has seen, or will see, that a payout failed: Temporal has forgotten it, or it ended while its bank still
 * had the money. One that failed itself was refused: the payout is of a request before it, which Temporal has forgotten.
 */
export async function isUnseenFailure(temporal: Client, payoutId: string): Promise<boolean> {
  try {
    const handle = temporal.workflow.getHandle(payoutWorkflowId(payoutId));
    const described = await handle.describe();
    if (isOpen(described)) return false;
    const { status, typedSearchAttributes } = described;
    return status.name === 'FAILED' || !OVER.has(typedSearchAttributes.get(PAYOUT_STATUS) ?? '');
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}
