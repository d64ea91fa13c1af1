import { Session } from 'node:inspector';
import type { Worker as Thread } from 'node:worker_threads';

/** Stands for no request in what the thread shares: the id of the request that it is working on. */
export const IDLE = -1n;
const LOOK_MS = 1_000;
/** Looks, not time: a process that was suspended is not stuck. */
const LOOKS_MAX = 5;
/** How long workflow code may run without yielding: as long as the SDK gives it. */
export const YIELD_WITHIN_MS = LOOKS_MAX * LOOK_MS;

/**
 * Ends workflow code that does not yield. The thread then fails that workflow task and goes on with other workflows. The SDK's
 * own limit, `timeout` of `node:vm`, starts and joins an operating system's thread for each call into workflow code.
 */
export function watch(thread: Thread, current: BigInt64Array): void {
  let seen = IDLE;
  let looks = 0;
  const timer = setInterval(() => {
    const requestId = Atomics.load(current, 0);
    looks = requestId === seen && requestId !== IDLE ? looks + 1 : 0;
    seen = requestId;
    if (looks > 0 && looks % LOOKS_MAX === 0) end(thread, requestId);
  }, LOOK_MS);
  timer.unref();
  thread.once('exit', () => clearInterval(timer));
}

/** The inspector alone reaches a thread that is busy: it stops the code where it is, and ends it from there. */
function end(thread: Thread, requestId: bigint): void {
  const session = new Session();
  const send = (sessionId: string, ...messages: object[]): void => {
    for (const message of messages)
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify(message) });
  };
  session.connect();
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
    if (workerInfo.workerId !== String(thread.threadId)) return;
    send(sessionId, { id: 1, method: 'Debugger.enable' }, { id: 2, method: 'Debugger.pause' });
  });
  session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }) => {
    const { id, method, result } = JSON.parse(message);
    const expression = `prepareToEnd(${requestId}n)`;
    if (method === 'Debugger.paused')
      send(sessionId, { id: 3, method: 'Runtime.evaluate', params: { expression } });
    if (id === 3 && result.result.value === true)
      send(sessionId, { id: 4, method: 'Runtime.terminateExecution' });
    if (id === 3) send(sessionId, { id: 5, method: 'Debugger.resume' });
    if (id === 5) session.disconnect();
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
}
