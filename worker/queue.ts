import type { Client } from '@temporalio/client';

const WITHIN_MS = 3_000;
const WORKFLOW_QUEUE = 1;

export interface Queue {
  readonly temporal: Client;
  readonly taskQueue: string;
}

/** Who polls a task queue for workflows, and which releases get them. */
export function lookAt({ temporal, taskQueue }: Queue) {
  return temporal.connection.withDeadline(Date.now() + WITHIN_MS, () =>
    temporal.workflowService.describeTaskQueue({
      namespace: temporal.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOW_QUEUE,
    }),
  );
}
