import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { OutgoingEventActivities } from '../activities/outgoing-events.ts';
import type { OutgoingEvent } from '../domain/outgoing-events.ts';
import { announce } from '../domain/outgoing-events.ts';
import type { OrderRecord } from './order-record.ts';
import { orStuck } from './perform.ts';
import { workflowNow } from './time.ts';

/** One event in the order's history, and no round trip: a repeat after a crash starts no second workflow. */
const quick = proxyLocalActivities<OutgoingEventActivities>({
  startToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
});
const patient = proxyActivities<OutgoingEventActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '10 minutes',
});

/**
 * Hands what has happened to the order since the last time over to workflows that deliver it. Where nobody wants to be
 * told it costs nothing; an order that Stripe refused to create is none.
 */
export async function tellSubscribers(record: OrderRecord): Promise<void> {
  if (record.refusal) return;
  const adopted = record.input.adopt !== undefined;
  const { events, announced } = announce(record.announced, record.order, workflowNow(), adopted);
  // Messages that come meanwhile may have changed what is wanted.
  record.announced = { ...announced, wanted: record.announced.wanted };
  if (record.announced.wanted && events.length > 0) await publish(record, events);
}

/** What cannot be handed over for long is left out, and noted: an order's money does not wait for its news. */
async function publish(record: OrderRecord, events: readonly OutgoingEvent[]): Promise<void> {
  const first = await orStuck(() => quick.publishEvents(events));
  if (!first) return;
  const last = await orStuck(() => patient.publishEvents(events));
  if (!last) return;
  const ids = events.map(({ id }) => id).join(', ');
  record.note({
    type: 'event',
    name: 'events not told',
    cause: null,
    detail: `${ids}: ${last.failure.message}`,
  });
}
