import type { WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type { StartThread } from '../../worker/workflow-thread/fast-worker.ts';
import { FastWorker } from '../../worker/workflow-thread/fast-worker.ts';

const startThread = FastWorker.startThread;
const threads = new Map<string, Promise<WorkerThreadClient>>();

/**
 * Workers of the same workflows and activities share a thread, for as long as the process of the tests lives: each thread compiles the
 * workflows, and optimizes them, anew. A worker that stops takes its workflows out of it.
 */
export function shareWorkflowThreads(): void {
  FastWorker.startThread = sharedThread;
}

const sharedThread: StartThread = (workflowBundle, activityNames, logger) => {
  const key = `${[...activityNames].sort().join()}\n${workflowBundle.code}`;
  const shared = threads.get(key) ?? lasting(startThread(workflowBundle, activityNames, logger));
  threads.set(key, shared);
  return shared;
};

/** A worker that stops would end it. */
async function lasting(starting: Promise<WorkerThreadClient>): Promise<WorkerThreadClient> {
  const client = await starting;
  client.destroy = async () => {};
  return client;
}
