import type { ClientPlugin } from '@temporalio/client';
import type { WorkerPlugin } from '@temporalio/worker';
import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { StripeObserver } from '../stripe/observed-http-client.ts';
import { logStripeCalls } from '../telemetry/log-stripe-calls.ts';
import { createLogger } from '../telemetry/logger.ts';
import { startTracing } from '../telemetry/start-tracing.ts';
import { showProcessStart, stripeMetrics } from './metrics.ts';
import { installRuntime } from './runtime.ts';

/** Logs, metrics and traces of a worker process. */
interface Telemetry {
  readonly log: Logger;
  readonly observers: readonly StripeObserver[];
  readonly plugins: (ClientPlugin & WorkerPlugin)[];
  readonly isTraced: boolean;
  readonly stop: () => Promise<void>;
}

/** Once a process, before its first connection to Temporal. */
export async function startTelemetry({
  logLevel,
  tracesUrl,
  worker: { metricsAddress },
}: Omit<Config, 'api'>): Promise<Telemetry> {
  const log = createLogger('worker', logLevel);
  installRuntime(log, metricsAddress);
  const tracing = await startTracing('waybill-worker', tracesUrl);
  const { metricMeter } = Runtime.instance();
  showProcessStart(metricMeter);
  const observers = [stripeMetrics(metricMeter), logStripeCalls(log)];
  return {
    log,
    observers: tracing ? [...observers, tracing.observeStripe] : observers,
    plugins: tracing ? [tracing.plugin] : [],
    isTraced: tracing !== null,
    stop: async () => tracing?.stop(),
  };
}
