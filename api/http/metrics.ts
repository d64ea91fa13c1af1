import type { RequestHandler, Response } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { StripeObserver } from '../../stripe/observed-http-client.ts';
import { DURATION_BUCKETS_SECONDS, resourceOf } from '../../stripe/observed-http-client.ts';
import type { Load } from './admission.ts';
import { LOADS } from './admission.ts';
import { stateOf } from './context.ts';

const REQUEST_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Webhooks come within seconds; Stripe repeats for three days what was not taken. */
const LAG_BUCKETS_SECONDS = [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 259_200];

/** How often the event loop is looked at. The library's 10 ms are a hundred timers a second, most of what an idle API does. */
const EVENT_LOOP_EVERY_MS = 100;

/** Which limit a connection met: too many in all, or of one address; its headers too large, or its request too slow. */
export type ConnectionLimit = 'connections' | 'address' | 'headers' | 'time';

/** What this process counts and times itself. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts and times every request, by the path's template: ids would make as many series as orders. */
  readonly observe: RequestHandler;
  /** Counts an event of Stripe's by its type and what became of it. */
  readonly countEvent: (type: string, outcome: string) => void;
  /** Counts a command that was refused for the load. */
  readonly countShed: (load: Load) => void;
  /** Counts a connection that was closed by a limit. */
  readonly countDropped: (limit: ConnectionLimit) => void;
  /** Counts a line of the audit log that could not be written. */
  readonly countUnaudited: () => void;
  /** How long after it happened an event of Stripe's came, in milliseconds. */
  readonly observeEventLag: (lagMs: number) => void;
  /** Counts and times calls to Stripe. */
  readonly observeStripe: StripeObserver;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_EVERY_MS });
  const events = new Counter({
    name: 'waybill_stripe_events_total',
    help: "Stripe's events received by webhook.",
    labelNames: ['type', 'outcome'] as const,
    registers,
  });
  const shed = new Counter({
    name: 'waybill_commands_shed_total',
    help: 'Commands that were refused because more was asked than could be done.',
    labelNames: ['load'] as const,
    registers,
  });
  const dropped = new Counter({
    name: 'waybill_connections_dropped_total',
    help: 'Connections that were closed by a limit of this process.',
    labelNames: ['limit'] as const,
    registers,
  });
  // An alert sees a counter grow, not begin.
  events.inc({ type: 'unknown', outcome: 'refused' }, 0);
  for (const load of LOADS) shed.inc({ load }, 0);
  const unaudited = new Counter({
    name: 'waybill_audit_lines_lost_total',
    help: 'Lines of the audit log that could not be written.',
    registers,
  });
  const eventLag = new Histogram({
    name: 'waybill_stripe_event_lag_seconds',
    help: "From an event of Stripe's to its arrival by webhook.",
    buckets: LAG_BUCKETS_SECONDS,
    registers,
  });
  const stripeCalls = new Histogram({
    name: 'waybill_stripe_request_duration_seconds',
    help: 'Calls to Stripe by what they are about and how they ended.',
    labelNames: ['resource', 'outcome'] as const,
    buckets: [...DURATION_BUCKETS_SECONDS],
    registers,
  });
  return {
    registry,
    observe: requestObserver(registry),
    countEvent: (type, outcome) => events.inc({ type, outcome }),
    countShed: (load) => shed.inc({ load }),
    countDropped: (limit) => dropped.inc({ limit }),
    countUnaudited: () => unaudited.inc(),
    observeEventLag: (lagMs) => eventLag.observe(lagMs / 1_000),
    observeStripe:
      (request) =>
      ({ outcome, durationMs }) =>
        stripeCalls.observe({ resource: resourceOf(request), outcome }, durationMs / 1_000),
  };
}

/** Its caller went before the answer: how long that would have taken, nobody knows. */
const ABORTED = 'aborted';

/** It lasts as long as somebody looks at a page: no time that anybody waited. */
function isStream(res: Response): boolean {
  return res.getHeader('Content-Type') === 'text/event-stream';
}

function requestObserver(registry: Registry): RequestHandler {
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'waybill_http_requests_total',
    help: 'HTTP requests answered, or aborted by their callers.',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'waybill_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames,
    buckets: REQUEST_BUCKETS_SECONDS,
    registers,
  });
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const route = stateOf(res).route ?? 'other';
      const status = res.writableFinished ? String(res.statusCode) : ABORTED;
      const labels = { method: req.method, route, status };
      requests.inc(labels);
      if (status !== ABORTED && !isStream(res))
        durations.observe(labels, (performance.now() - startedAt) / 1_000);
    });
    next();
  };
}
