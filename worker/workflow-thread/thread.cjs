// The thread that runs workflow code, as the SDK starts it, with two differences: it does without the SDK's promise hook, and it
// says which request it is working on, so that the watchdog (watchdog.ts) notices one that never yields. Plain JavaScript: Node
// loads it by path, from the sources as from dist/.
const { parentPort, workerData } = require('node:worker_threads');
const { GlobalHandlers } = require('@temporalio/worker/lib/workflow/vm-shared');

const IDLE = -1n;
const LOOK_MS = 1_000;

// It formats a stack for each promise, for the query `__stack_trace` alone. `AsyncLocalStorage` has a hook of its own.
GlobalHandlers.prototype.setPromiseHook = () => {};

/** The request whose listener runs, or IDLE. All workflow code runs inside the SDK's listener. */
const current = new BigInt64Array(workerData.current);

/** Answers the request whose listener the watchdog ended: nobody else would. */
function answerInterrupted() {
  const requestId = Atomics.exchange(current, 0, IDLE);
  if (requestId === IDLE) return;
  const message = `The workflow did not yield within ${workerData.yieldWithinMs} ms`;
  parentPort.postMessage({ requestId, result: { type: 'error', name: 'Error', message } });
}

/**
 * The watchdog calls it in the middle of the code that does not yield, before it ends that code. Whether it is still the
 * `requestId`th request. Node counts entries into promise callbacks and aborts the process when one was never left; after an
 * uncaught exception it forgets the count.
 */
globalThis.prepareToEnd = (requestId) => {
  if (Atomics.load(current, 0) !== requestId) return false;
  process.setUncaughtExceptionCaptureCallback(() => {});
  process._fatalException(new Error('ended by the watchdog'));
  process.setUncaughtExceptionCaptureCallback(null);
  return true;
};

parentPort.on('message', ({ requestId }) => {
  answerInterrupted();
  Atomics.store(current, 0, requestId);
});
require('@temporalio/worker/lib/workflow/workflow-worker-thread');
parentPort.on('message', () => Atomics.store(current, 0, IDLE));
// In case no further request comes.
setInterval(answerInterrupted, LOOK_MS).unref();
