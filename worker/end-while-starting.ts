import type { Logger } from 'pino';

/**
 * Ends the process at a signal while it starts, such as one that waits for Temporal. While it connects, and while it waits for its namespace,
 * the SDK's runtime catches these signals and hands them to workers that run: without one they are lost. So they are to process 1 of a
 * container wherever nobody catches them.
 */
export function endWhileStarting(log: Logger, isStarting: () => boolean): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!isStarting()) return;
      log.info({ signal }, 'worker stopped before it began to work');
      process.exit(0);
    });
  }
}
