import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { EventData, OutgoingEvent, WaitingEvent } from './outgoing-event.ts';

/**
 * Beyond either no event is made; what changed is found by comparison once there is room. They are stored with their object, and
 * Temporal takes 2 MB of both.
 */
const WAITING_MAX = { count: 200, bytes: 500_000 };
/** Few enough for one attempt, whose input may have 2 MB, too. */
const AT_ONCE_MAX = { count: 50, bytes: 1_000_000 };

/** However many events one comparison finds, their object is stored once: all of them show it as it was at that moment. */
export function pack(events: readonly OutgoingEvent[]): readonly WaitingEvent[] {
  return events.map((event, index) => {
    const before = events[index - 1];
    if (!before || !isOfSameMoment(before, event)) return event;
    const { subject, sequence } = event.data;
    return { ...event, data: { subject, sequence } };
  });
}

export function unpack(waiting: readonly WaitingEvent[]): readonly OutgoingEvent[] {
  const events: OutgoingEvent[] = [];
  for (const { data, ...event } of waiting) {
    const before = events.at(-1);
    if ('id' in data) events.push({ ...event, data });
    else if (before) events.push({ ...event, data: { ...before.data, ...data } });
  }
  return events;
}

/** Whether more may wait. */
export function hasRoom(waiting: readonly WaitingEvent[]): boolean {
  return waiting.length < WAITING_MAX.count && bytesOf(waiting) < WAITING_MAX.bytes;
}

/** The oldest, as many as one attempt takes; at least one. */
export function firstOf(events: readonly OutgoingEvent[]): readonly OutgoingEvent[] {
  let bytes = 0;
  const some = events.slice(0, AT_ONCE_MAX.count);
  const end = some.findIndex((event, index) => {
    bytes += bytesOf(event);
    return index > 0 && bytes > AT_ONCE_MAX.bytes;
  });
  return end === -1 ? some : some.slice(0, end);
}

/** By the very parts that both show: what was found at once has them in common. */
function isOfSameMoment({ data: one }: OutgoingEvent, { data: other }: OutgoingEvent): boolean {
  const partsOf = ({ subject: _, sequence: __, ...rest }: EventData) => Object.entries(rest);
  const parts = new Map<string, unknown>(partsOf(other));
  const known = partsOf(one);
  return (
    known.length === parts.size && known.every(([name, part]) => parts.has(name) && parts.get(name) === part)
  );
}

function bytesOf(stored: unknown): number {
  return utf8ToBytes(JSON.stringify(stored)).length;
}
