import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { msOf } from './timestamp.ts';

/** How a workflow's newest run began. */
export interface StartOfRun {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Its first argument. */
  readonly input: unknown;
}

/**
 * Read from the history's first event, so that it needs no worker. For rare questions: what the start says in its memo instead, every
 * workflow would pay for in its history and in the visibility store.
 */
export async function startOfRun(
  { workflowService, options }: Client,
  workflowId: string,
): Promise<StartOfRun> {
  const { namespace, loadedDataConverter } = options;
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const [first] = history?.events ?? [];
  const { payloads } = first?.workflowExecutionStartedEventAttributes?.input ?? {};
  const [input] = await decodeArrayFromPayloads(loadedDataConverter, payloads);
  return { startedAt: msOf(first?.eventTime), input };
}
