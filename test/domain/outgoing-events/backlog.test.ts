import { describe, expect, it } from 'vitest';
import { announce, nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import { firstOf, hasRoom, pack, unpack } from '../../../domain/outgoing-events/backlog.ts';
import { orderEvents } from '../../../domain/outgoing-events/order-events.ts';
import type { OutgoingEvent } from '../../../domain/outgoing-events/outgoing-event.ts';
import { NOW, orderIn, refund } from '../../support/builders.ts';

const MEGABYTE = 1_000_000;
const ORDER = orderEvents(false);

/** As much as Stripe takes. */
const LARGE = Object.fromEntries(Array.from({ length: 46 }, (_, n) => [`key-${n}`, '€'.repeat(500)]));

const bytesOf = (stored: unknown) => Buffer.byteLength(JSON.stringify(stored));

/** What one comparison finds of an order with that many refunds. */
function eventsOf(refunds: number, metadata: Record<string, string>, at = NOW): readonly OutgoingEvent[] {
  const made = Array.from({ length: refunds }, (_, n) => refund({ id: `re_${n}`, amount: 1 }));
  const order = { ...orderIn('succeeded', {}, { metadata }), refunds: made };
  return announce(ORDER, nothingPublished(ORDER, true), order, at).events;
}

describe('events that wait to be handed over', () => {
  it('are the same after they were stored', () => {
    const events = [
      ...eventsOf(3, {}),
      ...eventsOf(2, { cart: '1' }),
      ...eventsOf(1, { cart: '2' }, NOW + 1),
    ];
    expect(unpack(JSON.parse(JSON.stringify(pack(events))))).toEqual(events);
    const [, ...rest] = events;
    expect(unpack(pack(rest))).toEqual(rest);
  });

  it('are none where the object that they share is missing', () => {
    const [, ...shared] = pack(eventsOf(2, {}));
    expect(shared.length).toBeGreaterThan(0);
    expect(unpack(shared)).toEqual([]);
  });

  it('show their order once, however many are found at one moment: with the most metadata they would not fit into 2 MB', () => {
    const events = eventsOf(200, LARGE);
    expect(bytesOf(events)).toBeGreaterThan(10 * MEGABYTE);
    expect(bytesOf(pack(events))).toBeLessThan(MEGABYTE / 4);
  });

  it('are no more than 200, nor more than half a megabyte', () => {
    const small = pack(eventsOf(199, {}));
    expect(hasRoom(small.slice(0, 199))).toBe(true);
    expect(hasRoom([...small, ...small].slice(0, 200))).toBe(false);
    const large = Array.from({ length: 8 }, (_, n) => eventsOf(1, { ...LARGE, n: `${n}` })).flat();
    expect(hasRoom(pack(large.slice(0, 1)))).toBe(true);
    expect(hasRoom(pack(large))).toBe(false);
  });

  it('are handed over at once up to 50, and up to a megabyte, but at least one', () => {
    const small = eventsOf(199, {});
    expect(firstOf(small)).toEqual(small.slice(0, 50));
    const large = eventsOf(199, LARGE);
    const some = firstOf(large);
    expect(some).toEqual(large.slice(0, some.length));
    expect(bytesOf(some)).toBeLessThanOrEqual(MEGABYTE + 2 * some.length);
    expect(some.length).toBeGreaterThan(5);
    const [huge, ...others] = eventsOf(1, { all: '€'.repeat(MEGABYTE) });
    expect(firstOf(huge ? [huge, ...others] : [])).toEqual([huge]);
    expect(firstOf([])).toEqual([]);
  });
});
