import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { captureUpdate, createUpdate } from './bare-workflow.ts';

export const BARE_TASK_QUEUE = 'bench-bare';

/** One bare order, as the API does it: update with start, then an update. */
export async function bareOrder(client: Client): Promise<void> {
  const workflowId = await startBareOrder(client);
  await client.workflow.getHandle(workflowId).executeUpdate(captureUpdate);
}

/** The first half of it. The workflow's id. */
export async function startBareOrder(client: Client): Promise<string> {
  const workflowId = `bare/${randomUUID()}`;
  await client.workflow.executeUpdateWithStart(createUpdate, {
    startWorkflowOperation: new WithStartWorkflowOperation('bare', {
      workflowId,
      taskQueue: BARE_TASK_QUEUE,
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  return workflowId;
}
