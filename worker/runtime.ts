import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { COMMAND_REFUSED } from '../domain/errors.ts';
import { factsOfWorkflow } from '../telemetry/log-facts.ts';
import { HISTOGRAM_BUCKETS } from './metrics.ts';

/**
 * What the SDK's core does once a process, before its first connection: it logs through ours, and serves Prometheus at
 * `metricsAddress` (`host:port`; null: nowhere).
 */
export function installRuntime(log: Logger, metricsAddress: string | null): void {
  const prometheus = { bindAddress: metricsAddress ?? '', histogramBucketOverrides: HISTOGRAM_BUCKETS };
  const metrics = metricsAddress === null ? {} : { metrics: { prometheus } };
  // Core knows of every workflow task that fails, and why; without forwarding it writes text to the console.
  const logging = { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } as const;
  Runtime.install({ telemetryOptions: { logging, ...metrics }, logger: temporalLogger(log) });
}

/**
 * The SDK ends its runtime, and with it the port of the metrics and the meters that were made before, when a connection fails and there is no
 * other one: not while `work` looks for the first.
 */
export function keepingRuntime<T>(work: () => Promise<T>): Promise<T> {
  return (Runtime.instance() as unknown as RuntimeInUse).createNativeNoBackRef(work);
}

/** What the SDK itself uses while it makes something of the runtime's; its types show it to subclasses alone. */
interface RuntimeInUse {
  createNativeNoBackRef<T>(work: () => Promise<T>): Promise<T>;
}

/** Temporal's log lines as ours: what its SDK calls `error` becomes `err`, of which pino writes message and stack. */
function temporalLogger(log: Logger): DefaultLogger {
  return new DefaultLogger('INFO', ({ level, message, meta: { error, ...meta } = {} }) => {
    const about = typeof meta.workflowId === 'string' ? factsOfWorkflow(meta.workflowId) : {};
    // An order that Stripe refuses to create ends its workflow as failed: everyday business.
    const isRefusal = error instanceof ApplicationFailure && error.type === COMMAND_REFUSED;
    const failed = error instanceof Error ? { err: error, errorName: nameOf(error) } : { error };
    log[isRefusal ? 'info' : levelOf(level)]({ ...about, ...meta, ...failed }, message);
  });
}

/** A failure that travels through Temporal has its error's name as its type. */
function nameOf(error: Error): string {
  return (error instanceof ApplicationFailure && error.type) || error.name;
}

function levelOf(level: string): 'trace' | 'debug' | 'info' | 'warn' | 'error' {
  return level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error';
}
