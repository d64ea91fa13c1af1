import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ORDER_STATUS } from '../contract/search-attribute-keys.ts';
import { stripeEventSignal } from '../contract/stripe-events.ts';
import type { StripeEventSignal } from '../domain/commands/stripe-event-signal.ts';
import { orderWorkflowId } from '../domain/ids.ts';
import type { OrderStatus } from '../domain/orders/order.ts';
import type { StripeEventRef } from '../domain/stripe-events/stripe-events.ts';
import { isKnownToOrder, movesClosedOrder } from '../domain/stripe-events/stripe-events.ts';
import { GRPC, grpcCodeOf } from '../temporal/grpc-code.ts';
import { isOpen, wasStopped } from '../temporal/workflow-status.ts';

/** What became of an event at one workflow. */
export type SignalOutcome =
  /** Temporal has it; the workflow reads the truth from Stripe. */
  | 'signaled'
  /** It shows what the event would have it look at. */
  | 'known'
  /** It has ended, and what it showed then still holds. */
  | 'ended'
  /** It has ended, and something happened to its money since: it has to be reopened. */
  | 'closed'
  /** Stripe refused the last request for it: money that moved was an earlier one's, which Temporal has forgotten. */
  | 'refused'
  | 'absent';

/** What orders showed when somebody looked, by workflow id. For what one has shown it does not have to be asked again. */
export type SeenStatuses = Map<string, OrderStatus>;

/** Signals an order that something happened to its payment. `seen`: shared by events that come together. */
export async function signalOrder(
  temporal: Client,
  orderId: string,
  event: StripeEventRef,
  seen: SeenStatuses = new Map(),
): Promise<SignalOutcome> {
  const workflowId = orderWorkflowId(orderId);
  if (event.own && (await shows(temporal, workflowId, event.eventType, seen))) return 'known';
  if (await signal(temporal, workflowId, event)) return 'signaled';
  const described = await unlessAbsent(temporal.workflow.getHandle(workflowId).describe());
  if (described === null) return 'absent';
  // It was started between the two questions.
  if (isOpen(described) && (await signal(temporal, workflowId, event))) return 'signaled';
  if (event.own) return 'ended';
  const { name } = described.status;
  // What it showed then does not say whether the money was captured since.
  const mayBeCaptured = name === 'FAILED' || wasStopped(described);
  const status = mayBeCaptured ? 'captured' : shownBy(described);
  if (!movesClosedOrder(event.eventType, status)) return 'ended';
  return name === 'FAILED' ? 'refused' : 'closed';
}

/**
 * Signals an account, a payout or a transfer that something happened to it. False: there is no such workflow, it has ended, or it
 * takes no more signals until its next run.
 */
export async function signalUnlessFull(
  temporal: Client,
  workflowId: string,
  event: StripeEventSignal,
): Promise<boolean> {
  try {
    return await signal(temporal, workflowId, event);
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}

/** Whether a workflow takes no signals until its next run: that must not hold up the events of all others. */
export function isFull(error: unknown): boolean {
  return grpcCodeOf(error) === GRPC.INVALID_ARGUMENT;
}

/** False: there is no such workflow, or it has ended. */
async function signal(
  temporal: Client,
  workflowId: string,
  { eventId, eventType }: StripeEventSignal,
): Promise<boolean> {
  const sent = temporal.workflow.getHandle(workflowId).signal(stripeEventSignal, { eventId, eventType });
  return (await unlessAbsent(sent.then(() => true))) ?? false;
}

async function shows(
  temporal: Client,
  workflowId: string,
  eventType: string,
  seen: SeenStatuses,
): Promise<boolean> {
  const before = seen.get(workflowId);
  if (before !== undefined && isKnownToOrder(eventType, before)) return true;
  const described = await unlessAbsent(temporal.workflow.getHandle(workflowId).describe());
  if (described === null) return false;
  const status = shownBy(described);
  if (status !== undefined) seen.set(workflowId, status);
  return isKnownToOrder(eventType, status);
}

function shownBy({ typedSearchAttributes }: WorkflowExecutionDescription): OrderStatus | undefined {
  return typedSearchAttributes.get(ORDER_STATUS) as OrderStatus | undefined;
}

async function unlessAbsent<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
