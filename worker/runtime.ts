import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { COMMAND_REFUSED } from '../domain/errors.ts';

/**
 * What the SDK's core does once a process, before its first connection: it logs through ours, and tells Prometheus at
 * `metricsAddress` (`host:port`; null: nowhere).
 */
export function installRuntime(log: Logger, metricsAddress: string | null): void {
  const metrics = metricsAddress === null ? null : { prometheus: { bindAddress: metricsAddress } };
  Runtime.install({
    ...(metrics && { telemetryOptions: { metrics } }),
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      // An order that Stripe refuses to create ends its workflow as failed: everyday business.
      const isRefusal = meta?.error instanceof ApplicationFailure && meta.error.type === COMMAND_REFUSED;
      log[isRefusal ? 'info' : levelOf(level)]({ ...meta }, message);
    }),
  });
}

function levelOf(level: string): 'trace' | 'debug' | 'info' | 'warn' | 'error' {
  return level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error';
}
