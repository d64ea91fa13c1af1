import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { msOf } from '../../temporal/timestamp.ts';
import { orElse } from '../http/or-else.ts';
import { within } from './settle.ts';

const LOOK_WITHIN_MS = 2_000;
/** An idle worker's poll lasts a minute; one that was not seen for longer is gone. */
const SEEN_WITHIN_MS = 90_000;
const WORKFLOW_QUEUE = 1;

export interface WorkersSeen {
  readonly temporal: 'reachable' | 'unreachable';
  readonly workers: 'polling' | 'none' | 'unknown';
}

const UNREACHABLE: WorkersSeen = { temporal: 'unreachable', workers: 'unknown' };

/** Whether Temporal answers, and whether a worker asked it for work lately. */
export async function lookAtWorkers(
  temporal: Client,
  taskQueue: string,
  logger: Logger,
): Promise<WorkersSeen> {
  return orElse(logger, 'Asking Temporal for its workers', UNREACHABLE, async () => {
    const { pollers } = await within(temporal, LOOK_WITHIN_MS, () =>
      temporal.workflowService.describeTaskQueue({
        namespace: temporal.options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: WORKFLOW_QUEUE,
      }),
    );
    const seenSince = Date.now() - SEEN_WITHIN_MS;
    const polling = pollers.some(({ lastAccessTime }) => msOf(lastAccessTime) >= seenSince);
    return { temporal: 'reachable', workers: polling ? 'polling' : 'none' };
  });
}
