import { ApplicationFailure, type MetricMeter } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { EVENT_ENDPOINT_GONE, EVENT_NOT_ACCEPTED } from '../contract/outgoing-events.ts';
import type { StripeObserver } from '../stripe/observed-http-client.ts';
import { DURATION_BUCKETS_SECONDS, resourceOf } from '../stripe/observed-http-client.ts';

/** From half a minute, before anybody has looked, to a week. */
const ATTENTION_BUCKETS_SECONDS = [30, 60, 300, 900, 3_600, 14_400, 43_200, 86_400, 259_200, 604_800];

/** Of the histograms that Waybill adds to the SDK's, whose own buckets are milliseconds. */
export const HISTOGRAM_BUCKETS: Record<string, number[]> = {
  waybill_attention_duration_seconds: ATTENTION_BUCKETS_SECONDS,
  waybill_stripe_request_duration_seconds: [...DURATION_BUCKETS_SECONDS],
};

/** Counts and times calls to Stripe. */
export function stripeMetrics(meter: MetricMeter): StripeObserver {
  const calls = meter.createHistogram(
    'waybill_stripe_request_duration_seconds',
    'float',
    's',
    'Calls to Stripe by what they are about and how they ended',
  );
  return (request) =>
    ({ outcome, durationMs }) =>
      calls.record(durationMs / 1_000, { resource: resourceOf(request), outcome });
}

/** As the API's metrics name it (prom-client): an alert counts how often it changes. */
export function showProcessStart(meter: MetricMeter): void {
  const start = meter.createGauge(
    'process_start_time_seconds',
    'float',
    's',
    'When the process started, in seconds since the epoch',
  );
  start.set(performance.timeOrigin / 1_000);
}

/** Counts attempts to deliver outgoing events, by what became of them. */
export const countDeliveries: ActivityInterceptorsFactory = ({ metricMeter }) => {
  const attempts = metricMeter.createCounter(
    'waybill_delivery_attempts_total',
    'attempts',
    'Attempts to deliver outgoing events',
  );
  return {
    inbound: {
      async execute(input, next) {
        try {
          const result = await next(input);
          const { status } = result as { readonly status: string };
          attempts.add(1, { outcome: status });
          return result;
        } catch (error) {
          attempts.add(1, { outcome: refusalOf(error) });
          throw error;
        }
      },
    },
  };
};

/** Only the first two are the receiver's doing. */
function refusalOf(error: unknown): 'gone' | 'not_accepted' | 'failed' {
  const type = error instanceof ApplicationFailure ? error.type : null;
  if (type === EVENT_ENDPOINT_GONE) return 'gone';
  return type === EVENT_NOT_ACCEPTED ? 'not_accepted' : 'failed';
}
