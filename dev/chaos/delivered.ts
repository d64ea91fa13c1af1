import type { Received } from '../event-receiver.ts';
import type { Expectation } from './works.ts';

type OrderExpectation = Extract<Expectation, { kind: 'order' }>;

/** One event of an order, as its subscriber got it. */
export interface DeliveredEvent {
  /** `webhook-id`. */
  readonly id: string;
  readonly sequence: number;
  readonly status: string;
  readonly refunded: number;
}

/** Each order's events, however often each was delivered, in their order. */
export function deliveredByOrder(received: readonly Received[]): Map<string, readonly DeliveredEvent[]> {
  const orders = new Map<string, Map<number, DeliveredEvent>>();
  for (const { headers, body } of received) {
    const { data } = JSON.parse(body);
    if (data.object !== 'order') continue;
    const events = orders.get(data.id) ?? new Map<number, DeliveredEvent>();
    orders.set(data.id, events);
    const { sequence, status, amount_refunded: refunded } = data;
    events.set(sequence, { id: String(headers['webhook-id']), sequence, status, refunded });
  }
  const inOrder = (events: ReadonlyMap<number, DeliveredEvent>) =>
    [...events.values()].sort((a, b) => a.sequence - b.sequence);
  return new Map([...orders].map(([id, events]) => [id, inOrder(events)]));
}

/**
 * What a subscriber lacks of an order: its events are numbered from 1 without a gap, and the last one says what became of
 * the order. Null: nothing.
 */
export function lackingOf(
  { id, status, refunded }: OrderExpectation,
  events: readonly DeliveredEvent[],
): string | null {
  const last = events.at(-1);
  if (!last) return `no event of ${id} reached its subscriber`;
  const gap = events.findIndex(({ sequence }, index) => sequence !== index + 1);
  if (gap !== -1) return `event ${gap + 1} of ${id} never reached its subscriber`;
  if (last.status === status && last.refunded === refunded) return null;
  const said = `${last.status} with ${last.refunded} refunded`;
  return `the last event of ${id} that reached its subscriber, ${last.sequence}, says ${said}, expected ${status} with ${refunded}`;
}
