import type { Received } from '../event-receiver.ts';
import type { Facts } from './facts.ts';
import { worded } from './facts.ts';

/** One event of an object, as its subscriber got it. */
export interface DeliveredEvent {
  /** `webhook-id`. */
  readonly id: string;
  readonly sequence: number;
  /** As it was sent. */
  readonly body: string;
}

/** An object whose events must have arrived. */
export interface EventSource {
  readonly kind: string;
  /** Waybill's, or the caller's. */
  readonly id: string;
}

/** Each object's events by {@link nameOf}, however often each was delivered, in their order. */
export function deliveredByObject(received: readonly Received[]): Map<string, readonly DeliveredEvent[]> {
  const objects = new Map<string, Map<number, DeliveredEvent>>();
  for (const { headers, body } of received) {
    const { data } = JSON.parse(body);
    const name = nameOf({ kind: data.object, id: data.object === 'account' ? data.reference : data.id });
    const events = objects.get(name) ?? new Map<number, DeliveredEvent>();
    objects.set(name, events);
    events.set(data.sequence, { id: String(headers['webhook-id']), sequence: data.sequence, body });
  }
  const inOrder = (events: ReadonlyMap<number, DeliveredEvent>) =>
    [...events.values()].sort((a, b) => a.sequence - b.sequence);
  return new Map([...objects].map(([name, events]) => [name, inOrder(events)]));
}

export function nameOf({ kind, id }: EventSource): string {
  return `${kind} ${id}`;
}

/**
 * What a subscriber lacks of an object: its events are numbered from 1 without a gap, and the last one says what became of
 * it. Null: nothing.
 */
export function lackingOf(
  source: EventSource,
  says: Facts,
  events: readonly DeliveredEvent[],
): string | null {
  const name = nameOf(source);
  const last = events.at(-1);
  if (!last) return `no event of ${name} reached its subscriber`;
  const gap = gapIn(name, events, 1);
  if (gap !== null) return gap;
  const { data } = JSON.parse(last.body) as { data: Facts };
  const wrong = Object.keys(says).filter((fact) => worded(data[fact]) !== worded(says[fact]));
  if (wrong.length === 0) return null;
  const said = wrong.map((fact) => `${fact} ${worded(data[fact])}, expected ${worded(says[fact])}`);
  return `the last event of ${name} that reached its subscriber, ${last.sequence}, says ${said.join('; ')}`;
}

/** Of an object that had events before there was a subscriber, the first to arrive may have any number. Null: there is no gap. */
export function gapIn(
  name: string,
  events: readonly DeliveredEvent[],
  first = events[0]?.sequence ?? 1,
): string | null {
  const at = events.findIndex(({ sequence }, index) => sequence !== first + index);
  return at === -1 ? null : `event ${first + at} of ${name} never reached its subscriber`;
}
