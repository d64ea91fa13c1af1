import { QueryRejectedError } from '@temporalio/client';
import {
  ApplicationFailure,
  NamespaceNotFoundError,
  TemporalFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';
import Stripe from 'stripe';
import { grpcCodeOf } from '../../temporal/grpc-code.ts';
import { isBehind } from '../../temporal/workflow-behind.ts';

/** Connections that end, here or in Temporal's client: these errors carry no gRPC code and no system call. */
const OUTAGES: ReadonlySet<string> = new Set([
  'AbortError',
  'TimeoutError',
  'TransportError',
  'IllegalStateError',
]);

// biome-ignore lint/suspicious/noExplicitAny: activities of any arguments
type AnyActivities = Record<string, (...args: any[]) => Promise<unknown>>;

/**
 * The same activities, except that a bug fails at once: it would fail in the same way each time. Errors of the network, of
 * Stripe and of Temporal stay as they are, and are retried.
 */
export function withoutRetriesOfBugs<A extends AnyActivities>(activities: A): A {
  const guarded = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        throw isOutage(error) ? error : bug(error);
      }
    },
  ]);
  return Object.fromEntries(guarded);
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error instanceof TemporalFailure ||
    // It has ended a moment ago.
    error instanceof WorkflowNotFoundError ||
    // A server that has just begun knows its namespaces some seconds later.
    error instanceof NamespaceNotFoundError ||
    error instanceof Stripe.errors.StripeError ||
    // The workflow is paused.
    error instanceof QueryRejectedError ||
    grpcCodeOf(error) !== null ||
    isBehind(error) ||
    OUTAGES.has(error.name) ||
    'syscall' in error ||
    ('code' in error && String(error.code).startsWith('UND_ERR')) ||
    isOutage(error.cause)
  );
}

/** Its type is the error's name; its cause keeps the stack. */
function bug(error: unknown): ApplicationFailure {
  const cause = error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    type: cause.name,
    message: cause.message,
    nonRetryable: true,
    cause,
  });
}
