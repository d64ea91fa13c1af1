import type { Client } from '@temporalio/client';
import type { Priority, SearchAttributePair } from '@temporalio/common';
import { stripeEventSignal } from '../contract/stripe-events.ts';
import type { StripeEventSignal } from '../domain/commands/stripe-event-signal.ts';

/** How a workflow that has ended or is gone is started again. */
interface Beginning {
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly input: unknown;
  readonly searchAttributes: SearchAttributePair[];
  readonly priority: Priority;
  readonly summary: string;
  readonly details: string;
  readonly memo?: Record<string, unknown>;
}

/** One call starts the run and signals the event. If somebody else has just started it, the call only signals. */
export async function startWithEvent(
  temporal: Client,
  workflowId: string,
  beginning: Beginning,
  { eventId, eventType }: StripeEventSignal,
): Promise<void> {
  const { workflowType, taskQueue, input, searchAttributes, priority, summary, details, memo } = beginning;
  await temporal.workflow.signalWithStart(workflowType, {
    workflowId,
    taskQueue,
    args: [input],
    signal: stripeEventSignal,
    signalArgs: [{ eventId, eventType }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    typedSearchAttributes: searchAttributes,
    priority,
    staticSummary: summary,
    staticDetails: details,
    ...(memo ? { memo } : {}),
  });
}
