import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { CallsPerSecond } from '../stripe/stripe-pace.ts';
import { StripePace } from '../stripe/stripe-pace.ts';
import { seenLately } from '../temporal/pollers.ts';

const LOOK_EVERY_MS = 5_000;
const LOOK_WITHIN_MS = 3_000;
const WORKFLOW_QUEUE = 1;

interface Sharing {
  /** Its identity is that of this process's workers. */
  readonly temporal: Client;
  readonly taskQueue: string;
  /** What all workers together may send. */
  readonly callsPerSecond: CallsPerSecond;
  readonly log: Logger;
}

/**
 * The pace of a worker that keeps to its share of what all workers may send to Stripe: as many shares as workers poll the task queue, which
 * it looks up every five seconds. Temporal's own rate of a task queue would not do: it counts activities, and an order's quick first
 * attempts (workflows/entity/perform.ts) never come to the queue.
 */
export async function sharedPace(sharing: Sharing): Promise<StripePace> {
  const { inAll, perEndpoint } = sharing.callsPerSecond;
  const pace = new StripePace();
  if (inAll === Number.POSITIVE_INFINITY && perEndpoint === Number.POSITIVE_INFINITY) return pace;
  let known = 0;
  const look = async (): Promise<void> => {
    try {
      const workers = await countWorkers(sharing);
      if (workers === known) return;
      known = workers;
      pace.limitTo({ inAll: inAll / workers, perEndpoint: perEndpoint / workers });
      sharing.log.info({ workers }, "sharing Stripe's limit");
    } catch (error) {
      sharing.log.warn({ err: error }, "The workers could not be counted: the share of Stripe's limit stays");
    }
  };
  pace.limitTo(sharing.callsPerSecond);
  await look();
  setInterval(look, LOOK_EVERY_MS).unref();
  return pace;
}

async function countWorkers({ temporal, taskQueue }: Sharing): Promise<number> {
  const { pollers } = await temporal.connection.withDeadline(Date.now() + LOOK_WITHIN_MS, () =>
    temporal.workflowService.describeTaskQueue({
      namespace: temporal.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOW_QUEUE,
    }),
  );
  return new Set([temporal.options.identity, ...seenLately(pollers).map(({ identity }) => identity)]).size;
}
