import type { Context } from '@opentelemetry/api';
import { context } from '@opentelemetry/api';
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import type { WorkflowInterceptors } from '@temporalio/workflow';

/** More than wait in one order at a time; a forgotten one's call to Stripe falls to the trace of the order's start. */
const REQUESTS_MAX = 100;

/**
 * Temporal's interceptors, and beside them: a command is carried out in its order's own loop, so an activity is put into the trace of the
 * request that it is for, which the update or signal came with. Only the traced bundle has them.
 */
export const interceptors = (): WorkflowInterceptors => {
  const requests = new Map<string, Context>();
  const remember = ([message]: readonly unknown[]) => {
    const id = requestIdIn(message);
    if (id === undefined) return;
    requests.set(id, context.active());
    const [oldest] = requests.keys();
    if (requests.size > REQUESTS_MAX && oldest !== undefined) requests.delete(oldest);
  };
  const inItsTrace = <T>([operation]: readonly unknown[], run: () => T): T => {
    const known = requests.get(requestIdIn(operation) ?? '');
    return known ? context.with(known, run) : run();
  };
  return {
    inbound: [
      new OpenTelemetryInboundInterceptor(),
      {
        handleUpdate(input, next) {
          remember(input.args);
          return next(input);
        },
        handleSignal(input, next) {
          remember(input.args);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => inItsTrace(input.args, () => next(input)),
        scheduleLocalActivity: (input, next) => inItsTrace(input.args, () => next(input)),
      },
      new OpenTelemetryOutboundInterceptor(),
    ],
    internals: [new OpenTelemetryInternalsInterceptor()],
  };
};

/** Of a message or an operation; undefined: it names none. */
function requestIdIn(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { request_id, requestId = request_id } = given as { request_id?: unknown; requestId?: unknown };
  return typeof requestId === 'string' ? requestId : undefined;
}
