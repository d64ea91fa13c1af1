import { ApplicationFailure } from '@temporalio/common';
import { ORDER_NOT_KNOWN } from '../../contract/stripe-events.ts';
import { payoutWorkflowId, transferWorkflowId } from '../../domain/ids.ts';
import type {
  EventSubject,
  ParkedDelivery,
  StripeEventRef,
} from '../../domain/stripe-events/stripe-events.ts';
import { ORDER_EVENT_TYPES, orderNamedIn, payoutNamedIn } from '../../domain/stripe-events/stripe-events.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { classify, nullIfRefused } from '../../stripe/errors.ts';
import { retryable } from '../../stripe/failures.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { idOf } from '../../stripe/payment-facts.ts';
import { findOrderOfPayment } from '../../stripe-events/find-order.ts';
import type { ReopenDeps } from '../../stripe-events/reopen.ts';
import { rebuildFromStripe, reopen } from '../../stripe-events/reopen.ts';
import { reopenTransfer } from '../../stripe-events/reopen-transfer.ts';
import { signalOrder, signalUnlessFull } from '../../stripe-events/signal-workflow.ts';
import { isUnseenFailure } from '../../stripe-events/unseen-payout-failure.ts';
import { withoutRetriesOfBugs } from '../shared/bugs.ts';
import { newest } from '../shared/recent.ts';
import type { FeedRequest } from './feed-events.ts';
import { feedEvents } from './feed-events.ts';
import { followAccountOf } from './follow-account.ts';

const PAGE_SIZE = 100;

export interface EventDeps extends ReopenDeps {
  readonly livemode: boolean;
}

export type EventActivities = ReturnType<typeof createEventActivities>;

/** What workflows may have done about Stripe's events. */
export function createEventActivities(deps: EventDeps) {
  return withoutRetriesOfBugs({
    /**
     * Brings one page of each list of Stripe's events to the orders that they concern. Without a cursor that is the first page of the last
     * ten minutes: orders whose events are older read their payments by themselves.
     */
    feedEvents: (request: FeedRequest) => feedEvents(deps, ORDER_EVENT_TYPES, request),

    /**
     * Delivers an event that was kept, and takes its order or transfer up again where that was closed or forgotten; throws, to be
     * repeated, while the order is not known. The account that an event is about gets a workflow first, if it has none.
     */
    deliverParkedEvent: (event: StripeEventRef) => deliverParkedEvent(deps, event),
  });
}

async function deliverParkedEvent(deps: EventDeps, event: StripeEventRef): Promise<ParkedDelivery> {
  const { subject } = event;
  if (subject.kind === 'account') {
    const follow = { ...deps, retryBudgetMs: deps.policy.retryBudgetMs };
    return (await patiently(() => followAccountOf(follow, subject.account, event))) ? 'reopened' : 'foreign';
  }
  if (subject.kind === 'transfer') {
    const isRunning = await signalUnlessFull(deps.temporal, transferWorkflowId(subject.transferId), event);
    return isRunning ? 'signaled' : patiently(() => reopenTransfer(deps, subject, event));
  }
  if (subject.kind === 'payout') return deliverFailure(deps, subject, event);
  const orderId = await ownerOf(deps, subject);
  if (orderId === null) return 'foreign';
  const outcome = await signalOrder(deps.temporal, orderId, event);
  switch (outcome) {
    case 'closed':
      await reopen(deps, orderId, event);
      return 'reopened';
    case 'refused':
    case 'absent': {
      const rebuilding = await patiently(() => rebuildFromStripe(deps, orderId, event));
      if (rebuilding === 'reopened') return 'reopened';
      // Nothing of what was refused is still to come.
      if (outcome === 'refused' && rebuilding === 'not_captured') return 'ended';
      throw ApplicationFailure.retryable(`there is no order ${orderId}`, ORDER_NOT_KNOWN);
    }
    default:
      return outcome;
  }
}

/**
 * A payout failed that no workflow follows: it waits for its caller to repeat the request, which takes the payout up again as it is
 * at Stripe. Nothing is paid out for an event.
 */
async function deliverFailure(
  { stripe, temporal, now }: EventDeps,
  { payout, account }: Extract<EventSubject, { kind: 'payout' }>,
  event: StripeEventRef,
): Promise<ParkedDelivery> {
  if (await signalUnlessFull(temporal, payoutWorkflowId(payout), event)) return 'signaled';
  if (!(await isUnseenFailure(temporal, payout))) return 'ended';
  const recent = await read(() =>
    newest(payoutsOf(stripe, asAccount(account)).list({ limit: PAGE_SIZE }), now()),
  );
  // One that failed may have been made again since: the newest stands for it.
  const last = recent?.find(({ metadata }) => payoutNamedIn(metadata) === payout);
  if (last === undefined) return 'foreign';
  if (last.status !== 'failed') return 'ended';
  const why = `${last.id} of ${account}, the payout ${payout}, failed, and no workflow follows it`;
  throw ApplicationFailure.retryable(why, ORDER_NOT_KNOWN);
}

/** The order that an event concerns; null: none of Waybill's. Stripe is asked where the event's own object does not say. */
async function ownerOf(
  { stripe, temporal }: Pick<EventDeps, 'stripe' | 'temporal'>,
  subject: EventSubject,
): Promise<string | null> {
  switch (subject.kind) {
    case 'order':
      return subject.orderId;
    case 'payment': {
      const { paymentIntent } = subject;
      const intent = await read(() => stripe.paymentIntents.retrieve(paymentIntent));
      return orderNamedIn(intent?.metadata) ?? findOrderOfPayment(temporal, paymentIntent);
    }
    case 'charge': {
      const charge = await read(() => stripe.charges.retrieve(subject.charge));
      const paymentIntent = idOf(charge?.payment_intent);
      if (paymentIntent === null) return orderNamedIn(charge?.metadata);
      return ownerOf({ stripe, temporal }, { kind: 'payment', paymentIntent, wouldNameOrder: false });
    }
    default:
      return null;
  }
}

function read<T>(call: () => Promise<T>): Promise<T | null> {
  return patiently(() => nullIfRefused(call));
}

/**
 * A read without which nobody knows whose an event is: whatever stops it (Stripe is down, a key is wrong), the event is not given up
 * for that, nor waits much longer than it lasts.
 */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw retryable(classify(error));
  }
}
