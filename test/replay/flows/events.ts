import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { EventsFed, FeedRequest } from '../../../activities/stripe-events/feed-events.ts';
import type { Compared, ComparedAccounts } from '../../../activities/stripe-events/pass.ts';
import type { Resumed } from '../../../activities/stripe-events/resume.ts';
import {
  disableSubscriptionSignal,
  EVENT_SUBSCRIPTIONS_WORKFLOW,
  subscriptionUpdate,
} from '../../../contract/outgoing-events.ts';
import {
  RESUME_WORKFLOW,
  STRIPE_EVENT_WORKFLOW,
  SYNC_ACCOUNTS_WORKFLOW,
  SYNC_PAYOUTS_WORKFLOW,
  SYNC_WORKFLOW,
} from '../../../contract/stripe-events.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import { orderEvents } from '../../../domain/outgoing-events/order-events.ts';
import type { ParkedDelivery, StripeEventRef } from '../../../domain/stripe-events/stripe-events.ts';
import { envelope, NOW, orderIn } from '../../support/builders.ts';
import type { OrderBench } from '../../support/order-bench.ts';
import type { Flows } from './flow.ts';
import { ended } from './flow.ts';

/** Delivers an order's first event. */
async function deliver({ client, taskQueue }: OrderBench, id: string): Promise<WorkflowHandle> {
  const order = orderIn('succeeded', {}, { id });
  const [event] = announce(
    orderEvents(false),
    nothingPublished(orderEvents(false), true, 0),
    order,
    NOW,
  ).events;
  const handle = await client.workflow.start('outgoingEvent', {
    workflowId: `outgoing-event/${event?.id}`,
    taskQueue,
    args: [{ event, subscriptions: ['wes_1', 'wes_2'], giveUpAfterMs: 60_000 }],
  });
  await handle.result();
  return handle;
}

/** Two pages of Stripe's events; an event that was kept finds its order, but for the one that never comes. */
export const STRIPE_EVENTS = {
  feedEvents: async ({ cursor }: FeedRequest): Promise<EventsFed> => {
    const hasMore = cursor === null;
    const list = { types: ['charge.updated'], cursor: { after: 'evt_1', seen: [] }, readAt: null };
    return { cursor: { lists: [{ ...list, next: hasMore ? 'evt_1' : null }] }, hasMore };
  },
  compareAccounts: async (): Promise<ComparedAccounts> => ({
    accounts: 2,
    requested: 1,
    followed: 0,
    unreadable: 0,
  }),
  comparePayouts: async (): Promise<Compared> => ({ accounts: 1, requested: 0, unreadable: 0 }),
  resumeAwaiting: async (): Promise<Resumed> => ({ waiting: 3, resumed: 3 }),
  async deliverParkedEvent({ eventId }: StripeEventRef): Promise<ParkedDelivery> {
    if (eventId === 'evt_lost') throw ApplicationFailure.nonRetryable('there is no order', 'OrderNotKnown');
    return 'signaled';
  },
};

/** Stripe's events on their way in, orders' events on their way out. */
export const EVENT_FLOWS: Flows = {
  'event-delivered': (bench) => deliver(bench, 'event-delivered'),
  'event-refused': (bench) => deliver(bench, 'event-refused'),
  async 'events-fed'({ client, taskQueue }, id) {
    return ended({ handle: await client.workflow.start(SYNC_WORKFLOW, { workflowId: id, taskQueue }) });
  },
  async 'events-fed-in-rounds'({ client, taskQueue }, workflowId) {
    const args = [{ everyMs: 100, count: 2 }];
    return ended({ handle: await client.workflow.start(SYNC_WORKFLOW, { workflowId, taskQueue, args }) });
  },
  'accounts-healed': async ({ client, taskQueue }, workflowId) =>
    ended({ handle: await client.workflow.start(SYNC_ACCOUNTS_WORKFLOW, { workflowId, taskQueue }) }),
  'payouts-healed': async ({ client, taskQueue }, workflowId) =>
    ended({ handle: await client.workflow.start(SYNC_PAYOUTS_WORKFLOW, { workflowId, taskQueue }) }),
  'outage-resumed': async ({ client, taskQueue }, workflowId) =>
    ended({ handle: await client.workflow.start(RESUME_WORKFLOW, { workflowId, taskQueue }) }),
  'stripe-event-kept': (bench, id) => park(bench, id, 'evt_1'),
  'stripe-event-undelivered': (bench, id) => park(bench, id, 'evt_lost'),
  async subscriptions({ client, taskQueue }, id) {
    const handle = await client.workflow.start(EVENT_SUBSCRIPTIONS_WORKFLOW, { workflowId: id, taskQueue });
    const subscription = {
      id: 'wes_1',
      url: 'https://example.com/',
      events: ['*'],
      description: null,
    } as const;
    const change = (commandId: string, command: object) =>
      handle.executeUpdate(subscriptionUpdate, {
        updateId: commandId,
        args: [{ ...envelope(commandId), ...command } as never],
      });
    await change('create-1', { kind: 'create', subscription });
    await handle.signal(disableSubscriptionSignal, { id: 'wes_1', reason: 'gone' });
    await change('enable-1', { kind: 'enable', id: 'wes_1' });
    await change('rotate-1', { kind: 'rotate_secret', id: 'wes_1', overlapMs: 0 });
    return handle;
  },
};

async function park({ client, taskQueue }: OrderBench, workflowId: string, eventId: string) {
  const subject = { kind: 'order', orderId: 'absent' } as const;
  const event: StripeEventRef = { eventId, eventType: 'charge.updated', own: false, subject };
  return ended({
    handle: await client.workflow.start(STRIPE_EVENT_WORKFLOW, { workflowId, taskQueue, args: [event] }),
  });
}
