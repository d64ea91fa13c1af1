import { ApplicationFailure } from '@temporalio/common';
import type Stripe from 'stripe';
import { ORDER_NOT_KNOWN } from '../../contract/stripe-events.ts';
import { payoutWorkflowId, transferWorkflowId } from '../../domain/ids.ts';
import type { EventCursor } from '../../domain/stripe-events/event-cursor.ts';
import { advance, unseen } from '../../domain/stripe-events/event-cursor.ts';
import type {
  EventSubject,
  ParkedDelivery,
  StripeEventRef,
} from '../../domain/stripe-events/stripe-events.ts';
import {
  eventRefOf,
  ORDER_EVENT_TYPES,
  orderNamedIn,
  payoutNamedIn,
} from '../../domain/stripe-events/stripe-events.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { classify, nullIfRefused } from '../../stripe/errors.ts';
import { retryable } from '../../stripe/failures.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { idOf } from '../../stripe/payment-facts.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import { findOrderOfPayment } from '../../stripe-events/find-order.ts';
import type { ReopenDeps } from '../../stripe-events/reopen.ts';
import { rebuildFromStripe, reopen } from '../../stripe-events/reopen.ts';
import { reopenTransfer } from '../../stripe-events/reopen-transfer.ts';
import { signalOrder, signalUnlessFull } from '../../stripe-events/signal-workflow.ts';
import { isUnseenFailure } from '../../stripe-events/unseen-payout-failure.ts';
import { withoutRetriesOfBugs } from '../shared/bugs.ts';
import { newest } from '../shared/recent.ts';
import { retryableRead } from '../shared/run-once.ts';
import { followAccountOf } from './follow-account.ts';

const PAGE_SIZE = 100;
const LIST: Stripe.EventListParams = { types: [...ORDER_EVENT_TYPES], limit: PAGE_SIZE };
/** A first look goes back so far: the feed begins up to half a minute after the first order, and a busy platform has more than a page by then. */
const LOOK_BACK_MS = 10 * 60_000;
const LOOK_BACK_PAGES = 100;

export interface EventDeps extends ReopenDeps {
  readonly livemode: boolean;
}

export type EventActivities = ReturnType<typeof createEventActivities>;

/** What workflows may have done about Stripe's events. */
export function createEventActivities(deps: EventDeps) {
  return withoutRetriesOfBugs({
    /**
     * Brings one page of Stripe's events to the orders that they concern. `from`: behind which event; null: nothing was read before, so
     * the first page of the last ten minutes. Orders whose events are older read their payments by themselves.
     */
    feedEvents: (from: { cursor: EventCursor | null; from: string | null }) => feedEvents(deps, from),

    /**
     * Delivers an event that was kept, and takes its order or transfer up again where that was closed or forgotten; throws, to be
     * repeated, while the order is not known. The account that an event is about gets a workflow first, if it has none.
     */
    deliverParkedEvent: (event: StripeEventRef) => deliverParkedEvent(deps, event),
  });
}

export interface EventsFed {
  readonly cursor: EventCursor | null;
  /** The page's newest event: the next page begins behind it. */
  readonly newest: string | null;
  readonly hasMore: boolean;
}

async function feedEvents(
  { stripe, temporal, taskQueue, now }: EventDeps,
  { cursor, from }: { cursor: EventCursor | null; from: string | null },
): Promise<EventsFed> {
  const page = await retryableRead(() => pageBehind(stripe, from, now()));
  const oldestFirst = page.data.toReversed();
  const to = { temporal, taskQueue, seen: new Map() };
  for (const event of unseen(cursor, oldestFirst)) {
    await deliver(to, eventRefOf(event));
  }
  return {
    cursor: advance(cursor, oldestFirst),
    newest: oldestFirst.at(-1)?.id ?? from,
    hasMore: page.hasNewer,
  };
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

/**
 * The events right behind one, newest first. Stripe gives them next to the event, so that reading on finds them all; without one, or once
 * Stripe has forgotten it (after 30 days), those of the last minutes.
 */
async function pageBehind(stripe: Stripe, event: string | null, now: number): Promise<Page> {
  if (event !== null) {
    try {
      const { data, has_more } = await stripe.events.list({ ...LIST, ending_before: event });
      return { data, hasNewer: has_more };
    } catch (error) {
      if (classify(error).failure.code !== 'resource_missing') throw error;
    }
  }
  return pageSince(stripe, (now - LOOK_BACK_MS) / 1_000);
}

/** The oldest page of what has happened since. `since`: in seconds. */
async function pageSince(stripe: Stripe, since: number): Promise<Page> {
  let page = await stripe.events.list(LIST);
  let hasNewer = false;
  for (let pages = 1; pages < LOOK_BACK_PAGES && page.has_more; pages++) {
    const oldest = page.data.at(-1);
    if (oldest === undefined || oldest.created < since) break;
    page = await stripe.events.list({ ...LIST, starting_after: oldest.id });
    hasNewer = true;
  }
  return { data: page.data, hasNewer };
}

/** Of Stripe's events, newest first. */
interface Page {
  readonly data: readonly Stripe.Event[];
  readonly hasNewer: boolean;
}
