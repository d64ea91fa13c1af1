import type { Logger } from 'pino';

/**
 * Ends the process at a signal while it starts, such as one that waits for Temporal. The SDK's runtime catches these signals from its
 * installation on, and hands them to workers that run: without one it drops them.
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
