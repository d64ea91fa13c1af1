import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import { orderBeginning } from '../contract/order-start.ts';
import type { OrderDefaults, OrderInput, OrderMemory } from '../contract/orders.ts';
import { memoryQuery, orderQuery } from '../contract/orders.ts';
import { adoptionIdOf, orderWorkflowId } from '../domain/ids.ts';
import type { Order } from '../domain/orders/order.ts';
import { orderStatus, paymentIntentOf } from '../domain/orders/order.ts';
import type { StripeEventRef } from '../domain/stripe-events/stripe-events.ts';
import { movesClosedOrder } from '../domain/stripe-events/stripe-events.ts';
import type { SubscriptionDirectory } from '../event-delivery/directory.ts';
import { announcementOf } from '../event-delivery/directory.ts';
import { refusalOfAdoption } from '../stripe/adoption.ts';
import { classify } from '../stripe/errors.ts';
import { retryable } from '../stripe/failures.ts';
import { readOrderFromStripe } from '../stripe/read-order.ts';
import { ask } from '../temporal/ask.ts';
import { endedRunOf, mustStillEndWith, notTaken } from './ended-run.ts';
import { startWithEvent } from './start-with-event.ts';

export interface ReopenDeps {
  readonly stripe: Stripe;
  readonly temporal: Client;
  readonly taskQueue: string;
  /** Of the runs that begin now. */
  readonly policy: OrderDefaults;
  readonly subscriptions: Pick<SubscriptionDirectory, 'list'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Takes a closed order up again: a new run reads from Stripe what has happened to its payment since. Not where Stripe shows that the
 * payment is no longer its own: such a run would end at once, and the event with it.
 */
export async function reopen(deps: ReopenDeps, orderId: string, event: StripeEventRef): Promise<void> {
  const run = await endedRunOf(deps.temporal, orderWorkflowId(orderId));
  const closed = deps.temporal.workflow.getHandle(orderWorkflowId(orderId), run ?? undefined);
  const order = await ask(deps.temporal, () => closed.query(orderQuery));
  const memory = await ask(deps.temporal, () => closed.query(memoryQuery));
  // Another event got here first: its run gets this one once it knows the payment, or is reopened in its turn.
  const paymentIntent = paymentIntentOf(order);
  if (paymentIntent === null) throw notTaken(`order ${orderId} is being reopened`);
  const intent = await deps.stripe.paymentIntents.retrieve(paymentIntent).catch((error: unknown) => {
    throw retryable(classify(error));
  });
  const why = refusalOfAdoption(intent, orderId, order.livemode);
  if (why) throw notTaken(`order ${orderId} cannot be reopened: ${why.detail}`);
  await start(deps, order, { run, memory }, event);
}

/** `unknown`: Stripe knows no such order. */
type Rebuilding = 'reopened' | 'not_captured' | 'unknown';

/**
 * The same for one that Temporal no longer knows, as Stripe remembers it: an order's workflow is there before its payment, so that
 * one with captured money and no workflow cannot be a new one.
 */
export async function rebuildFromStripe(
  deps: ReopenDeps,
  orderId: string,
  event: StripeEventRef,
): Promise<Rebuilding> {
  // Only for events that happen to captured money: for any other the order is still to come.
  if (event.own || !movesClosedOrder(event.eventType, 'captured')) return 'not_captured';
  const run = await endedRunOf(deps.temporal, orderWorkflowId(orderId));
  const order = await readOrderFromStripe(deps, orderId, deps.policy.onDisputeLost);
  if (order === null) return 'unknown';
  if (!movesClosedOrder(event.eventType, orderStatus(order))) return 'not_captured';
  await start(deps, order, { run, memory: null }, event);
  return 'reopened';
}

/** One call starts the run and signals the event. If somebody else has just started it, the call only signals. */
async function start(
  { temporal, taskQueue, policy, subscriptions }: ReopenDeps,
  order: Order,
  { run, memory }: { readonly run: string | null; readonly memory: OrderMemory | null },
  { eventId, eventType }: StripeEventRef,
): Promise<void> {
  const { terms, livemode } = order;
  const command = {
    commandId: adoptionIdOf(eventId),
    requestHash: eventId,
    requestId: eventId,
    actor: 'stripe',
  };
  const input: OrderInput = {
    terms,
    livemode,
    policy,
    authorize: command,
    adopt: { paymentIntent: paymentIntentOf(order) ?? '', memory },
    ...(await announcementOf(subscriptions)),
  };
  await mustStillEndWith(temporal, orderWorkflowId(terms.id), run);
  await startWithEvent(temporal, orderWorkflowId(terms.id), orderBeginning(input, taskQueue), {
    eventId,
    eventType,
  });
}
