import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { STRIPE_EVENT_WORKFLOW } from '../contract/stripe-events.ts';
import { payoutWorkflowId, stripeEventWorkflowId } from '../domain/ids.ts';
import type { StripeEventRef } from '../domain/stripe-events/stripe-events.ts';
import { findWorkflowOfAccount, isNamedByAuthorizedOrder } from './find-account.ts';
import { findOrderOfPayment } from './find-order.ts';
import type { SignalOutcome } from './signal-order.ts';
import { isFull, signalOrder, signalUnlessFull } from './signal-order.ts';

/** What became of an event. Whichever it is, Temporal has it or nobody needs it. */
export type Delivery =
  | Exclude<SignalOutcome, 'absent' | 'closed'>
  /** A workflow of its own keeps it until its order is known or reopened, or its account is followed. */
  | 'parked'
  /** Of a payment that Waybill has nothing to do with. */
  | 'foreign'
  /** Of a type that is news to nobody. */
  | 'ignored';

export interface Destination {
  readonly temporal: Client;
  /** Of the workflow that keeps what cannot be delivered yet. */
  readonly taskQueue: string;
}

/** Brings an event to the workflow that it concerns. */
export async function deliver(to: Destination, hint: StripeEventRef): Promise<Delivery> {
  const { temporal } = to;
  const { subject } = hint;
  switch (subject.kind) {
    case 'nobody':
      return 'ignored';
    case 'account': {
      const workflowId = await findWorkflowOfAccount(temporal, subject.account);
      if (workflowId !== null)
        return (await signalUnlessFull(temporal, workflowId, hint)) ? 'signaled' : 'ignored';
      return (await isNamedByAuthorizedOrder(temporal, subject.account)) ? park(to, hint) : 'ignored';
    }
    case 'payout':
      return (await signalUnlessFull(temporal, payoutWorkflowId(subject.payout), hint))
        ? 'signaled'
        : 'ignored';
    case 'order':
      return deliverToOrder(to, subject.orderId, hint);
    case 'payment': {
      const orderId = await findOrderOfPayment(temporal, subject.paymentIntent);
      if (orderId !== null) return deliverToOrder(to, orderId, hint);
      return subject.telling ? 'foreign' : park(to, hint);
    }
    case 'charge':
      // What our own request did beside the payment, its answer outcome: that is not worth asking Stripe whose it is.
      return hint.own ? 'known' : park(to, hint);
  }
}

async function deliverToOrder(to: Destination, orderId: string, hint: StripeEventRef): Promise<Delivery> {
  const outcome = await signalOrder(to.temporal, orderId, hint).catch((error: unknown) => {
    if (isFull(error)) return 'absent' as const;
    throw error;
  });
  return outcome === 'absent' || outcome === 'closed' ? park(to, hint) : outcome;
}

/** Starts the workflow that finds out whose event it is, and waits for the order. The event's id makes a repeat harmless. */
async function park({ temporal, taskQueue }: Destination, hint: StripeEventRef): Promise<'parked'> {
  try {
    await temporal.workflow.start(STRIPE_EVENT_WORKFLOW, {
      workflowId: stripeEventWorkflowId(hint.eventId),
      taskQueue,
      args: [hint],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: hint.eventType,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return 'parked';
}
