import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { OutgoingEventActivities } from '../../activities/outgoing-events/outgoing-events.ts';
import type { OutgoingEvent, Unpublished } from '../../domain/outgoing-events/outgoing-event.ts';
import { announce } from '../../domain/outgoing-events/outgoing-events.ts';
import { orStuck } from '../entity/perform.ts';
import type { Timer } from '../entity/timer.ts';
import { backoffMs, MINUTE_MS, SECOND_MS, workflowNow } from '../shared/time.ts';
import type { OrderRecord } from './order-record.ts';

const FIRST_AGAIN_MS = SECOND_MS;
const AGAIN_MAX_MS = 10 * MINUTE_MS;
/** Beyond that many no new event is made: what happens meanwhile is found by comparison once there is room. */
const UNPUBLISHED_MAX = 200;
/** So few that one attempt hands all of them over. */
const AT_ONCE_MAX = 50;

/**
 * One event in the order's history, and no round trip: a repeat after a crash starts no second workflow. The caller of the
 * command waits for it, so it is short.
 */
const localActivities = proxyLocalActivities<OutgoingEventActivities>({
  startToCloseTimeout: '500 milliseconds',
  retry: { maximumAttempts: 1 },
});
const activities = proxyActivities<OutgoingEventActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});

/**
 * Hands what has happened to the order since the last time over to workflows that deliver it. Without subscribers this costs
 * nothing, and an order that Stripe refused to create publishes nothing. What cannot be handed over is stored and handed over
 * later, beside the order's commands: money does not wait for events. `whenHandedOver`: called when such an attempt ends.
 */
export async function publishEvents(record: OrderRecord, whenHandedOver: () => void): Promise<void> {
  if (record.refusal) return;
  const { unpublished } = record.announced;
  const all = [...(unpublished?.events ?? []), ...newEvents(record)];
  if (all.length === 0) return;
  save(record, { ...(unpublished ?? { tries: 0, againAt: workflowNow() }), events: all });
  if (!unpublished) return handOver(record, localActivities);
  if (record.isHandingOver || workflowNow() < unpublished.againAt) return;
  record.isHandingOver = true;
  void handOver(record, activities).then(() => {
    record.isHandingOver = false;
    whenHandedOver();
  });
}

/** What comes meanwhile is kept behind the events that are handed over. */
async function handOver(
  record: OrderRecord,
  { publishEvents: publish }: Pick<OutgoingEventActivities, 'publishEvents'>,
): Promise<void> {
  const some = (record.announced.unpublished?.events ?? []).slice(0, AT_ONCE_MAX);
  const failed = await orStuck(() => publish(some));
  const { unpublished } = record.announced;
  if (!unpublished) return;
  const now = workflowNow();
  if (failed) {
    const againAt = now + backoffMs(unpublished.tries, FIRST_AGAIN_MS, AGAIN_MAX_MS);
    return save(record, { ...unpublished, tries: unpublished.tries + 1, againAt });
  }
  const rest = unpublished.events.slice(some.length);
  save(record, rest.length > 0 ? { events: rest, tries: 0, againAt: now } : null);
}

/** What has happened since the last time and has a subscriber; nothing while too much is waiting. */
function newEvents(record: OrderRecord): readonly OutgoingEvent[] {
  if ((record.announced.unpublished?.events.length ?? 0) >= UNPUBLISHED_MAX) return [];
  const adopted = record.input.adopt !== undefined;
  const { events, announced } = announce(record.announced, record.order, workflowNow(), adopted);
  record.announced = announced;
  return announced.wanted ? events : [];
}

/** When what could not be handed over is tried again. There is nothing else to do: after each piece of work it is published. */
export function unpublishedTimers({ announced, isHandingOver }: OrderRecord): readonly Timer[] {
  const { unpublished } = announced;
  return unpublished && !isHandingOver ? [{ at: unpublished.againAt, fire: () => {} }] : [];
}

/** Messages that came meanwhile may have changed what is wanted. */
function save(record: OrderRecord, unpublished: Unpublished | null): void {
  record.announced = { ...record.announced, unpublished };
}
