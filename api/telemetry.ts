import type { ClientPlugin } from '@temporalio/client';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { StripeObserver } from '../stripe/observed-http-client.ts';
import { logStripeCalls } from '../telemetry/log-stripe-calls.ts';
import { createLogger } from '../telemetry/logger.ts';
import { startTracing } from '../telemetry/start-tracing.ts';
import type { Metrics } from './http/metrics.ts';
import { createMetrics } from './http/metrics.ts';

/** Logs, metrics and traces of an API process. */
interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly observers: readonly StripeObserver[];
  readonly plugins: ClientPlugin[];
  readonly traceRequests: RequestHandler | undefined;
  readonly stop: () => Promise<void>;
}

export async function startTelemetry({ logLevel, tracesUrl }: Config): Promise<Telemetry> {
  const logger = createLogger('api', logLevel);
  const metrics = createMetrics();
  const tracing = await startTracing('waybill-api', tracesUrl);
  return {
    logger,
    metrics,
    observers: [metrics.observeStripe, logStripeCalls(logger), ...(tracing ? [tracing.observeStripe] : [])],
    plugins: tracing ? [tracing.plugin] : [],
    traceRequests: tracing?.traceRequests,
    stop: async () => tracing?.stop(),
  };
}
