import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { STRIPE_EVENT_WORKFLOW } from '../contract/stripe-events.ts';
import { payoutWorkflowId, stripeEventWorkflowId, transferWorkflowId } from '../domain/ids.ts';
import type { StripeEventRef } from '../domain/stripe-events/stripe-events.ts';
import { PAYOUT_FAILED } from '../domain/stripe-events/stripe-events.ts';
import { endedRejected, findWorkflowOfAccount, isNamedByAuthorizedOrder } from './find-account.ts';
import { findOrderOfPayment } from './find-order.ts';
import type { SeenStatuses, SignalOutcome } from './signal-workflow.ts';
import { isFull, signalOrder, signalUnlessFull } from './signal-workflow.ts';
import { isUnseenFailure } from './unseen-payout-failure.ts';

/** Of these nobody takes the event yet. */
const PARKED = ['absent', 'closed', 'refused'] as const satisfies SignalOutcome[];
type Parked = (typeof PARKED)[number];

/** What became of an event. Whichever it is, Temporal has it or nobody needs it. */
export type Delivery =
  | Exclude<SignalOutcome, Parked>
  /**
   * A workflow of its own keeps it until its order is known or reopened, its transfer reopened, its account is followed, or somebody
   * has seen that its payout failed.
   */
  | 'parked'
  /** Of a payment that Waybill has nothing to do with. */
  | 'foreign'
  /** Of a type that is news to nobody, or of a payout or account whose workflow has ended or reads Stripe before long anyway. */
  | 'ignored';

export interface Destination {
  readonly temporal: Client;
  /** Of the workflow that keeps what cannot be delivered yet. */
  readonly taskQueue: string;
  /** For a page of events: most are echoes of Waybill's own requests, several of one order. */
  readonly seen?: SeenStatuses;
}

/** Brings an event to the workflow that it concerns. */
export async function deliver(to: Destination, event: StripeEventRef): Promise<Delivery> {
  const { temporal } = to;
  const { subject } = event;
  switch (subject.kind) {
    case 'nobody':
      return 'ignored';
    case 'account': {
      const workflowId = await findWorkflowOfAccount(temporal, subject.account);
      if (workflowId !== null)
        return (await signalUnlessFull(temporal, workflowId, event)) ? 'signaled' : 'ignored';
      const isAwaited =
        (await isNamedByAuthorizedOrder(temporal, subject.account)) ||
        (await endedRejected(temporal, subject.account));
      return isAwaited ? park(to, event) : 'ignored';
    }
    case 'payout': {
      const { payout } = subject;
      if (await signalUnlessFull(temporal, payoutWorkflowId(payout), event)) return 'signaled';
      const isUnseen = event.eventType === PAYOUT_FAILED && (await isUnseenFailure(temporal, payout));
      return isUnseen ? park(to, event) : 'ignored';
    }
    case 'transfer':
      if (event.own) return 'known';
      // Mostly it has ended: it does once it is paid.
      return (await signalUnlessFull(temporal, transferWorkflowId(subject.transferId), event))
        ? 'signaled'
        : park(to, event);
    case 'order':
      return deliverToOrder(to, subject.orderId, event);
    case 'payment': {
      const orderId = await findOrderOfPayment(temporal, subject.paymentIntent);
      if (orderId !== null) return deliverToOrder(to, orderId, event);
      return subject.wouldNameOrder ? 'foreign' : park(to, event);
    }
    case 'charge':
      // Whoever made our own request got its answer: not worth asking Stripe whose charge it is.
      return event.own ? 'known' : park(to, event);
  }
}

async function deliverToOrder(to: Destination, orderId: string, event: StripeEventRef): Promise<Delivery> {
  const outcome = await signalOrder(to.temporal, orderId, event, to.seen).catch((error: unknown) => {
    if (isFull(error)) return 'absent' as const;
    throw error;
  });
  return isParked(outcome) ? park(to, event) : outcome;
}

function isParked(outcome: SignalOutcome): outcome is Parked {
  return PARKED.some((parked) => parked === outcome);
}

/** Starts the workflow that finds out whose event it is, and waits for the order. The event's id makes a repeat harmless. */
async function park({ temporal, taskQueue }: Destination, event: StripeEventRef): Promise<'parked'> {
  try {
    await temporal.workflow.start(STRIPE_EVENT_WORKFLOW, {
      workflowId: stripeEventWorkflowId(event.eventId),
      taskQueue,
      args: [event],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: event.eventType,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return 'parked';
}
