import type { Logger } from 'pino';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ends the process at a signal until its workers run, such as one that waits for Temporal. The SDK's runtime catches these signals from its
 * installation on, and hands them to workers that run: without one it drops them. To be called once they run: what is returned.
 */
export function endWhileStarting(log: Logger): () => void {
  const end = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'worker stopped before it began to work');
    process.exit(0);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
}
