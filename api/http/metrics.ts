import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { stateOf } from './context.ts';

const DURATION_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface Metrics {
  readonly registry: Registry;
  /** Counts and times every request, by the path's template: ids would make as many series as orders. */
  readonly observe: RequestHandler;
  /** Counts an event of Stripe's by its type and what became of it. */
  readonly countEvent: (type: string, outcome: string) => void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'waybill_http_requests_total',
    help: 'HTTP requests answered.',
    labelNames,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'waybill_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames,
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  const events = new Counter({
    name: 'waybill_stripe_events_total',
    help: "Stripe's events received by webhook.",
    labelNames: ['type', 'outcome'] as const,
    registers: [registry],
  });
  const observe: RequestHandler = (req, res, next) => {
    const startedAt = performance.now();
    res.once('finish', () => {
      const route = stateOf(res).route ?? 'other';
      const labels = { method: req.method, route, status: String(res.statusCode) };
      requests.inc(labels);
      durations.observe(labels, (performance.now() - startedAt) / 1_000);
    });
    next();
  };
  return { registry, observe, countEvent: (type, outcome) => events.inc({ type, outcome }) };
}
