import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { temporalLogger } from './log.ts';
import { HISTOGRAM_BUCKETS } from './metrics.ts';

/**
 * What the SDK's core does once a process, before its first connection: it logs through ours, and tells Prometheus at
 * `metricsAddress` (`host:port`; null: nowhere).
 */
export function installRuntime(log: Logger, metricsAddress: string | null): void {
  const prometheus = { bindAddress: metricsAddress ?? '', histogramBucketOverrides: HISTOGRAM_BUCKETS };
  const metrics = metricsAddress === null ? {} : { metrics: { prometheus } };
  // Core knows of every workflow task that fails, and why; without forwarding it writes text to the console.
  const logging = { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } as const;
  Runtime.install({ telemetryOptions: { logging, ...metrics }, logger: temporalLogger(log) });
}
