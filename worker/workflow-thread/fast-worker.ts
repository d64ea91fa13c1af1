import { fileURLToPath } from 'node:url';
import { Worker as Thread } from 'node:worker_threads';
import type { CompiledWorkerOptions, Logger } from '@temporalio/worker';
import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import {
  ThreadedVMWorkflowCreator,
  WorkerThreadClient,
} from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type { WorkflowBundleWithSourceMapAndFilename } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';
import { PunctualWorker, punctual } from './punctual-worker.ts';
import { IDLE, watch, YIELD_WITHIN_MS } from './watchdog.ts';

const THREAD = fileURLToPath(new URL('thread.cjs', import.meta.url));

/** A thread that runs the bundle's workflows, which may call activities of those names. */
export type StartThread = (
  workflowBundle: WorkflowBundleWithSourceMapAndFilename,
  activityNames: ReadonlySet<string>,
  logger: Logger,
) => Promise<WorkerThreadClient>;

/** A worker whose workflow code runs in a thread of ours: without the SDK's promise hook and vm timeout, watched from outside. */
export class FastWorker extends PunctualWorker {
  /** Tests let workers that run one after the other use the same thread. */
  static startThread: StartThread = startThread;

  protected static override async createWorkflowCreator(
    workflowBundle: WorkflowBundleWithSourceMapAndFilename,
    options: CompiledWorkerOptions,
    logger: Logger,
  ): Promise<WorkflowCreator> {
    const client = await FastWorker.startThread(workflowBundle, new Set(options.activities.keys()), logger);
    return punctual(new ThreadedVMWorkflowCreator([client]), options);
  }
}

async function startThread(
  workflowBundle: WorkflowBundleWithSourceMapAndFilename,
  activityNames: ReadonlySet<string>,
  logger: Logger,
): Promise<WorkerThreadClient> {
  const current = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)).fill(IDLE);
  const thread = new Thread(THREAD, {
    workerData: { current: current.buffer, yieldWithinMs: YIELD_WITHIN_MS },
  });
  watch(thread, current);
  const client = new WorkerThreadClient(thread, logger);
  await client.send({
    type: 'init',
    workflowBundle,
    // None: `node:vm` watches a call when it is given a number.
    isolateExecutionTimeoutMs: undefined as unknown as number,
    reuseV8Context: true,
    registeredActivityNames: new Set(activityNames),
    hasPatchActivationCallback: false,
  });
  return client;
}
