import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { OutgoingEventActivities } from '../activities/outgoing-events.ts';
import type { Announced, Untold } from '../domain/outgoing-events.ts';
import { announce, nothingAnnounced } from '../domain/outgoing-events.ts';
import type { Alarm } from './alarm.ts';
import type { OrderInput } from './messages.ts';
import type { OrderRecord } from './order-record.ts';
import { orStuck } from './perform.ts';
import { backoffMs, MINUTE_MS, SECOND_MS, workflowNow } from './time.ts';

const FIRST_AGAIN_MS = SECOND_MS;
const AGAIN_MAX_MS = 10 * MINUTE_MS;
/** More than happens to an order in days. */
const UNTOLD_MAX = 100;

/** One event in the order's history, and no round trip: a repeat after a crash starts no second workflow. */
const quick = proxyLocalActivities<OutgoingEventActivities>({
  startToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
});
const patient = proxyActivities<OutgoingEventActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});

/**
 * Hands what has happened to the order since the last time over to workflows that deliver it. Where nobody wants to be
 * told it costs nothing; an order that Stripe refused to create is none. What cannot be handed over is kept, and comes along
 * later: an order's money does not wait for its news.
 */
export async function tellSubscribers(record: OrderRecord): Promise<void> {
  if (record.refusal) return;
  const adopted = record.input.adopt !== undefined;
  const { events, announced } = announce(record.announced, record.order, workflowNow(), adopted);
  record.announced = announced;
  const { wanted, untold } = announced;
  const all = [...(untold?.events ?? []), ...(wanted ? events : [])];
  if (all.length === 0) return;
  if (untold && workflowNow() < untold.againAt) return keep(record, { ...untold, events: all });
  const failed = await orStuck(() => (untold ? patient : quick).publishEvents(all));
  if (!failed) return keep(record, null);
  const tries = (untold?.tries ?? 0) + 1;
  const againAt = workflowNow() + backoffMs(tries - 1, FIRST_AGAIN_MS, AGAIN_MAX_MS);
  keep(record, { events: all, tries, againAt });
}

/**
 * An order that is taken up goes on numbering its events where it ended; where nobody knows that any more, at the second of
 * its start, which no order's count comes near to.
 */
export function firstAnnounced({ adopt, announced }: OrderInput, startedAt: number): Announced {
  const wanted = announced ?? false;
  if (adopt?.memory) return { ...adopt.memory.announced, wanted };
  return nothingAnnounced(wanted, adopt ? Math.floor(startedAt / SECOND_MS) : 0);
}

/** When what could not be handed over is tried again. There is nothing else to do: after each piece of work it is told. */
export function untoldAlarms({ announced: { untold } }: OrderRecord): readonly Alarm[] {
  return untold ? [{ at: untold.againAt, ring: () => {} }] : [];
}

/** Messages that came meanwhile may have changed what is wanted. */
function keep(record: OrderRecord, untold: Untold | null): void {
  const lost = untold?.events.slice(0, -UNTOLD_MAX) ?? [];
  const kept = untold && { ...untold, events: untold.events.slice(-UNTOLD_MAX) };
  record.announced = { ...record.announced, untold: kept };
  if (lost.length === 0) return;
  const detail = lost.map(({ id }) => id).join(', ');
  record.note({ type: 'event', name: 'events not told', cause: null, detail });
}
