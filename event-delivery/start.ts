import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { OutgoingEventInput, SubscriptionEnd } from '../contract/outgoing-events.ts';
import { disableSubscriptionSignal } from '../contract/outgoing-events.ts';
import { EVENT_TYPE } from '../contract/search-attribute-keys.ts';
import type { CommandEnvelope } from '../domain/commands/command.ts';
import { EVENT_SUBSCRIPTIONS_WORKFLOW_ID } from '../domain/outgoing-events/event-ids.ts';

export interface DeliveryStart {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: OutgoingEventInput;
  /** Whose event it is, and what it tells: for whoever makes another of the same id. */
  readonly memo?: { readonly life: string; readonly content: string };
  /** Who asked for it, where that was a person. */
  readonly command?: CommandEnvelope;
}

/** Starts the workflow that delivers an event; once, however often it is asked for. False: it was started before. */
export async function startDelivery(
  temporal: Client,
  { workflowType, workflowId, taskQueue, input, memo, command }: DeliveryStart,
): Promise<boolean> {
  const { id, type } = input.event;
  try {
    await temporal.workflow.start(workflowType, {
      workflowId,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: [{ key: EVENT_TYPE, value: type }],
      staticSummary: `${type} · ${id}`,
      memo: { ...memo, ...(command ? { command } : {}) },
    });
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}

export async function disableSubscription(temporal: Client, end: SubscriptionEnd): Promise<void> {
  await temporal.workflow.getHandle(EVENT_SUBSCRIPTIONS_WORKFLOW_ID).signal(disableSubscriptionSignal, end);
}
