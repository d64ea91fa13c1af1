import type { Span } from '@opentelemetry/api';
import { context, diag, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResourcesSync, envDetectorSync, Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import type { RequestHandler } from 'express';
import type { StripeObserver } from '../stripe/observed-http-client.ts';
import { logFacts } from './log-facts.ts';

/** What makes one trace of a request: from the API over Temporal and its workers to Stripe. */
export interface Tracing {
  /** Of Temporal's clients and workers. */
  readonly plugin: OpenTelemetryPlugin;
  /** A span for each call to Stripe. */
  readonly observeStripe: StripeObserver;
  /** A span for each request, in the trace that its `traceparent` names. */
  readonly traceRequests: RequestHandler;
  /** Sends what is left. */
  readonly stop: () => Promise<void>;
}

/** Sends spans by OTLP over HTTP, as the standard variables `OTEL_…` say. */
export function createTracing(service: string): Tracing {
  const named = new Resource({ 'service.name': service });
  const resource = named.merge(detectResourcesSync({ detectors: [envDetectorSync] }));
  const spanProcessor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  const tracer = trace.getTracer('waybill');
  return {
    plugin: new OpenTelemetryPlugin({ resource, spanProcessor: ofWorkflows(spanProcessor), tracer }),
    observeStripe({ method, path }) {
      const resourcePath = path.replace(/\/[a-z]{1,6}_\w+/g, '/{id}');
      const span = tracer.startSpan(`Stripe ${method} ${resourcePath}`, {
        kind: SpanKind.CLIENT,
        attributes: { 'http.request.method': method, 'url.path': path, ...spanFacts() },
      });
      return ({ status, outcome, requestId }) => {
        span.setAttribute('waybill.outcome', outcome);
        if (requestId !== null) span.setAttribute('waybill.stripe_request_id', requestId);
        endHttp(span, status);
      };
    },
    traceRequests(req, res, next) {
      const parent = propagation.extract(context.active(), req.headers);
      const attributes = { 'http.request.method': req.method };
      const span = tracer.startSpan(req.method, { kind: SpanKind.SERVER, attributes }, parent);
      res.once('close', () => {
        const route = res.locals.request?.route;
        if (route) span.updateName(`${req.method} ${route}`).setAttribute('http.route', route);
        span.setAttributes(withPrefix(res.locals.request?.facts ?? {}));
        endHttp(span, res.headersSent ? res.statusCode : null);
      });
      context.with(trace.setSpan(parent, span), next);
    },
    // A collector that is gone too must not make a process fail that ends in good order.
    stop: () => provider.shutdown().catch((error) => diag.warn('Some spans were not sent', error)),
  };
}

/**
 * Temporal's interceptors write all that is known of a workflow into each of its spans: its memo and search attributes too, in which are what
 * callers wrote. Only its names and ids are sent.
 */
function ofWorkflows(processor: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, parent) => processor.onStart(span, parent),
    onEnd(span) {
      const named = Object.entries(span.attributes).filter(([name]) => WORKFLOW_ATTRIBUTES.has(name));
      processor.onEnd({ ...span, attributes: Object.fromEntries(named) });
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

const WORKFLOW_ATTRIBUTES: ReadonlySet<string> = new Set([
  'workflowType',
  'workflowId',
  'runId',
  'taskQueue',
  'temporalUpdateId',
  'temporalActivityId',
]);

function spanFacts(): Record<string, string> {
  return withPrefix(logFacts());
}

function withPrefix(facts: object): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`waybill.${name}`, String(value)]));
}

function endHttp(span: Span, status: number | null): void {
  if (status !== null) span.setAttribute('http.response.status_code', status);
  if (status === null || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
